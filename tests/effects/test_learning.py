import numpy as np
import pandas as pd
import pytest

from pipeline.effects.comparison import compare_arms
from pipeline.effects.doubly_robust import Estimate, relative_effect
from pipeline.effects.effect_model import EffectModel
from pipeline.effects.learning import ASSUMED, Observational, Strata, learn_effects
from pipeline.effects.nuisance import Fitting
from pipeline.effects.randomised import randomised_rows
from pipeline.effects.refutations import PLACEBO_OUTCOME, judge_placebo
from pipeline.effects.shrinking import Prior
from tests.effects.tables import confounded

STRATA = Strata(("treated",), {})
PRIOR = Prior(0.08, 0.2)


def observed(share: float, placebo: float = 0.0) -> Observational:
    rows, overlaps, _ = compare_arms(confounded(1, share)[0], Fitting(1))
    found = judge_placebo(PLACEBO_OUTCOME, relative_effect(rows), Estimate(placebo, 0.05))
    return Observational(rows, overlaps, {}, [found])


def test_without_evidence_effects_are_assumed_and_said_to_be() -> None:
    learnt = learn_effects(STRATA, PRIOR, None, None)
    assert learnt.report.arms["treated"].origin == "assumed"
    assert ASSUMED in learnt.report.in_words[0]
    found = learnt.model.predict("treated", pd.DataFrame(index=range(1)))
    assert found.share[0] == pytest.approx(0.08)


def test_observational_evidence_that_nothing_refutes_is_used() -> None:
    learnt = learn_effects(STRATA, PRIOR, observed(0.6), None)
    told = learnt.report.arms["treated"]
    assert told.origin == "observational"
    assert told.share.low < 0.56 < told.share.high


def test_a_failed_placebo_leaves_the_prior_and_says_why() -> None:
    learnt = learn_effects(STRATA, PRIOR, observed(0.6, placebo=0.7), None)
    assert learnt.report.arms["treated"].origin == "assumed"
    assert learnt.report.observational is not None
    assert PLACEBO_OUTCOME in learnt.report.observational.reasons[0]


def test_two_missed_claims_in_a_row_set_observational_evidence_aside() -> None:
    learnt = learn_effects(STRATA, PRIOR, observed(0.6), None, missed_claims=2)
    assert learnt.report.arms["treated"].origin == "assumed"
    assert learn_effects(STRATA, PRIOR, observed(0.6), None, missed_claims=1).report.arms[
        "treated"
    ].origin == ("observational")


def test_draws_that_contradict_what_was_observed_prevail() -> None:
    rng = np.random.default_rng(1)
    count = 60_000
    treated = (rng.random(count) < 0.5).astype(float)
    outcomes = (rng.random(count) < 0.1).astype(float)
    nothing = np.zeros(count, dtype=np.int64)
    drawn = randomised_rows(
        arm=nothing + 1,
        treated=treated,
        probability=np.full(count, 0.5),
        baseline=np.full(count, 0.1),
        outcomes=outcomes,
        groups=np.arange(count),
        periods=nothing,
        age_days=np.zeros(count),
        levels={},
    )
    learnt = learn_effects(STRATA, PRIOR, observed(0.9), drawn, waves=("wave_1",))
    told = learnt.report.arms["treated"]
    assert told.origin == "randomised"
    assert abs(told.share.value) < 0.1
    assert learnt.report.observational is not None
    assert learnt.report.observational.bias > 0.5


def test_a_saved_model_predicts_as_the_model_did() -> None:
    model = learn_effects(STRATA, PRIOR, observed(0.6), None).model
    again = EffectModel.from_json(model.to_json())
    asked = pd.DataFrame(index=range(2))
    assert again.predict("treated", asked).share == pytest.approx(
        model.predict("treated", asked).share, rel=1e-5
    )
