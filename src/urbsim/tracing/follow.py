"""Following one person through a month's choice of where to live: what she could do, and why she does what she does.

Everything is taken from the functions of the model itself, at the moment when it is the person's turn: the options,
what each term measures, the utilities, the shocks and the pick are those of ``processes.residence``. Without policies
means: in the same month and world, with every named quantity at its base. What policies built or brought about before
(posts, dwellings, school places, who lives where) is there in both.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from urbsim.codes import Event, Zone
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.simulate import Probe
from urbsim.experiment.tables import Tables
from urbsim.labels import bilingual
from urbsim.population import years_old
from urbsim.processes import residence
from urbsim.processes.residence.attention import OLDEST, alerts, hazards
from urbsim.processes.residence.choice import Choice, decide_all, workspace
from urbsim.processes.residence.constants import ConstantPart, constant_parts
from urbsim.processes.residence.destinations import Options
from urbsim.processes.residence.nested_logit import probabilities
from urbsim.processes.residence.terms import CONSTANT, TERMS
from urbsim.randomness import Decision
from urbsim.state.attraction import other_seats
from urbsim.state.tally import ADULT_AGE
from urbsim.state.world import World
from urbsim.tracing.called import (
    chance_of_looking,
    choose,
    find_options,
    is_away,
    may_decide,
    measure,
    months_there,
    rate_of_couple,
)
from urbsim.tracing.person import Person, find_key, find_person, person_at, read_description, shown_key
from urbsim.tracing.words import DESTINATION_NAMES, WAY_NAMES

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel

WITHOUT, WITH = "without", "with"
#: The step of the month in which people choose.
_STEP = "residence"


@dataclass(frozen=True)
class Follow(Probe):
    """Follows the person with a key, or whoever fits a description, through the choice of one month.

    ``observe`` returns the tables ``person``, ``chance`` (of reconsidering at all), ``options`` and ``terms``; or only
    ``problem``, a sentence that says why there is nobody to follow.
    """

    month: int
    key: int | None
    description: str
    records: ClassVar[bool] = False

    def observe(self, model: UrbanizationModel, months: Iterator[int]) -> Tables:
        """Simulate up to the person's turn to choose, and look."""
        while model.month < self.month - 1:
            next(months)
        for step in model.schedule:
            if step.name == _STEP:
                break
            step()
        try:
            return self._follow(model.world)
        except ExperimentError as error:
            return {"problem": pd.DataFrame({"problem": [str(error)]})}

    def _follow(self, world: World) -> Tables:
        month = self.month
        row = find_key(world, self.key) if self.key is not None else self._find(world)
        person, decider = person_at(world, row, month), _decider(world, row, month)
        chance = _chance(world, decider, month)
        this_month = residence.open_round(world, month)
        turn = np.flatnonzero(this_month.deciders == decider)
        # Others decide first, and may change what this one finds: a household divides, a mother moves away.
        earlier = this_month.deciders[: int(turn[0])] if turn.size else this_month.deciders[:0]
        decide_all(*this_month[:-1], earlier)
        people = this_month.people
        if not people.alive[decider]:
            raise ExperimentError(
                bilingual(
                    f"{person.key} left the world this month with the spouse, before any choice",
                    f"{person.key} 本月在选择之前随配偶离开了模拟",
                )
            )
        rows, terms = [], []
        for policies, choice in ((WITHOUT, _without_policies(world, month)), (WITH, this_month.choice)):
            options, count, pick = _look(this_month, choice, decider)
            rows += _options(policies, options, count, pick, choice.nest)
            parts = list(_parts(world if policies == WITH else _at_base(world), month))
            terms += [
                {"policies": policies, **_name(options, n), **term}
                for n in range(count)
                for term in _terms(this_month, choice, decider, options, n, parts)
            ]
        return {
            "person": _table(person, decider=shown_key(int(people.key[decider])), reconsiders=bool(turn.size)),
            "chance": chance,
            "options": pd.DataFrame(rows),
            "terms": pd.DataFrame(terms),
        }

    def _find(self, world: World) -> int:
        return find_person(world, self.month, read_description(self.description))


def _table(person: Person, **more: Any) -> pd.DataFrame:
    facts = {**person._asdict(), **more}
    return pd.DataFrame({"fact": list(facts), "value": pd.Series(list(facts.values()), dtype=object)})


def _decider(world: World, row: int, month: int) -> int:
    """Return the row of whoever decides for somebody: the person, or of some couples the spouse."""
    people = world.population.people.view()
    if may_decide(people, row, month):
        return row
    key, age = shown_key(int(people.key[row])), int(years_old(people.birth[row], month))
    spouse = int(people.spouse[row])
    if age < ADULT_AGE or people.stage[row] > 0:
        why = bilingual(f"is {age}", f"{age} 岁") if age < ADULT_AGE else bilingual("is at school", "在上学")
        mother = int(people.mother[row])
        whose = (
            bilingual(
                f"; children go where the mother {shown_key(int(people.key[mother]))} goes",
                f"；孩子随母亲 {shown_key(int(people.key[mother]))}",
            )
            if mother >= 0
            else ""
        )
        raise ExperimentError(
            bilingual(
                f"{key} {why} and does not choose where to live{whose if age < ADULT_AGE else ''}",
                f"{key} {why}，不选择住处{whose if age < ADULT_AGE else ''}",
            )
        )
    if may_decide(people, spouse, month):
        return spouse
    raise ExperimentError(
        bilingual(
            f"{key} does not choose where to live: the spouse, who would, is at school",
            f"{key} 不选择住处：应由其配偶选择，而配偶在上学",
        )
    )


def _chance(world: World, decider: int, month: int) -> pd.DataFrame:
    """Return how likely it is that somebody reconsiders at all, part by part."""
    people = world.population.people.view()
    known, these = alerts(people)[decider], hazards(world)
    values, age = world.values, min(int(years_old(people.birth[decider], month)), OLDEST)
    floor = values["reconsider.floor"] / 12.0
    rows = [("reconsider.floor", floor), ("labour-age curve", float(these.by_age[age]) - floor)]
    registration = int(people.registration[decider])
    if people.zone[decider] == Zone.VILLAGE and registration == people.county[decider]:
        rows.append(("reconsider.network", float(these.network[registration])))
    if is_away(people, decider):
        rows.append(("reconsider.duration", float(these.away[months_there(people, decider, month)])))
    for bit, event in enumerate(Event):
        if known & int(event):
            rows.append((f"reconsider.{event.name.lower()}", float(these.by_event[bit])))
    if news := rate_of_couple(people, decider, these.rules):
        rows.append(("reconsider.rule_change", 1.0 - float(np.exp(-news))))
    rows.append(("chance", chance_of_looking(people, decider, known, these, month)))
    number = world.randomness.numbers(Decision.RECONSIDER, month, people.key[decider : decider + 1])
    rows.append(("random number", float(number[0])))
    return pd.DataFrame(rows, columns=["part", "value"])


def _at_base(world: World) -> World:
    """Return the same world with every named quantity at its base, as without any policy."""
    plain = copy.copy(world)
    plain.environment = copy.deepcopy(world.environment)
    plain.environment.reset()
    return plain


def _without_policies(world: World, month: int) -> Choice:
    return residence.month_choice(_at_base(world), month)


def _look(this_month: residence.Round, choice: Choice, decider: int) -> tuple[Options, int, int]:
    """Return the options of a decider as the model finds them, how many there are, and which is chosen."""
    options, people = workspace(), this_month.people
    count = int(find_options(people, this_month.households, choice, decider, options))
    pick = int(choose(options, count, choice.nest, choice.stream, people.key[decider]))
    return options, count, pick


def _name(options: Options, n: int) -> dict[str, str]:
    return {"destination": DESTINATION_NAMES[options.destinations[n]], "way": WAY_NAMES[options.ways[n]]}


def _options(policies: str, options: Options, count: int, pick: int, nest: float) -> list[dict[str, Any]]:
    chances = probabilities(options.destinations[:count], options.utilities[:count], nest)
    return [
        {
            "policies": policies,
            **_name(options, n),
            "utility": float(options.utilities[n]),
            "probability": float(chances[n]),
            "shock": float(options.shocks[n]),
            "chosen": n == pick,
        }
        for n in range(count)
    ]


def _parts(world: World, month: int) -> Iterator[ConstantPart]:
    """Yield the parts of the alternatives' constants."""
    yield from constant_parts(world, month, other_seats(world).weights)


def _terms(
    this_month: residence.Round, choice: Choice, decider: int, options: Options, n: int, parts: list[ConstantPart]
) -> Iterator[dict[str, Any]]:
    """Yield every term of one option's utility: coefficient, quantity and their product."""
    for number, term in enumerate(TERMS):
        if number != CONSTANT:
            quantity, coefficient = float(options.quantities[n, number]), float(choice.coefficients[number])
            yield {"term": term.coefficient, "of": number, **_product(coefficient, quantity)}
    for part in parts:
        # Measuring the option again with this part alone for a constant says how much of it is in the option.
        alternatives = choice.alternatives._replace(constant=part.quantity)
        alone = workspace()
        alone.destinations[0], alone.ways[0] = options.destinations[n], options.ways[n]
        measure(this_month.people, this_month.households, alternatives, decider, alone, 0)
        yield {"term": part.name, "of": CONSTANT, **_product(part.coefficient, float(alone.quantities[0, CONSTANT]))}


def _product(coefficient: float, quantity: float) -> dict[str, float]:
    return {"coefficient": coefficient, "quantity": quantity, "value": coefficient * quantity}
