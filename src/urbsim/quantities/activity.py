"""What happened in a month that levers pay for."""

from __future__ import annotations

from typing import Any

import numpy as np

from urbsim.arrays import laid_together
from urbsim.codes import COUNTY_ZONES, SCHOOL_STAGES, Group, Network, Origin, Sector


class Activity:
    """Counts of a month in real persons, households, dwellings or mu.

    Filled by the processes, already re-weighted to the real population; read by ``Policy.spending``. A stock is the
    number present this month, a flow the number of events in the month.
    """

    def __init__(self, counties: int) -> None:
        zones, groups, stages = len(COUNTY_ZONES), len(Group), len(SCHOOL_STAGES)
        #: Stock: households renting on the market, by zone and group of the household.
        self.renting_households = np.zeros((counties, zones, groups))
        #: Flow: dwellings bought by households, by zone of the dwelling and group of the household.
        self.purchases = np.zeros((counties, zones, groups))
        #: Flow: persons newly registered, by zone of the new registration and origin.
        self.newly_registered = np.zeros((counties, zones, len(Origin)))
        #: Flow: persons who were trained.
        self.trainees = np.zeros(counties)
        #: Flow: farm households whose land right was certified.
        self.newly_certified = np.zeros(counties)
        #: Stock: pupils in the schools of a zone.
        self.pupils = np.zeros((counties, zones, stages))
        #: Stock: those of them who are registered elsewhere.
        self.pupils_from_elsewhere = np.zeros((counties, zones, stages))
        #: Stock: residents by registration group.
        self.residents = np.zeros((counties, zones, groups))
        #: Stock: residents of 60 and over who are registered in the county.
        self.pensioners = np.zeros((counties, zones))
        #: Stock: people registered in the county whose insurance premium a policy pays.
        self.insured_by_policy = np.zeros(counties)
        #: Stock: people registered in the county who live outside it.
        self.absent = np.zeros(counties)
        #: Stock: residents who seek a post.
        self.job_seekers = np.zeros((counties, zones))
        #: Stock: childcare places that policies run beyond ordinary provision.
        self.childcare_places = np.zeros((counties, zones))
        #: Flow: those of them that were equipped this month, beyond the most there ever were.
        self.childcare_equipped = np.zeros((counties, zones))
        #: Flow: m2 of community elder care built by policies.
        self.eldercare_space_built = np.zeros((counties, zones))
        #: Flow: hospital beds built up to a standard; stock: staff that policies pay beyond ordinary staffing.
        self.beds_built = np.zeros(counties)
        self.doctors_added = np.zeros(counties)
        self.nurses_added = np.zeros(counties)
        #: Flow: households that gave up their land for a payment.
        self.land_exits = np.zeros(counties)
        #: Flow: adults registered in the county who came back to it from outside.
        self.returnees = np.zeros((counties, zones))
        #: Flow: households resettled to the zone, and workers among them who were given a post.
        self.resettled = np.zeros((counties, zones))
        self.resettled_workers = np.zeros((counties, zones))
        #: Stock: people at work by zone and sector.
        self.workers = np.zeros((counties, zones, len(Sector)))
        #: Flow: residents newly covered by a network.
        self.newly_covered = np.zeros((counties, zones, len(Network)))
        #: Flow: old dwellings renewed.
        self.dwellings_renewed = np.zeros((counties, zones))
        #: Flow: mu of land built on under a quota.
        self.land_used = np.zeros(counties)

        self._all = laid_together(self)

    def __getstate__(self) -> dict[str, Any]:
        return {name: counts for name, counts in vars(self).items() if name != "_all"}

    def __setstate__(self, counts: dict[str, Any]) -> None:
        vars(self).update(counts)
        self._all = laid_together(self)

    def clear(self) -> None:
        """Set every count to zero at the start of a month."""
        self._all[...] = 0.0
