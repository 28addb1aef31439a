"""One household through a whole run: who belongs to it, where each member lives, and what happens to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from urbsim.codes import Stage, Tenure, Work, Zone
from urbsim.experiment.errors import ExperimentError
from urbsim.experiment.simulate import Probe
from urbsim.experiment.tables import Tables
from urbsim.labels import Language, speaking
from urbsim.population import years_old
from urbsim.state.world import World
from urbsim.tracing.person import find_person, read_description, shown_key

if TYPE_CHECKING:
    from urbsim.model import UrbanizationModel

LANGUAGES: tuple[Language, ...] = ("en", "zh")
#: What is told of a member beside key, sex and birth; a change of one is an event.
_CODES = {"zone": Zone, "work": Work, "stage": Stage}


@dataclass(frozen=True)
class Life(Probe):
    """Follows the household of whoever fits a description, from the first month to the last.

    ``observe`` returns the tables ``members`` (a row for every member and change of what she does or where she lives,
    and for every January) and ``homes`` (a row a month whose household is another, or in January); or only ``problem``,
    a sentence in each language that says why there is nobody to follow. Members are all who ever belonged to the
    household of the person followed; somebody who moves out is followed on.
    """

    description: str
    records: ClassVar[bool] = False

    def observe(self, model: UrbanizationModel, months: Iterator[int]) -> Tables:
        """Simulate to the end, looking at the household every month."""
        try:
            head = self._head(model)
        except ExperimentError:
            return {"problem": pd.DataFrame({language: [self._problem(model, language)] for language in LANGUAGES})}
        album = _Album(head)
        album.look(model.world, model.month)
        for month in months:
            album.look(model.world, month)
        return {"members": pd.DataFrame(album.members), "homes": pd.DataFrame(album.homes)}

    def _head(self, model: UrbanizationModel) -> int:
        return find_person(model.world, model.month, read_description(self.description))

    def _problem(self, model: UrbanizationModel, language: Language) -> str:
        """Return why there is nobody to follow: the runs of one language are kept for the other too."""
        with speaking(language):
            try:
                self._head(model)
            except ExperimentError as error:
                return str(error)
        return ""


class _Album:
    """What was seen of the household of the person in a row."""

    def __init__(self, head: int) -> None:
        self.head = head
        self.rows: list[int] = []
        self.members: list[dict[str, Any]] = []
        self.homes: list[dict[str, Any]] = []
        self._seen: dict[int, tuple[Any, ...]] = {}
        self._home: tuple[Any, ...] = ()

    def look(self, world: World, month: int) -> None:
        """Note what has changed since the month before, and everything in January."""
        people = world.population.people
        if people.alive[self.head]:
            found = np.flatnonzero((people.household == people.household[self.head]) & (people.alive == 1))
            self.rows += [int(row) for row in found if int(row) not in self.rows]
        always = month % 12 == 0
        for row in self.rows:
            self._member(world, row, month, always=always)
        self._household(world, month, always=always)

    def _member(self, world: World, row: int, month: int, *, always: bool) -> None:
        people = world.population.people
        alive, spouse = bool(people.alive[row]), int(people.spouse[row])
        facts: dict[str, Any] = {name: kind(int(people[name][row])).name.lower() for name, kind in _CODES.items()}
        facts |= {
            "alive": alive,
            "married": spouse >= 0,
            "registered_zone": Zone(int(people.registered_zone[row])).name.lower(),
        }
        now = tuple(facts.values())
        before = self._seen.get(row)
        if before == now and not (always and alive):
            return
        self._seen[row] = now
        self.members.append(
            {
                "month": month,
                "key": shown_key(int(people.key[row])),
                "sex": "female" if people.female[row] else "male",
                "age": int(years_old(people.birth[row], month)),
                "mother": self._mother(world, row),
                "followed": row == self.head,
                "county": world.codes[people.county[row]],
                "earnings": float(people.earnings[row]),
                "changed": before != now,
                **facts,
            }
        )

    def _mother(self, world: World, row: int) -> str:
        people = world.population.people
        mother = int(people.mother[row])
        return shown_key(int(people.key[mother])) if mother >= 0 else ""

    def _household(self, world: World, month: int, *, always: bool) -> None:
        people, homes = world.population.people, world.population.households
        home = int(people.household[self.head])
        state = (home, int(homes.zone[home]), int(homes.tenure[home]))
        if state == self._home and not always:
            return
        changed, self._home = state != self._home, state
        self.homes.append(
            {
                "month": month,
                "zone": Zone(int(homes.zone[home])).name.lower(),
                "tenure": Tenure(int(homes.tenure[home])).name.lower(),
                "land": float(homes.land[home]),
                "savings": float(homes.savings[home]),
                "income": float(homes.income[home]),
                "changed": changed,
            }
        )
