"""Closing a model lets its memory go, although Mesa 3.3 keeps a record of every model."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import mesa
import numpy as np
import pytest

from urbsim.experiment.simulate import Finished, Task, simulate
from urbsim.model import UrbanizationModel
from urbsim.observation.indicators import INDICATORS
from urbsim.state.world import World
from worlds import base_of, small_model, small_scenario, stepped

keeps_models = pytest.mark.skipif(not hasattr(mesa.Agent, "_ids"), reason="this Mesa keeps no record of models")


@pytest.fixture
def no_collector() -> Iterator[None]:
    """Nothing goes but what nobody holds any more: the collector comes by the number of objects, not by their size."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collector")
def test_closed_models_and_their_worlds_are_freed_at_once() -> None:
    models: list[weakref.ref[object]] = []
    worlds: list[weakref.ref[object]] = []
    for replicate in range(3):
        model = stepped(small_model(scale=0.002, replicate=replicate), 2)
        models.append(weakref.ref(model))
        worlds += [weakref.ref(model.world), weakref.ref(model.world.population)]
        model.close()
        del model
    assert [ref() for ref in models] == [None] * 3
    assert [ref() for ref in worlds] == [None] * 6


@pytest.mark.usefixtures("no_collector")
def test_a_run_leaves_no_world_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    worlds: list[weakref.ref[World]] = []
    started = World.__init__

    def noted(world: World, *given: object, **named: object) -> None:
        worlds.append(weakref.ref(world))
        started(world, *given, **named)

    monkeypatch.setattr(World, "__init__", noted)
    scenario = small_scenario(scale=0.002, until="2021-02")
    task = Task(scenario, ((0.0,) * 4,), 0, 0)
    assert isinstance(simulate(task), Finished)
    assert [ref() for ref in worlds] == [None]


@keeps_models
def test_an_unclosed_model_would_stay() -> None:
    """Why ``close`` is there; it can go with Python 3.11, whose last Mesa is 3.3."""
    model = small_model(scale=0.002)
    reference = weakref.ref(model)
    del model
    gc.collect()
    kept = reference()
    assert kept is not None
    kept.close()


@keeps_models
def test_closing_leaves_nothing_in_mesas_register_and_can_be_done_twice() -> None:
    before = len(mesa.Agent._ids)
    model = small_model(scale=0.002)
    assert len(mesa.Agent._ids) == before + 1
    model.close()
    model.close()
    assert len(mesa.Agent._ids) == before


def test_an_ensemble_does_not_leak() -> None:
    """Fifty models, one after the other as a worker makes them, leave no agent, model or world behind."""
    gc.collect()
    before = _living()
    for replicate in range(50):
        model = stepped(small_model(scale=0.002, replicate=replicate % 2), 1)
        model.close()
        del model
    gc.collect()
    after = _living()
    assert after == before


def _living() -> dict[str, int]:
    kinds = (mesa.Agent, mesa.Model, World)
    objects = [kind for kind in map(type, gc.get_objects()) if issubclass(kind, kinds)]
    return {kind.__name__: sum(issubclass(found, kind) for found in objects) for kind in kinds} | {
        "registered": len(getattr(mesa.Agent, "_ids", ()))
    }


@keeps_models
def test_closing_does_without_the_register_that_newer_mesas_lack(monkeypatch: pytest.MonkeyPatch) -> None:
    model = stepped(small_model(scale=0.002), 1)
    register = mesa.Agent._ids
    monkeypatch.delattr(mesa.Agent, "_ids")
    model.close()
    assert vars(model) == {}
    register.pop(model)


def test_results_outlive_the_model() -> None:
    model = stepped(small_model(scale=0.002), 3)
    results = model.recorder.results()
    model.close()
    del model
    gc.collect()
    assert results.series["month"].nunique() == 3


def test_mesa_tools_find_the_indicators_by_month() -> None:
    model = stepped(small_model(scale=0.002), 3)
    table = model.datacollector.get_model_vars_dataframe()
    series = model.recorder.results().series
    world = series[series["indicator"] == "urbanization_rate"]
    assert table.index.tolist() == world["month"].tolist() == ["2020-11", "2020-12", "2021-01"]
    assert table["urbanization_rate"].tolist() == world["value"].tolist()
    assert list(table) == list(INDICATORS)
    assert set(table.dtypes.astype(str)) == {"float64"}
    model.close()


def test_a_model_may_have_its_base_population_and_comes_to_the_same() -> None:
    scenario = small_scenario(scale=0.002)
    base = base_of(scenario)
    given = type(base)(base.population.copy(), base.fit)
    mine = UrbanizationModel(scenario, 1, base=given, keeps_base=False)
    copied = small_model(scenario)
    assert mine.world.population is given.population
    assert copied.world.population is not base.population
    series = [stepped(model, 2).recorder.results().series["value"].to_numpy() for model in (mine, copied)]
    assert np.array_equal(*series, equal_nan=True)
    mine.close()
    copied.close()
