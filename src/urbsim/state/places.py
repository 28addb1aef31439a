"""Stocks of the zones of all counties."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from urbsim.arrays import Floats
from urbsim.codes import COUNTY_ZONES, SCHOOL_STAGES, Dwelling, Group, Network, Sector


class Places:
    """Stocks of the zones of all counties; C counties, 3 zones. All counts are real, not of the sample."""

    def __init__(self, counties: int) -> None:
        zones, sectors, stages, groups = len(COUNTY_ZONES), len(Sector), len(SCHOOL_STAGES), len(Group)
        self.posts: Floats = np.zeros((counties, zones, sectors))
        self.wage: Floats = np.zeros((counties, zones, sectors))  # yuan a month, junior school = 1
        self.dwellings: Floats = np.zeros((counties, zones))
        self.public_rental: Floats = np.zeros((counties, zones))
        self.affordable_rental: Floats = np.zeros((counties, zones))
        self.price: Floats = np.zeros((counties, zones))  # yuan per square metre
        self.rent: Floats = np.zeros((counties, zones))  # yuan a month per dwelling
        self.first_pressure: Floats = np.zeros((counties, zones))  # ln(occupied / dwellings) at the start
        self.first_price: Floats = np.zeros((counties, zones))
        self.first_rent: Floats = np.zeros((counties, zones))
        self.school_places: Floats = np.zeros((counties, zones, stages))
        self.school_chance: Floats = np.ones((counties, zones, stages, groups))
        self.beds: Floats = np.zeros(counties)
        self.built: Floats = np.zeros((counties, zones, len(Dwelling)))  # dwellings completed this month
        self.finding_chance: Floats = np.full((counties, zones), 0.5)  # chance of a post within a month
        self.coverage: Floats = np.zeros((counties, zones, len(Network)))  # residents covered by policies, share
        self.minutes_saved: Floats = np.zeros((counties, zones))  # of a trip between the zone and the seat
        self.capital_minutes_saved: Floats = np.zeros(counties)  # of a trip to the provincial capital
        self.old_dwellings: Floats = np.zeros((counties, zones))  # at the start
        self.renewed: Floats = np.zeros((counties, zones))  # old dwellings renewed by policies so far
        self.cheap_rentals_lost: Floats = np.zeros((counties, zones))
        self.land_limited: NDArray[np.bool_] = np.zeros(counties, dtype=bool)  # a quota is in force
        self.land_left: Floats = np.zeros(counties)  # mu of the year's quota not built on
        self.land_wanted: Floats = np.zeros(counties)  # mu developers wanted this month under a quota
        self.land_given: Floats = np.zeros(counties)  # mu they got
        self.distance: Floats = np.zeros((counties, 6))  # km from a village: own zones, other seats, near, far
        # Capacity of services: ordinary provision and, apart, what programmes have added to it.
        self.childcare_places: Floats = np.zeros((counties, zones))
        self.childcare_added: Floats = np.zeros((counties, zones))
        self.childcare_equipped: Floats = np.zeros((counties, zones))  # the most places programmes ever ran
        self.eldercare_beds: Floats = np.zeros((counties, zones))
        self.eldercare_added: Floats = np.zeros((counties, zones))
        self.eldercare_space: Floats = np.zeros((counties, zones))  # m2 of community care
        self.eldercare_space_added: Floats = np.zeros((counties, zones))
        self.doctors: Floats = np.zeros(counties)
        self.doctors_added: Floats = np.zeros(counties)
        self.nurses: Floats = np.zeros(counties)
        self.nurses_added: Floats = np.zeros(counties)
        self.founded: Floats = np.zeros((counties, zones, sectors))  # posts founded since employers last planned

    def found_posts(self, posts: Floats) -> None:
        """Bring posts into being at once, shape (C, 3, 3); employers count them as theirs when they next plan."""
        self.posts += posts
        self.founded += posts
