"""Whether rows hold outcomes enough to fit a model: with fewer, rules score and nothing is tuned.

The limits are low, since a weak model is caught by the gate; below them no fit, no choice of
parameters and no calibration means anything.
"""

from collections.abc import Mapping
from dataclasses import replace

from pipeline.models.estimators.baselines import BASE_RATE
from pipeline.models.examples import Examples
from pipeline.models.propensity_model import PropensityModel

NO_MODEL = "no_model_because"
"""In `made_from` of what stands in a model's place: why none was fitted."""
LEAST_TO_FIT = 30
LEAST_TO_CALIBRATE = 10


def why_no_model(train: Examples, validation: Examples) -> str | None:
    """Return in words why no model can be fitted; None where one can.

    Negatives are wanted as much as outcomes: where everybody does it there is nothing to tell.
    """
    fitted, calibrated = (
        min(rows.positives, len(rows) - rows.positives) for rows in (train, validation)
    )
    if fitted >= LEAST_TO_FIT and calibrated >= LEAST_TO_CALIBRATE:
        return None
    return (
        f"{train.positives:,} outcomes among {len(train):,} training rows and "
        f"{validation.positives:,} among {len(validation):,} validation rows; a model takes "
        f"{LEAST_TO_FIT} and {LEAST_TO_CALIBRATE} of either kind"
    )


def stand_in(name: str, rules: Mapping[str, PropensityModel], missing: str) -> PropensityModel:
    """Return the base rate in the place of the model that could not be fitted, and why not."""
    rule = rules[BASE_RATE]
    return replace(rule, name=name, made_from={**rule.made_from, "trees": 0, NO_MODEL: missing})
