"""What is expected of counties after 2020, and how runs from the census are judged by it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from urbsim.calibration import after_2020
from urbsim.calibration.aims import LAST_MONTHS, aim_of
from urbsim.calibration.pace import YEARS, expected_pace, published_shares, settings
from urbsim.codes import Zone
from urbsim.months import month_number, parse_month
from urbsim.posterior import draws, own_constants
from urbsim.region.tables import all_county_rows
from urbsim.state.constants import CountyConstants


@pytest.fixture(scope="module")
def counties() -> pd.DataFrame:
    return expected_pace().counties


def test_the_counties_together_meet_the_countrys_urban_share(counties):
    targets = expected_pace().targets(list(counties.index))
    residents = counties["residents"].to_numpy() * np.exp(targets[:, 1])
    end, before = published_shares()[2025], published_shares()[2024]
    assert (targets[:, 0] * residents).sum() / residents.sum() == pytest.approx(
        before + (end - before) * 10 / 12, abs=1e-6
    )


def test_a_countys_past_is_its_change_between_both_censuses(counties):
    jieshou = counties.loc["341282"]
    assert 1000 * jieshou["past"] == pytest.approx(9.18, abs=0.05)  # 38.22 % to 47.40 %
    assert jieshou["expected"] + jieshou["own"] == pytest.approx(jieshou["past"])
    assert jieshou["basis"] == "own"


def test_what_a_county_has_of_its_own_goes_on_in_part(counties):
    kept, pace = settings(), expected_pace()
    above = counties[(counties["own"] > 0) & (counties["expected"] > 0)]
    implied = pace.period * above["expected"] + kept["kept_share"] * above["own"]
    assert above["pace"].to_numpy() == pytest.approx(implied.to_numpy())
    below = counties[(counties["own"] < 0) & (counties["past"] > 0.3 * counties["expected"])]
    assert below["pace"].to_numpy() == pytest.approx((pace.period * below["past"]).to_numpy())
    assert (counties["pace"] >= 0).all()


def test_a_county_whose_past_is_unknown_has_the_expected_pace_alone(counties):
    unknown = counties[counties["basis"] == "expected"]
    assert len(unknown) > 100
    assert unknown["past"].isna().all()
    assert unknown["pace"].to_numpy() == pytest.approx(
        expected_pace().period * unknown["expected"].clip(lower=0).to_numpy()
    )
    assert expected_pace().own_part(list(unknown.index))[:, 0] == pytest.approx(
        YEARS * expected_pace().period * (unknown["expected"].clip(lower=0) - unknown["expected"]).to_numpy()
    )


def test_provinces_grow_as_their_counties_do_and_lose_nobody_between_them(counties):
    provinces = expected_pace().provinces
    by_province = (counties["growth"] * counties["residents"]).groupby(counties["province"]).sum()
    assert (by_province / provinces["residents"]).to_numpy() == pytest.approx(provinces["growth"].to_numpy())
    natural = provinces["natural"] + settings()["later_natural"]
    assert ((provinces["growth"] - natural) * provinces["residents"]).sum() == pytest.approx(0.0, abs=1.0)


def test_only_2021_of_the_provinces_is_used(monkeypatch):
    from urbsim.calibration import pace as module

    table = module.provinces_table()
    monkeypatch.setattr(module, "provinces_table", lambda: table[table["year"] <= 2021])
    expected_pace.cache_clear()
    try:
        with_less = expected_pace().counties["growth"]
    finally:
        expected_pace.cache_clear()
    assert with_less.to_numpy() == pytest.approx(expected_pace().counties["growth"].to_numpy())


def test_runs_from_2010_aim_at_the_census_of_2020():
    aim = aim_of(2010)
    jieshou = aim.codes.index("341282")
    assert aim.targets[jieshou] == pytest.approx([0.47397, np.log(650_870 / 561_956)], abs=1e-4)
    assert aim.month == month_number(2020, 10)
    assert (aim.fading == 0).all()


def test_constants_move_halfway_to_the_long_run_within_the_half_life():
    constants = CountyConstants.of([(1.0, -1.0, 0.0, 0.5)])
    urban, outside = constants.at(15.0, 15.0)
    assert (urban[0], outside[0]) == pytest.approx((0.5, -0.25))
    assert constants.at(0.0, 15.0)[0][0] == 1.0
    assert CountyConstants.of([(0.3, 0.4)]).rows() == ((0.3, 0.4, 0.3, 0.4),)


def _stored(folder, levels: bool = True):
    inverse, together = [20.0, 1.0, 0.5, -10.0], [30.0, 2.0, 1.0, -25.0]
    rows = [
        [code, 0.1, 0.2, 0.0, 0.1, 0.5, 0.2, 0.9, 1.0, *inverse, *together, share, "own"]
        for code, share in (("110101", 0.2), ("110102", 0.8), ("120101", 0.5))
    ]
    responses = [*own_constants.INVERSE, *own_constants.TOGETHER]
    elsewhere = [name for kind in ("alone", "closed") for name in own_constants.STARTS[kind]]
    table = pd.DataFrame(rows, columns=["code", *own_constants.MIDDLE, *elsewhere, *responses, "share", "basis"])
    table.to_parquet(folder / "2020.parquet")
    spread = [
        [2020, "nation", 0.0, 0.0],
        [2020, "province", 0.01, 0.0],
        [2020, "county", 0.0, 0.0],
        [2020, "later", 0.0, 0.02],
    ]
    pd.DataFrame(spread, columns=["year", "level", "share", "growth"]).to_csv(folder / "spread.csv", index=False)
    if levels:
        names = [f"{outcome}_{term}" for outcome in own_constants.OUTCOMES for term in own_constants.TERMS]
        table = pd.DataFrame(0.0, index=range(3), columns=names).assign(year=2020, draw=1, world=own_constants.WORLDS)
        table["share_one"], table["share_share"], table["share_away_far"] = [0.01, 0.05, 0.03], 0.02, -0.1
        table.to_csv(folder / "levels.csv", index=False)
    own_constants.forget()


#: Parts of a world that are a province, nothing of it and all provinces; constants there, and the level's first term.
KINDS = (
    ((0.0, 1.0, 0.0), (0.5, 0.2), 0.05),
    ((0.25, 0.75, 0.0), (0.4, 0.2), 0.04),
    ((1.0, 0.0, 0.0), (0.1, 0.2), 0.01),
    ((0.75, 0.0, 0.25), (0.3, 0.4), 0.015),
    ((0.0, 0.0, 1.0), (0.9, 1.0), 0.03),
)


@pytest.mark.parametrize(("kinds", "start"), [(kinds, start) for kinds, start, _ in KINDS])
def test_constants_go_between_those_of_a_county_alone_the_whole_province_and_all(kinds, start, tmp_path, monkeypatch):
    _stored(tmp_path)
    monkeypatch.setattr(own_constants, "kinds_of_world", lambda codes, _: np.tile(kinds, (len(codes), 1)))
    found = own_constants.draws_of_constants(tmp_path, 0, ("110101",), 2020)
    assert found[0][0] == pytest.approx([*start, start[0] - 0.1, start[1] - 0.1], abs=1e-6)


@pytest.fixture
def whole_province(monkeypatch) -> None:
    province = np.eye(3)[own_constants.WORLDS.index("province")]
    monkeypatch.setattr(own_constants, "kinds_of_world", lambda codes, _: np.tile(province, (len(codes), 1)))


INVERSE, TOGETHER = np.array([[20.0, 1.0], [0.5, -10.0]]), np.array([[30.0, 2.0], [1.0, -25.0]])


@pytest.mark.usefixtures("whole_province")
def test_what_a_province_has_in_common_is_met_by_all_its_counties_together(tmp_path):
    _stored(tmp_path)
    codes = ("110101", "110102", "120101")
    found = own_constants.draws_of_constants(tmp_path, 1, codes, 2020)
    assert found is not None
    constants, known = found
    assert known == (True, True, True)
    province = own_constants.errors_at_start(tmp_path, 1, codes, 2020)
    assert province[0] == pytest.approx(province[1])  # counties of a province err together
    assert province[0, 0] != province[2, 0]
    rows = all_county_rows(2020).set_index("code").loc[list(codes)]
    share, away = ((rows[name] / rows["residents"]).to_numpy(dtype=float) for name in ("urban", "absent_far"))
    assert (away > 0.0).any()
    level = np.stack([0.01 + 0.02 * share - 0.1 * away, np.zeros(3)], axis=1)
    assert constants[:, :2] - [0.1, 0.2] == pytest.approx(province @ TOGETHER.T + level @ INVERSE.T, abs=1e-6)
    later = np.linalg.solve(INVERSE, (constants[:, 2:] - constants[:, :2] - [-0.1, -0.1]).T).T
    assert later[:, 0] == pytest.approx(0.0, abs=1e-6)
    assert (np.abs(later[:, 1]) > 1e-6).all()  # the long run has a drift of its own


@pytest.mark.usefixtures("whole_province")
def test_draw_0_is_the_middle_and_an_unknown_county_is_said_to_be_unknown(tmp_path):
    _stored(tmp_path)
    constants, known = own_constants.draws_of_constants(tmp_path, 0, ("110101", "999999"), 2020)
    assert constants[0] == pytest.approx([0.1, 0.2, 0.0, 0.1], abs=1e-6)
    assert known == (True, False)
    assert own_constants.draws_of_constants(tmp_path, 0, ("110101",), 2010) is None


@pytest.mark.parametrize(("kinds", "level"), [(kinds, level) for kinds, _, level in KINDS])
def test_the_level_of_a_draw_goes_between_the_kinds_of_world(kinds, level, tmp_path, monkeypatch):
    _stored(tmp_path)
    monkeypatch.setattr(own_constants, "kinds_of_world", lambda codes, _: np.tile(kinds, (len(codes), 1)))
    (middle, *_), (drawn, *_) = (
        own_constants.draws_of_constants(tmp_path, number, ("110101",), 2020)[0] for number in (0, 1)
    )
    error = own_constants.errors_at_start(tmp_path, 1, ("110101",), 2020)[0]
    _, share, _, _, away, *_ = own_constants.terms_of_level(("110101",), 2020)[0]
    alone = kinds[own_constants.WORLDS.index("alone")]
    expected = ((1.0 - alone) * TOGETHER + alone * INVERSE) @ error
    expected += INVERSE @ [level + 0.02 * share - 0.1 * away, 0.0]
    assert drawn[:2] - middle[:2] == pytest.approx(expected, abs=1e-6)


@pytest.mark.usefixtures("whole_province")
def test_draws_come_in_pairs_of_opposite_errors(tmp_path):
    _stored(tmp_path, levels=False)
    first, second, third = (
        own_constants.errors_at_start(tmp_path, number, ("110101", "120101"), 2020) for number in (1, 2, 3)
    )
    assert (first != 0).any()
    assert first == pytest.approx(-second)
    assert (np.abs(third - first)[first != 0] > 1e-6).all()


@pytest.mark.usefixtures("whole_province")
def test_residents_are_right_on_average_over_draws(tmp_path):
    _stored(tmp_path, levels=False)
    (tmp_path / "spread.csv").write_text(
        "year,level,share,growth\n2020,nation,0,0\n2020,province,0,0\n2020,county,0,0.2\n2020,later,0,0\n"
    )
    own_constants.forget()
    growth = [own_constants.errors_at_start(tmp_path, number, ("110101",), 2020)[0, 1] for number in range(1, 2001)]
    assert np.exp(growth).mean() == pytest.approx(1.0, abs=0.01)
    assert np.std(growth) == pytest.approx(0.2, abs=0.01)


def _simulated(change: float, growth: float) -> pd.DataFrame:
    """Stand in for runs: every county moves by the same change of share and growth by the end of every year."""
    counties = expected_pace().counties
    parts = []
    for number in (1, 2):
        for position, month in enumerate((0, month_number(2021, 12), month_number(2022, 12))):
            residents = 0.01 * counties["residents"] * np.exp(position * growth * number)
            urban = residents * np.clip(counties["share"] + position * change, 0, 1)
            parts.append(
                pd.DataFrame(
                    {"draw": number, "code": counties.index, "month": month, "residents": residents, "urban": urban}
                )
            )
    return pd.concat(parts, ignore_index=True)


def test_provinces_are_compared_with_published_year_ends():
    table = after_2020.compared_with_published(_simulated(0.0, 0.0)).set_index(["province", "year"])
    anhui = table.loc[("34", 2022)]
    assert anhui["residents_published"] == pytest.approx(61.27)
    assert anhui["residents"] == pytest.approx(61.027, abs=0.01)  # the census: nothing moved
    assert anhui["share"] == pytest.approx(58.33, abs=0.02)
    assert (anhui["use"], table.loc[("34", 2021), "use"]) == ("test", "fit")
    assert table.loc[("CN", 2022), "share_published"] == pytest.approx(65.2, abs=0.3)
    rules = after_2020.errors_beside_rules(table.reset_index()).set_index(["year", "rule"])
    model, same = rules.loc[(2022, "urbsim")], rules.loc[(2022, "no change")]
    assert model["share_mae"] == pytest.approx(same["share_mae"], abs=0.01)
    assert same["share_mae"] == pytest.approx(1.27, abs=0.02)
    assert rules.loc[(2022, "mean change, as it came"), "share_bias"] == pytest.approx(0.0, abs=1e-9)
    assert same["residents_mae"] == pytest.approx(0.73, abs=0.02)


def test_bands_of_draws_hold_what_they_hold():
    table = after_2020.compared_with_published(_simulated(0.004, 0.01)).set_index(["province", "year"])
    row = table.loc[("34", 2021)]
    assert row["residents_p10"] < row["residents"] < row["residents_p90"]
    assert row["share"] == pytest.approx(58.33 + 0.4, abs=0.03)


def test_the_ends_of_a_band_of_nine_draws_are_the_lowest_and_the_highest():
    one = _simulated(0.0, 0.0).query("draw == 1")
    parts = [
        one.assign(draw=k, residents=one["residents"] * np.where(one["month"] > 0, 1 + k / 100, 1))
        for k in range(1, 10)
    ]
    row = after_2020.compared_with_published(pd.concat(parts)).set_index(["province", "year"]).loc[("34", 2021)]
    # A tenth draw would fall below the lowest of nine, or above the highest, once in ten times each.
    assert row["residents_p10"] / row["residents_p90"] == pytest.approx(1.01 / 1.09)


def test_a_break_is_what_bands_do_not_explain():
    counties = expected_pace().counties
    end = counties["share"] + YEARS * (0.5 * counties["past"].fillna(0.0) + 0.001)
    luck = np.where(np.arange(len(counties)) % 2, 0.005, -0.005)  # of one run, the opposite in the other
    shares = [(run, month, share) for run, by in enumerate((luck, -luck)) for month, share in (
        (0, counties["share"]), (LAST_MONTHS[2020], end + by)
    )]  # fmt: skip
    parts = [
        pd.DataFrame({"run": run, "code": counties.index, "month": month, "residents": 1e5, "urban": 1e5 * share})
        for run, month, share in shares
    ]
    few = counties.index[::10]
    simulated = pd.concat(parts)
    simulated["scale"] = np.where(simulated["code"].isin(few), 0.0099, 0.01)
    found = after_2020.breaks(simulated).set_index("band")
    known = counties[(counties["basis"] == "own") & ~counties["district"] & ~counties.index.isin(few)]
    assert found.loc["all", "counties"] == len(known)
    assert found.loc["all", "simulated"] == pytest.approx(100 * (0.5 * known["past"] + 0.001).mean())
    assert found.loc["all", "falling"] == pytest.approx(100 * (0.5 * known["past"] + 0.001 < 0).mean())
    # Half of the past is kept, so half of what sets counties of a band apart is broken.
    assert 0.1 < found.loc["all", "break_sd"] < 0.5 * 100 * known["past"].std()
    # Runs lie 0.1 points a year to either side of their mean: sd 0.1 x sqrt 2, of the mean of two 0.1.
    assert found.loc["all", "chance_sd"] == pytest.approx(0.1)


def test_village_earnings_start_at_the_registrys_level_whatever_the_census_asked():
    from urbsim.model import UrbanizationModel
    from urbsim.processes.residence.alternatives import alternatives
    from worlds import base_of, small_scenario

    for start, year in (("2010-11", 2010), ("2020-11", 2020)):
        scenario = small_scenario(start=start, until=f"{year + 1}-01", scale=0.01)
        model = UrbanizationModel(scenario, 0, base=base_of(scenario, 0))
        world = model.world
        level = alternatives(world, model.month + 1).earnings[0, Zone.VILLAGE, 2]
        assert level == pytest.approx(
            world.values[f"start.village_earnings_{year}"] * world.values[f"start.wage_{year}"]
        )


def test_provinces_after_2020_have_no_fit_of_a_region_in_them(monkeypatch):
    """A county that a region of its own was calibrated for has what all counties have."""
    asked = []
    monkeypatch.setattr(after_2020, "from_census", lambda group, *other: asked.append((group, other[2])))
    runner = SimpleNamespace(tables=lambda *_: [])
    with pytest.raises(ValueError, match="No objects"):
        after_2020.simulate_provinces(["34"], (3,), (parse_month("2021-12"),), 50, runner)
    ((group, drawn),) = asked
    place = group.codes.index("341282")
    general, known = own_constants.draws_of_constants(draws.counties_folder(), 3, group.codes, 2020)
    assert known[place]
    assert drawn.constants.rows()[place] == pytest.approx(general[place], abs=1e-6)
    regional = draws.draw(3, group.codes, 2020).constants.rows()[place]
    assert regional != pytest.approx(general[place], abs=1e-3)
