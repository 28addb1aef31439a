"""Constants of all counties, fitted to a model whose answer is known: urban share and growth are linear in them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from urbsim.arrays import Floats
from urbsim.calibration import aims, counties, levels, regional
from urbsim.calibration.county_files import write_rows
from urbsim.calibration.pace import expected_pace, published_shares
from urbsim.experiment import executor
from urbsim.experiment.runner import Runner
from urbsim.experiment.simulate import Finished, Task
from urbsim.experiment.store import Store
from urbsim.months import census_month, parse_month
from urbsim.parameters import DatedValue, Parameters, overlay, registry, value_at
from urbsim.posterior import draws, own_constants
from urbsim.region.tables import all_county_rows

PROVINCE = "54"  # the smallest: few counties
RESPONSE = np.array([[0.05, 0.01], [0.06, -0.09]])
FAR_RESPONSE = -0.06
#: Share that a period effect of one brings a month.
PERIOD_RESPONSE = 0.0008
#: What a draw's share is off by per unit of its ``sigma``: everywhere, by urban share of the start, and on the way.
LEVEL, TILT, BEND = 0.1, 0.2, 0.3
NOISE = 0.003


def above_registry(given: Mapping[str, DatedValue], name: str, start: int, month: int) -> float:
    """Return by how much a parameter of a run lies above the registry's, summed from a month to the end of another."""
    below = {name: registry()[name].value}
    months = range(start, month + 1)
    here, middle = (sum(value_at(overlay(below, each)[name], at) for at in months) for each in (given, {}))
    return here - middle


def sigma_above(given: Mapping[str, DatedValue]) -> float:
    month = aims.LAST_MONTHS[2020]
    return above_registry(given, "residence.sigma", month, month)


def brought(given: Mapping[str, DatedValue], share: Floats, start: int, month: int, last: int) -> Floats:
    """Return what parameters bring from the start to the end of a month: urban share and log growth, shape (n, 2)."""
    part, sigma = (month - start) / (last - start), sigma_above(given)
    bias = LEVEL * (Parameters({}).at(aims.LAST_MONTHS[2020])["residence.sigma"] - 1.0)
    of_share = part * (bias + (LEVEL + TILT * (share - 0.3) + BEND * (1.0 - part)) * sigma)
    of_share = of_share + PERIOD_RESPONSE * above_registry(given, own_constants.PERIOD, start, month)
    growth = FAR_RESPONSE * above_registry(given, own_constants.FAR, start, month) / (last + 1 - start)
    return np.stack([of_share, np.full(len(share), growth + BEND * part * (1.0 - part) * sigma)], axis=1)


@pytest.fixture
def known_model(monkeypatch) -> list[Task]:
    """Stand in for the model; common parameters move the level of all shares and growths. Gives the tasks simulated."""
    done: list[Task] = []
    rows = {year: all_county_rows(year).set_index("code") for year in (2010, 2020)}

    def answer(task: Task, _) -> Finished:
        done.append(task)
        scenario = task.scenario
        table = rows[2010 if scenario.until <= aims.LAST_MONTHS[2010] else 2020].loc[list(scenario.counties)]
        constants = np.array(task.constants)[:, :2]
        rng = np.random.default_rng([task.seed, task.stream])
        share = (table["urban"] / table["residents"]).to_numpy()
        parts = []
        for month in (0, *task.probe.months):
            moved = np.zeros(constants.shape)
            if month > 0:
                part = (month - scenario.start) / (scenario.until - scenario.start)
                moved = part * (constants @ RESPONSE.T + NOISE * rng.standard_normal(constants.shape))
                moved += brought(scenario.parameters, share, scenario.start, month, scenario.until)
            residents = 1000.0 * np.exp(moved[:, 1])
            urban = residents * (share + moved[:, 0])
            parts.append(pd.DataFrame({"code": table.index, "month": month, "residents": residents, "urban": urban}))
        return Finished({"snapshots": pd.concat(parts, ignore_index=True)})

    monkeypatch.setattr(executor, "simulate", answer)
    of_all = counties.province_groups
    for module in (counties, levels):
        monkeypatch.setattr(
            module, "province_groups", lambda *asked: [g for g in of_all(*asked) if g.codes[0].startswith(PROVINCE)]
        )
    monkeypatch.setattr(
        counties, "vital_factors", lambda *_: {"demography.fertility_factor": {census_month(2020): 0.9}}
    )
    whole = counties.aim_of

    def aim_of(year: int) -> aims.Aim:
        aim = whole(year)
        here = np.array([code.startswith(PROVINCE) for code in aim.codes])
        codes, basis = (tuple(np.array(values)[here].tolist()) for values in (aim.codes, aim.basis))
        arrays = (aim.start_share[here], aim.targets[here], aim.fading[here])
        return aims.Aim(year, codes, *arrays, basis, aim.residents[here])

    monkeypatch.setattr(counties, "aim_of", aim_of)
    monkeypatch.setattr(levels, "SAMPLE", 12)
    monkeypatch.setattr(draws, "available_draws", lambda: 3)
    return done


@pytest.fixture
def fitted(known_model, tmp_path: Path, monkeypatch) -> tuple[counties.Fit, Path]:
    monkeypatch.setattr(draws, "counties_folder", lambda: tmp_path / "counties")
    found = counties.fit_counties(2020, tmp_path / "counties", Runner(store=Store(tmp_path / "store")))
    yield found, tmp_path / "counties"
    draws.forget()


def test_constants_meet_what_is_expected_and_the_noise_is_averaged_away(fitted):
    found, _ = fitted
    aim, start, last = counties.aim_of(2020), census_month(2020), parse_month("2025-12")
    part = (aim.month - start) / (last - start)
    reached = aim.start_share + part * (found.constants @ RESPONSE.T)[:, 0]
    inside = np.abs(found.constants).max(axis=1) < 2.4  # the others stand at the bound
    assert inside.mean() > 0.6
    level = brought({own_constants.PERIOD: found.period}, aim.start_share, start, aim.month, last)[:, 0]
    off = (reached + level - aim.targets[:, 0])[inside]
    assert np.abs(off).mean() < 0.7 * NOISE
    assert found.passes["share_sd"].iloc[-1] < found.passes["share_sd"].iloc[0]


def test_the_response_is_found_and_written_as_its_inverse(fitted):
    _, folder = fitted
    table = pd.read_parquet(folder / "2020.parquet")
    inverse = table[own_constants.INVERSE].to_numpy(dtype=float).reshape(-1, 2, 2)
    assert np.median(inverse, axis=0) == pytest.approx(np.linalg.inv(RESPONSE), rel=0.2, abs=0.5)
    assert set(table["basis"]) <= {"own", "expected"}


def test_a_province_answers_together_as_its_counties_do_where_none_gains_from_another(fitted):
    _, folder = fitted
    table = pd.read_parquet(folder / "2020.parquet")
    inverse = table[own_constants.TOGETHER].to_numpy(dtype=float).reshape(-1, 2, 2)
    reached = 59 / 61  # of the way to the last month simulated, when targets hold
    assert inverse == pytest.approx(np.tile(np.linalg.inv(reached * RESPONSE), (len(table), 1, 1)), rel=1e-3)


def test_the_part_that_is_a_countys_own_is_gone_in_the_long_run(fitted):
    _, folder = fitted
    table = pd.read_parquet(folder / "2020.parquet")
    inverse = table[own_constants.INVERSE].to_numpy(dtype=float).reshape(-1, 2, 2)
    gone = table[["urban", "outside"]].to_numpy() - table[["urban_later", "outside_later"]].to_numpy()
    aim = counties.aim_of(2020)
    inside = (np.abs(table[own_constants.MIDDLE]).max(axis=1) < 2.4).to_numpy()
    expected = np.einsum("nco,no->nc", inverse, aim.fading)
    assert gone[inside] == pytest.approx(expected[inside], abs=1e-4)


def test_in_the_world_of_all_provinces_constants_meet_the_same_but_for_the_growth_of_all_together(fitted):
    found, folder = fitted
    table, aim = pd.read_parquet(folder / "2020.parquet"), counties.aim_of(2020)
    start, last = census_month(2020), parse_month("2025-12")
    part = (aim.month - start) / (last - start)
    constants = table[own_constants.STARTS["closed"]].to_numpy(dtype=float)
    level = brought({own_constants.PERIOD: found.period}, aim.start_share, start, aim.month, last)
    start_of = np.stack([aim.start_share, np.zeros(len(table))], axis=1)
    off = start_of + part * constants @ RESPONSE.T + level - aim.targets
    inside = np.abs(constants).max(axis=1) < 2.4
    assert inside.mean() > 0.6
    off[:, 1] -= off[inside, 1].mean()
    assert np.abs(off[inside]).mean() < NOISE
    passes = pd.read_csv(folder / "passes_2020.csv").groupby("world").last()
    assert set(passes.index) == set(own_constants.WORLDS)


def test_what_the_bound_takes_of_growth_is_not_asked_of_the_urban_share():
    wanted = np.array([[0.1, 4.0], [-0.3, 1.0]])
    inverse = np.tile(np.linalg.inv(RESPONSE), (2, 1, 1))
    kept = np.clip(counties._share_kept(wanted, inverse), -2.5, 2.5)
    share = (wanted @ RESPONSE.T)[:, 0]
    assert (kept @ RESPONSE.T)[:, 0] == pytest.approx(share)
    assert kept[:, 1].tolist() == [2.5, 1.0]
    assert kept[1] == pytest.approx(wanted[1])


def test_a_world_is_of_the_kind_that_its_counties_make_it():
    rows = all_county_rows(2020)
    everywhere, anhui = sorted(rows["code"]), [code for code in rows["code"] if code.startswith("34")]
    province, alone, closed = np.eye(3)
    assert own_constants.kinds_of_world(everywhere, 2020) == pytest.approx(np.tile(closed, (len(everywhere), 1)))
    assert own_constants.kinds_of_world(anhui, 2020) == pytest.approx(np.tile(province, (len(anhui), 1)))
    assert own_constants.kinds_of_world(["341282"], 2020)[0] == pytest.approx(alone, abs=0.02)
    few = own_constants.kinds_of_world(["341282", "620422"], 2020)
    assert (few[:, 1] < 1.0).all()  # a little of their provinces
    of_two = own_constants.kinds_of_world([code for code in everywhere if code[:2] in ("34", "36")], 2020)
    assert of_two.sum(axis=1) == pytest.approx(np.ones(len(of_two)))
    assert of_two[:, 1] == pytest.approx(0.0)
    assert (of_two[:, 2] > 0.0).all()
    assert (of_two[:, 2] < 0.05).all()


def test_every_draw_has_the_country_urbanize_and_grow_from_year_to_year_as_the_middle_does(fitted):
    aim, start = counties.aim_of(2020), census_month(2020)
    ends = [parse_month(end) for end in ("2021-12", "2022-12", "2025-12")]
    for number in (1, 2, 3):
        parameters = draws.draw(number, (), 2020).parameters
        sigma = sigma_above(parameters)
        assert abs(sigma) > 0.01
        for end in ends:
            mine, middle = (brought(each, aim.start_share, start, end, ends[-1]) for each in (parameters, {}))
            off = aim.residents @ (mine - middle) / aim.residents.sum()
            assert off == pytest.approx(0.0, abs=0.05 * abs(sigma))


def test_what_is_left_of_a_draws_level_goes_by_the_share_of_the_start(fitted):
    _, folder = fitted
    found = pd.read_csv(folder / "levels.csv").set_index(["year", "draw", "world"])
    kinds = ("alone", "closed", "province")
    assert sorted(found.index) == [(2020, number, world) for number in (1, 2, 3) for world in kinds]
    aim = counties.aim_of(2020)
    terms = own_constants.terms_of_level(aim.codes, 2020)
    for _, number, world in found.index:
        sigma = sigma_above(draws.draw(number, (), 2020).parameters)
        names = [f"share_{term}" for term in own_constants.TERMS]
        level = terms @ found.loc[(2020, number, world), names].to_numpy(dtype=float)
        slope = np.polyfit(aim.start_share, level, 1)[0]
        assert slope == pytest.approx(-TILT * sigma, rel=0.35)  # some counties stand at the bound
    for number in (1, 2, 3):  # all provinces together grow by births and deaths alone
        names = [f"growth_{term}" for term in own_constants.TERMS]
        growth = terms @ found.loc[(2020, number, "closed"), names].to_numpy(dtype=float)
        assert aim.residents @ growth / aim.residents.sum() == pytest.approx(0.0, abs=1e-7)


def test_the_period_effect_is_zero_on_average_and_one_value_a_span(fitted):
    _, folder = fitted
    after = pd.read_csv(folder / "period.csv").set_index("parameter")
    assert after.loc["demography.fertility_factor"].to_list() == ["2020-11", 0.9]
    period = after.loc["residence.period"]
    assert list(period["month"]) == ["2020-11", "2022-01", "2023-01"]
    assert np.average(period["value"], weights=[14, 12, 36]) == pytest.approx(0.0, abs=1e-3)


def test_runs_from_2010_keep_the_rows_of_2020(fitted, tmp_path):
    _, folder = fitted
    counties.fit_counties(2010, folder, Runner(store=Store(tmp_path / "store")))
    assert set(pd.read_csv(folder / "spread.csv")["year"]) == {2010, 2020}
    assert set(pd.read_csv(folder / "levels.csv")["year"]) == {2020}  # from 2010 draws keep what they disagree about
    aim = counties.aim_of(2010)
    table = pd.read_parquet(folder / "2010.parquet")
    assert not set(own_constants.STARTS["closed"]) & set(table)
    draws.forget()
    everywhere = [*sorted(all_county_rows(2010)["code"])]
    assert own_constants.kinds_of_world(everywhere, 2010)[:, 2] == pytest.approx(1.0)
    drawn, known = own_constants.draws_of_constants(folder, 0, everywhere, 2010)
    of_province = table.set_index("code").loc[[code for code, held in zip(everywhere, known, strict=True) if held]]
    assert drawn[list(known)] == pytest.approx(of_province[own_constants.MIDDLE].to_numpy(dtype=float), abs=1e-6)
    reached = aim.start_share + (table[["urban", "outside"]].to_numpy() @ RESPONSE.T)[:, 0]
    level = 0.1 * (Parameters({}).at(aim.month)["residence.sigma"] - 1.0)
    off = reached + level - aim.targets[:, 0]
    # The province as a whole meets its target: counties make up for those whose constants stand at the bound.
    assert np.average(off, weights=aim.residents) == pytest.approx(0.0, abs=2 * NOISE)
    inside = (np.abs(table[["urban", "outside"]]).max(axis=1) < 2.4).to_numpy()
    assert np.abs(off[inside] - off[inside].mean()).mean() < NOISE


def test_rows_of_a_census_are_replaced_and_written_as_before(tmp_path):
    path, rows = tmp_path / "far.csv", pd.DataFrame({"draw": [1, 2], "far": [1.0 / 3.0, 0.5]})
    write_rows(rows, path, 2020)
    before = path.read_bytes()
    assert before == b"year,draw,far\n2020,1,0.333333\n2020,2,0.5\n"
    for _ in range(2):
        write_rows(None, path, 2020)
        write_rows(rows, path, 2020)
    assert path.read_bytes() == before
    write_rows(rows, path, 2010)
    write_rows(None, path, 2010)
    assert path.read_bytes() == before


def test_a_region_moves_every_draw_to_its_own_expectation(fitted, tmp_path):
    codes = counties.aim_of(2020).codes[:4]
    found = regional.rebased(codes[0], 3, Runner(store=Store(tmp_path / "store")))
    assert list(found) == [codes[0]]
    targets = expected_pace().targets(list(codes[:1]))
    for number in (1, 2, 3):
        wanted = targets + own_constants.errors_at_start(draws.counties_folder(), number, codes[:1], 2020)
        share = expected_pace().counties.at[codes[0], "share"]
        parameters, month = draws.draw(number, (), 2020).parameters, aims.LAST_MONTHS[2020]
        level = brought(parameters, np.array([share]), census_month(2020), month, month)[0, 0]
        reached = share + level + found[codes[0]][number - 1, :2] @ RESPONSE[0]
        if np.abs(found[codes[0]][number - 1]).max() < 2.4:
            assert reached == pytest.approx(wanted[0, 0], abs=3 * NOISE)


def test_published_shares_go_from_2021_on():
    assert min(published_shares()) == 2021
    assert published_shares()[2022] == pytest.approx(0.6522)
