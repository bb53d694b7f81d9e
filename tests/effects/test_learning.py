import numpy as np
import pandas as pd
import pytest

from pipeline.effects.comparison import Comparisons, compare_arms
from pipeline.effects.doubly_robust import Estimate, relative_effect
from pipeline.effects.effect_model import EffectModel
from pipeline.effects.learning import ASSUMED, Observational, Strata, learn_effects
from pipeline.effects.nuisance import Fitting
from pipeline.effects.randomised import randomised_rows
from pipeline.effects.refutations import PLACEBO_OUTCOME, judge_placebo
from pipeline.effects.relative import effect_at
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


def of_two_models(shares: tuple[float, float], seed: int) -> Comparisons:
    """Return six periods of drawn treatments on two models, each with its own effect."""
    rng = np.random.default_rng(seed)
    count = 12_000
    model = rng.integers(0, 2, count)
    treated = rng.integers(0, 2, count).astype(float)
    raised = effect_at(np.full(count, 0.1), np.array(shares)[model])
    return randomised_rows(
        arm=np.ones(count, dtype=np.int64),
        treated=treated,
        probability=np.full(count, 0.5),
        baseline=np.full(count, 0.1),
        outcomes=(rng.random(count) < 0.1 + treated * raised).astype(float),
        groups=np.arange(count),
        periods=np.arange(count) % 6,
        age_days=np.zeros(count),
        levels={"model": model},
    )


def shares_by_model(shares: tuple[float, float], seed: int) -> list[float]:
    strata = Strata(("treated",), {"model": ("up_sell", "cross_sell")})
    model = learn_effects(strata, PRIOR, None, of_two_models(shares, seed)).model
    asked = pd.DataFrame({"model": ["up_sell", "cross_sell"]})
    return [float(share) for share in model.predict("treated", asked).share]


def test_models_that_are_moved_alike_share_one_effect_but_for_a_few_false_alarms() -> None:
    found = [shares_by_model((0.2, 0.2), seed) for seed in range(4)]
    assert sum(up_sell == cross_sell for up_sell, cross_sell in found) >= 3


def test_a_model_whose_customers_are_moved_more_has_its_own_effect() -> None:
    up_sell, cross_sell = shares_by_model((0.9, 0.0), 1)
    assert up_sell - cross_sell > 0.3
