"""The table of partial and general effects: its arithmetic, and that it is what its worlds say."""

from __future__ import annotations

import numpy as np
import pytest

from urbsim.scenario.model import FEEDBACKS
from urbsim.validation import partial
from urbsim.validation.worlds import QUICK, make_field


def test_rows_hold_means_over_replicates_and_ratios_to_the_general_effect() -> None:
    variants = (partial.NONE, partial.ALL, *FEEDBACKS)
    effects = np.zeros((2, 1, len(variants), len(partial.YEARS)))
    effects[:, 0, 0] = [[4.0, 8.0, 0.5], [6.0, 8.0, -0.4]]  # at work
    effects[:, 0, 1] = 9.0  # all frozen
    effects[:, 0, 2 + list(FEEDBACKS).index("wages")] = 6.0
    rows = list(partial._rows(effects, ["hukou"], variants))
    assert [row["years"] for row in rows] == list(partial.YEARS)
    assert rows[0]["general"] == pytest.approx(5.0)
    assert rows[0]["spread"] == pytest.approx(np.sqrt(2) / np.sqrt(2))  # 4 and 6, two replicates
    assert rows[0]["partial"] == pytest.approx(9.0)
    assert rows[0]["ratio"] == pytest.approx(9.0 / 5.0)
    assert rows[1]["wages"] == pytest.approx(6.0 / 8.0)
    assert np.isnan(rows[2]["ratio"])  # 0.05 on average, with an error of 0.45


def test_every_feedback_has_a_word_and_is_frozen_alone_and_with_the_others() -> None:
    assert set(partial.SHORT) == set(FEEDBACKS)
    assert partial.frozen_in(partial.NONE) == ()
    assert partial.frozen_in(partial.ALL) == tuple(FEEDBACKS)
    assert partial.frozen_in("prices") == ("prices",)


@pytest.mark.parametrize("lever", partial.LEVERS)
def test_a_lever_acts_in_every_county_in_proportion_to_its_residents(lever: str) -> None:
    ground = make_field(QUICK, 0)
    policies = partial.policies_of(ground, lever)
    assert policies
    reached = {code for policy in policies.values() for code in (policy.counties or ground.codes)}
    assert reached == set(ground.codes)
    if len(policies) > 1:
        name = next(name for name in type(next(iter(policies.values()))).model_fields if name.endswith("per_year"))
        amounts = [getattr(policies[f"{lever}-{code}"], name) for code in ground.codes]
        np.testing.assert_allclose(np.array(amounts) / ground.residents, amounts[0] / ground.residents[0])


def test_no_policy_is_no_policy() -> None:
    assert partial.policies_of(make_field(QUICK, 0), "") == {}
