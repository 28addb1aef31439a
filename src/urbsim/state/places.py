"""Stocks of the zones of all counties, in parts that are named after the one process or institution that writes them.

All counts are real, not of the sample. C counties, 3 zones.
"""

from __future__ import annotations

import numpy as np

from urbsim.arrays import Floats, Mask
from urbsim.codes import COUNTY_ZONES, SCHOOL_STAGES, Dwelling, Group, Network, Sector

_ZONES, _SECTORS, _STAGES = len(COUNTY_ZONES), len(Sector), len(SCHOOL_STAGES)


class EmployerStocks:
    """Posts and wages, which employers set, and what they set them by."""

    def __init__(self, counties: int) -> None:
        self.posts: Floats = np.zeros((counties, _ZONES, _SECTORS))
        self.wage: Floats = np.zeros((counties, _ZONES, _SECTORS))  # yuan a month, junior school = 1
        self.first_wage: Floats = np.zeros((counties, _ZONES, _SECTORS))  # at the start
        self.founded: Floats = np.zeros((counties, _ZONES, _SECTORS))  # posts founded since employers last planned
        self.capital: Floats = np.ones((counties, _ZONES))  # workers outside farming that it pays trend wages to
        self.slack: Floats = np.ones((counties, _ZONES))  # labour outside farming relative to that
        self.custom: Floats = np.ones((counties, _ZONES))  # what residents have to spend, yuan at wages of the start

    def found_posts(self, posts: Floats) -> None:
        """Bring posts into being at once, shape (C, 3, 3); employers count them as theirs when they next plan."""
        self.posts += posts
        self.founded += posts


class EmploymentStocks:
    """What the labour market says of itself."""

    def __init__(self, counties: int) -> None:
        self.finding_chance: Floats = np.full((counties, _ZONES), 0.5)  # chance of a post within a month


class HousingStocks:
    """Dwellings, rents and prices."""

    def __init__(self, counties: int) -> None:
        self.dwellings: Floats = np.zeros((counties, _ZONES))
        self.expected: Floats = np.ones((counties, _ZONES))  # what developers would have built at usual prices by now
        self.public_rental: Floats = np.zeros((counties, _ZONES))
        self.affordable_rental: Floats = np.zeros((counties, _ZONES))
        self.built: Floats = np.zeros((counties, _ZONES, len(Dwelling)))  # dwellings completed this month
        self.price: Floats = np.zeros((counties, _ZONES))  # yuan per square metre
        self.rent: Floats = np.zeros((counties, _ZONES))  # yuan a month per dwelling
        self.first_pressure: Floats = np.zeros((counties, _ZONES))  # ln(occupied / dwellings) at the start
        self.first_price: Floats = np.zeros((counties, _ZONES))
        self.first_rent: Floats = np.zeros((counties, _ZONES))


class SchoolStocks:
    """School places, and the chance of one that families see."""

    def __init__(self, counties: int) -> None:
        self.places: Floats = np.zeros((counties, _ZONES, _STAGES))
        self.chance: Floats = np.ones((counties, _ZONES, _STAGES, len(Group)))


class HospitalStocks:
    """Beds and staff; what is added is what policies employ beyond ordinary staffing."""

    def __init__(self, counties: int) -> None:
        self.beds: Floats = np.zeros(counties)
        self.doctors: Floats = np.zeros(counties)
        self.doctors_added: Floats = np.zeros(counties)
        self.nurses: Floats = np.zeros(counties)
        self.nurses_added: Floats = np.zeros(counties)


class ProvisionStocks:
    """Capacity of childcare and elder care: ordinary provision and, apart, what policies have added to it."""

    def __init__(self, counties: int) -> None:
        self.childcare_places: Floats = np.zeros((counties, _ZONES))
        self.childcare_added: Floats = np.zeros((counties, _ZONES))
        self.childcare_equipped: Floats = np.zeros((counties, _ZONES))  # the most places policies ever ran
        self.eldercare_beds: Floats = np.zeros((counties, _ZONES))
        self.eldercare_added: Floats = np.zeros((counties, _ZONES))
        self.eldercare_space: Floats = np.zeros((counties, _ZONES))  # m2 of community care
        self.eldercare_space_added: Floats = np.zeros((counties, _ZONES))


class InfrastructureStocks:
    """Networks, travel and the renewal of old dwellings."""

    def __init__(self, counties: int) -> None:
        self.network_coverage: Floats = np.zeros((counties, _ZONES, len(Network)))  # share of residents
        self.minutes_saved: Floats = np.zeros((counties, _ZONES))  # of a trip between the zone and the seat
        self.capital_minutes_saved: Floats = np.zeros(counties)  # of a trip to the provincial capital
        self.old_dwellings: Floats = np.zeros((counties, _ZONES))  # at the start
        self.renewed: Floats = np.zeros((counties, _ZONES))  # old dwellings renewed by policies so far
        self.cheap_rentals_lost: Floats = np.zeros((counties, _ZONES))
        self.distance: Floats = np.zeros((counties, 7))  # km from a village, as region.distances has them


class LandStocks:
    """The year's quota of construction land, and contracted land rented out."""

    def __init__(self, counties: int) -> None:
        self.limited: Mask = np.zeros(counties, dtype=bool)  # a quota is in force
        self.left: Floats = np.zeros(counties)  # mu of the year's quota not built on
        self.wanted: Floats = np.zeros(counties)  # mu developers wanted this month under a quota
        self.given: Floats = np.zeros(counties)  # mu they got
        self.rented: Floats = np.zeros(counties)  # mu of contracted land rented out


class RuleNews:
    """What rules were worth last month, and by how much they have changed without people having responded, in utility.

    Inside: to live in a zone, by registration group. Outside: to live outside the county of registration.
    """

    def __init__(self, counties: int) -> None:
        self.inside: Floats = np.zeros((counties, _ZONES, len(Group)))
        self.outside: Floats = np.zeros(counties)
        self.fresh_inside: Floats = np.zeros((counties, _ZONES, len(Group)))
        self.fresh_outside: Floats = np.zeros(counties)


class Places:
    """Stocks of the zones of all counties."""

    def __init__(self, counties: int) -> None:
        self.employers = EmployerStocks(counties)
        self.employment = EmploymentStocks(counties)
        self.housing = HousingStocks(counties)
        self.schools = SchoolStocks(counties)
        self.hospitals = HospitalStocks(counties)
        self.provision = ProvisionStocks(counties)
        self.infrastructure = InfrastructureStocks(counties)
        self.land = LandStocks(counties)
