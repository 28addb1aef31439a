"""Evaluations of what households live on, and of the land they hold: pensions, certificates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from urbsim.arrays import Floats, Mask
from urbsim.codes import Zone
from urbsim.labels import Label
from urbsim.policies.base import Payer
from urbsim.policies.levers.insurance import SocialInsurance
from urbsim.policies.levers.land import LandRightsSecurity
from urbsim.validation.estimators import growth_difference, relative_change
from urbsim.validation.evaluations import EVERY_ZONE, Panel, away, registered_rural
from urbsim.validation.study import Estimate, Study
from urbsim.validation.worlds import (
    AFTER,
    BEFORE,
    EARLY_AFTER,
    EARLY_BEFORE,
    EARLY_POLICY,
    POLICY,
    WRITTEN,
    WRITTEN_EARLY,
    YEAR_4,
    Change,
    Field,
    Observed,
)


class PensionAndIncome(Study):
    """The new rural pension, and the income of households with a member of 60 or over.

    Study: people of eligible age in counties that had the scheme against those that had not yet. Here: people of 60 and
    over, registered rural, who live in a village of treated and untreated counties; the growth over two years of the
    mean income per head of their households.
    """

    key = "pension_income"
    title = Label("Pension and household income", "养老金与家庭收入")
    months = (EARLY_BEFORE, EARLY_POLICY, EARLY_AFTER)
    limits = Label(
        "Households of the old in the model earn more than real ones did, so that a pension adds a smaller part.",
        "模型中老年家庭的收入高于实际，因此养老金所占比例偏小。",
    )
    #: Basic pension of the new rural scheme at its start, yuan a month (recalled, not re-verified).
    amount = 55.0

    def worlds(self, ground: Field) -> Mapping[str, Change]:
        """Pay the pension in treated counties."""
        pension = SocialInsurance(
            start=WRITTEN_EARLY,
            counties=ground.treated_codes,
            payer=Payer.CENTRE,
            zones=EVERY_ZONE,
            pension_yuan_per_person_month=self.amount,
        )
        return {"pension": Change({"pension": pension})}

    def estimate(self, ground: Field, plain: Observed, worlds: Mapping[str, Observed]) -> Mapping[str, Estimate]:
        """Compare the income of the old."""
        people = worlds["pension"].at(EARLY_BEFORE).people
        old = (people["age"] >= 60) & registered_rural(people) & (people["zone"] == Zone.VILLAGE)
        panel = Panel(worlds["pension"], old, EARLY_BEFORE, EARLY_AFTER)
        treated = panel.treated(ground)
        incomes = panel.before["income"].to_numpy(), panel.after["income"].to_numpy()
        twins = plain.at(EARLY_AFTER).people
        same = panel.keys[treated].intersection(twins.index)
        there, here = (float(each.loc[same, "income"].mean()) for each in (panel.after, twins))
        found = Estimate(growth_difference(*incomes, treated), 100.0 * (there / here - 1.0))
        return {"household_income": found}


class LandAndMembersAway(Study):
    """Land certified, and village households with a member away or land rented out.

    Studies: eligible against ineligible households, or communities certified early against late, over the roll-out of
    certificates in Mexico; provinces that carried out the law on leases early against late in China. Here: village
    households of treated counties, where all land is certified at once, and of others, which follow the national
    course; the relative change of the share with a member in another province after three years, with a member anywhere
    outside the county after four, and of the mu that they rent out after four.
    """

    key = "land_away"
    title = Label("Land certified: members away, land rented out", "确权：成员外出与土地流转")
    months = (BEFORE, POLICY, AFTER, YEAR_4)
    limits = Label(
        "Another country, and members abroad: the nearest in the model is another province. Land left idle was lost "
        "there by law, in the model by a fear whose weight is the response fitted.",
        "研究在墨西哥，成员去往国外；模型中最接近的是外省。当地法律会收回闲置土地，模型中则为待拟合权重的失地顾虑。",
    )

    def worlds(self, ground: Field) -> Mapping[str, Change]:
        """Certify all land of treated counties."""
        policy = LandRightsSecurity(
            start=WRITTEN, counties=ground.treated_codes, payer=Payer.CENTRE, certified_share=1.0
        )
        return {"certified": Change({"land": policy})}

    def estimate(self, ground: Field, plain: Observed, worlds: Mapping[str, Observed]) -> Mapping[str, Estimate]:
        """Compare village households."""
        world = worlds["certified"]
        found = {}
        for key, month, gone in (
            ("member_far", AFTER, _far),
            ("migrant_member", YEAR_4, away),
            ("land_rented", YEAR_4, _rented),
        ):
            before, after, twin = (
                _shares(_households(each.people, gone), ground)
                for each in (world.before, world.at(month), plain.at(month))
            )
            study = relative_change(after.treated * before.others, before.treated * after.others)
            found[key] = Estimate(study, relative_change(after.treated, twin.treated))
        return found


class _Shares(NamedTuple):
    treated: float
    others: float


def _far(people: pd.DataFrame) -> Floats:
    """Return 1 for people in another province, else 0."""
    return np.asarray(people["zone"] == Zone.FAR, dtype=np.float64)


def _rented(people: pd.DataFrame) -> Floats:
    """Return the mu that each person's household rents out."""
    return people["mu_rented"].to_numpy(dtype=float)


def _households(people: pd.DataFrame, gone: object) -> pd.DataFrame:
    """Return village households with their county, and the largest value of ``gone`` among their members."""
    assert callable(gone)
    rural = people[(people["home_zone"] == Zone.VILLAGE) & (people["registration"] >= 0)]
    groups = rural.assign(gone=gone(rural)).groupby("household")
    return groups.agg(county=("county", "first"), gone=("gone", "max"))


def _shares(households: pd.DataFrame, ground: Field) -> _Shares:
    treated: Mask = ground.treated[households["county"].to_numpy()]
    gone = households["gone"].to_numpy()
    return _Shares(float(gone[treated].mean()), float(gone[~treated].mean()))


INCOME: tuple[Study, ...] = (PensionAndIncome(), LandAndMembersAway())
