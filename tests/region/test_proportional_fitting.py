import numpy as np
import pytest

from urbsim.region.individuals import fit_joint_tables
from urbsim.region.margins import read_margins
from urbsim.region.proportional_fitting import FittingError, Floats, fit_shares, fit_tables
from urbsim.region.tables import county_rows

ROWS, COLUMNS = [0], [1]
RATIOS = {2010: 0.7, 2020: 0.7}  # of registered to resident urban shares


def fit_one(seed: Floats, axes: list[list[int]], totals: list[Floats]) -> Floats:
    return fit_tables(seed[None], axes, [total[None] for total in totals])[0]


def test_two_by_two_by_hand() -> None:
    # The odds ratio of the seed, 4, stays. With rows 10 and 5, columns 9 and 6:
    # x (x - 4) = 4 (10 - x) (9 - x), so 3 x^2 - 72 x + 360 = 0 and x = 12 - sqrt(24).
    x = 12.0 - np.sqrt(24.0)
    fitted = fit_one(np.array([[4.0, 1.0], [1.0, 1.0]]), [ROWS, COLUMNS], [np.array([10.0, 5.0]), np.array([9.0, 6.0])])
    np.testing.assert_allclose(fitted, [[x, 10.0 - x], [9.0 - x, x - 4.0]], atol=1e-8)


def test_from_equal_cells_the_fit_is_the_product_of_shares_in_three_dimensions() -> None:
    first, second, third = np.array([3.0, 7.0]), np.array([1.0, 4.0, 5.0]), np.array([2.0, 8.0])
    fitted = fit_one(np.ones((2, 3, 2)), [[0], [1], [2]], [first, second, third])
    np.testing.assert_allclose(fitted, np.einsum("i,j,k->ijk", first, second, third) / 100.0, atol=1e-9)


def test_totals_along_two_axes_leave_the_rest_independent_given_the_shared_axis() -> None:
    # Without an interaction in the seed, n_ijk = n_ij n_ik / n_i, the closed form of conditional independence.
    generator = np.random.default_rng(3)
    left = generator.uniform(1.0, 9.0, (3, 4))
    right = generator.uniform(1.0, 9.0, (3, 2))
    right *= (left.sum(axis=1) / right.sum(axis=1))[:, None]
    fitted = fit_one(np.ones((3, 4, 2)), [[0, 1], [0, 2]], [left, right])
    expected = left[:, :, None] * right[:, None, :] / left.sum(axis=1)[:, None, None]
    np.testing.assert_allclose(fitted, expected, atol=1e-8)


def test_zeros_stay_and_force_their_neighbours() -> None:
    # The first row can only be in the first column, so the second row has 4 - 3 there and 6 in the other.
    seed = np.array([[1.0, 0.0], [5.0, 2.0]])
    fitted = fit_one(seed, [ROWS, COLUMNS], [np.array([3.0, 7.0]), np.array([4.0, 6.0])])
    np.testing.assert_allclose(fitted, [[3.0, 0.0], [1.0, 6.0]], atol=1e-8)
    assert fitted[0, 1] == 0.0


def test_an_empty_category_empties_its_cells() -> None:
    fitted = fit_one(np.ones((2, 2)), [ROWS, COLUMNS], [np.array([0.0, 4.0]), np.array([1.0, 3.0])])
    np.testing.assert_array_equal(fitted[0], 0.0)
    np.testing.assert_allclose(fitted[1], [1.0, 3.0], atol=1e-8)


def test_totals_that_differ_are_refused_with_both_sums() -> None:
    with pytest.raises(FittingError, match=r"table 0: totals along axes \[0\] and \[1\] contradict .* \(10 and 11 in"):
        fit_one(np.ones((2, 2)), [ROWS, COLUMNS], [np.array([5.0, 5.0]), np.array([5.0, 6.0])])


def test_totals_that_differ_only_along_a_shared_axis_are_refused() -> None:
    by_sex = [np.array([[1.0, 3.0], [2.0, 4.0]]), np.array([[2.0, 3.0], [2.0, 3.0]])]  # 4 and 6 against 5 and 5
    with pytest.raises(FittingError, match=r"contradict each other .* up to 1 apart"):
        fit_one(np.ones((2, 2, 2)), [[0, 1], [0, 2]], by_sex)


def test_totals_that_the_zeros_forbid_are_refused_and_the_table_is_named() -> None:
    seeds = np.array([[[1.0, 1.0], [1.0, 1.0]], [[1.0, 0.0], [1.0, 1.0]]])
    rows, columns = np.array([[5.0, 5.0]] * 2), np.array([[3.0, 7.0]] * 2)  # 5 people for a place of 3
    with pytest.raises(FittingError, match=r"second: sums are still .* after 1000 sweeps"):
        fit_tables(seeds, [ROWS, COLUMNS], [rows, columns], ["first", "second"])


@pytest.mark.parametrize("wrong", [-1.0, np.nan, np.inf])
def test_what_is_no_number_of_people_is_refused(wrong: float) -> None:
    with pytest.raises(FittingError, match="at least 0"):
        fit_one(np.ones((2, 2)), [ROWS, COLUMNS], [np.array([wrong, 5.0]), np.array([2.0, 2.0])])
    with pytest.raises(FittingError, match="seed must be"):
        fit_one(np.array([[wrong, 1.0], [1.0, 1.0]]), [ROWS, COLUMNS], [np.ones(2), np.ones(2)])


def test_shapes_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(ValueError, match=r"axes \[1\] have shape \(1, 2\) instead of \(1, 3\)"):
        fit_one(np.ones((2, 3)), [ROWS, COLUMNS], [np.ones(2), np.ones(2)])


def test_a_county_is_fitted_to_the_last_bit_alone_as_in_company() -> None:
    codes = ["140425", "140428", "341282", "110105"]
    margins = [read_margins(row, 0.05, RATIOS) for _, row in county_rows(codes, 2020).iterrows()]
    together = fit_joint_tables(margins)
    for index, own in enumerate(margins):
        np.testing.assert_array_equal(together[index], fit_joint_tables([own])[0])


@pytest.mark.parametrize("scale", [1.0, 0.01, 1e-4])
def test_joint_tables_meet_every_margin(scale: float) -> None:
    margins = [read_margins(row, scale, RATIOS) for _, row in county_rows(["341282", "110105"], 2020).iterrows()]
    for own, table in zip(margins, fit_joint_tables(margins), strict=True):
        near = {"rtol": 1e-9, "atol": 1e-4}  # categories without anybody hold a millionth of a person
        np.testing.assert_allclose(table.sum(axis=(0, 3, 4)), own.age_sex.T, **near)
        np.testing.assert_allclose(table.sum(axis=(1, 2, 3, 4)), own.zones, **near)
        np.testing.assert_allclose(table.sum(axis=(0, 2, 4)), own.levels, **near)
        np.testing.assert_allclose(table.sum(axis=(0, 2, 3))[:, 1], own.married, **near)


def test_a_sample_of_a_few_people_never_has_more_pupils_than_people_of_their_age() -> None:
    row = county_rows(["341282"], 2020).iloc[0].copy()
    row[["male_education_primary", "female_education_primary"]] = 0.97 * row[["male", "female"]].to_numpy()
    children = [name for name in row.index if name in {f"{sex}_{age}" for sex in ("male", "female") for age in "0"}]
    row[children] = 0.1 * row["residents"]  # a tenth of each sex and more is too young for school
    margins = read_margins(row, 0.01, RATIOS)
    old_enough = margins.age_sex[2:].sum(axis=0)
    np.testing.assert_allclose(margins.levels[:, 1:].sum(axis=1), 0.995 * old_enough)
    np.testing.assert_allclose(margins.levels.sum(axis=1), margins.age_sex.sum(axis=0))
    fit_joint_tables([margins])


def test_shares_meet_people_by_cell_and_totals_by_category_and_spare_cells_without_people() -> None:
    odds = np.array([[1.0, 3.0], [2.0, 2.0], [7.0, 1.0]])
    fitted = fit_shares(odds, np.array([40.0, 60.0, 0.0]), np.array([1.0, 3.0]))
    np.testing.assert_allclose(fitted[:2].sum(axis=1), [40.0, 60.0])
    np.testing.assert_allclose(fitted[:2].sum(axis=0), [25.0, 75.0])
    assert fitted[0, 0] * fitted[1, 1] / (fitted[0, 1] * fitted[1, 0]) == pytest.approx(1.0 / 3.0)
    np.testing.assert_array_equal(fitted[2], odds[2])
