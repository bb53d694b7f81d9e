"""When a model should be replaced, and whether that is today."""

from pipeline.foundation.contracts.hand_overs.evaluation_report import Drift, FeatureDrift
from pipeline.foundation.contracts.hand_overs.promotion_verdict import GateFinding
from pipeline.reports.card.retraining import tell_triggers, tell_whether_due
from tests.reports.inputs import evaluation, verdict

RECENCY = FeatureDrift(feature="recency", psi=0.1)
STEADY = Drift(limit=0.25, score=0.02, features=(RECENCY,))


def triggers(drift: Drift) -> str:
    return " ".join(tell_triggers(verdict(), evaluation(drift=drift)))


def test_scores_that_stay_ask_for_no_new_model() -> None:
    assert tell_whether_due([], STEADY).startswith("**Retraining is not due.**")
    assert "a PSI of 0.020 from the training rows" in tell_whether_due([], STEADY)


def test_scores_that_moved_much_ask_for_a_new_model() -> None:
    said = tell_whether_due([], STEADY.model_copy(update={"score": 0.251}))
    assert said == "**Retraining is due.** The scores have moved by a PSI of 0.251."


def test_a_calibration_beyond_its_limits_asks_for_a_new_model() -> None:
    broken = GateFinding(
        rule="calibrated_slope", holds=False, is_asked=True, reason="The slope is 0.5."
    )
    other = broken.model_copy(update={"rule": "beats_rfm", "reason": "It does not beat rfm."})
    assert tell_whether_due([broken, other], STEADY) == "**Retraining is due.** The slope is 0.5."


def test_every_trigger_says_its_limit() -> None:
    said = triggers(STEADY)
    assert "less than 1.60 times the base rate" in said  # the lower limit of 3.2
    assert "exceeds 20% of the base rate, or the slope leaves 0.8 to 1.25" in said
    assert "(PSI) above 0.25" in said
    assert "No strong feature has moved so far" in said


def test_strong_features_that_moved_are_named_as_a_place_to_look() -> None:
    features = (RECENCY, FeatureDrift(feature="spend", psi=2.4))
    said = triggers(STEADY.model_copy(update={"features": features}))
    assert "have moved so far by themselves: `spend` (2.40). Look at them" in said
    assert "recency" not in said
