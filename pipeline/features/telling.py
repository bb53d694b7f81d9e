"""Which values of a measure its sentence tells as a reason for an offer, by family and measure.

The model may draw on any value; a marketer reads one only where the sentence is true of it and
speaks for the offer. A measure that is not listed is told wherever there is something of it.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

# The measures that a personal attribute becomes; any other attribute keeps its name.
MEASURES: Mapping[str, tuple[str, ...]] = {"birth_date": ("age",), "signed_up_on": ("tenure",)}
SOMETHING = 0.05  # less reads as nothing: 0 times, 0%, or a share too small to matter


@dataclass(frozen=True)
class Telling:
    """The values that are told, both ends included."""

    least: float = SOMETHING
    most: float = math.inf
    absent: bool = False
    """Whether an empty value is told: that something never happened."""


ANYTHING = Telling()
NOTHING = Telling(least=math.inf)
LATELY = Telling(most=90)
LONG_AGO_OR_NEVER = Telling(least=180, absent=True)
SOON = Telling(most=30)
DUE = Telling(least=0.8, most=5)
RISING = Telling(least=1.1)
LESS_THAN_USUAL = Telling(least=0.1, most=0.9)
MOST = Telling(least=0.5)
ONE_OR_MORE = Telling(least=1)
REGULAR = Telling(least=0, most=0.5)
GOOD_RATING = Telling(least=7)

TELLING: Mapping[str, Mapping[str, Telling]] = {
    "affinity": {
        "best_lift": RISING,
        "mean_lift": RISING,
        "best_conviction": RISING,
        "trend": RISING,
        "peer_trend": RISING,
        "price_ratio": LESS_THAN_USUAL,
        "step_ratio": LESS_THAN_USUAL,
        "step_to_others": LESS_THAN_USUAL,
        "newest_days": Telling(most=180),
    },
    "channel_interactions": {
        "visit_trend": RISING,
        "days_between_visits": SOON,
        "days_since_visit": LATELY,
        "days_since_incident": LONG_AGO_OR_NEVER,
        "days_since_service": LONG_AGO_OR_NEVER,
        "incidents": NOTHING,
        "open_incident_days": NOTHING,
        "resolution_days": NOTHING,
        "store_share": MOST,
        "digital_share": MOST,
        "morning_share": MOST,
        "evening_share": MOST,
        "weekend_share": MOST,
    },
    "digital_behaviour": {
        "interest": ONE_OR_MORE,
        "category_interest": Telling(least=0.5),
        "view_trend": RISING,
        "bounce_share": NOTHING,
        "duration": Telling(least=60),
        "days_since_session": LATELY,
        "days_since_category_view": LATELY,
        "days_since_category_cart": LATELY,
        "category_views_since": Telling(least=0, most=3),
        "category_interest_share": Telling(least=0.1),
        "category_tier_viewed": Telling(least=2),
        "category_mean_tier_viewed": Telling(least=2),
        "category_view_rate": ONE_OR_MORE,
        "app_share": MOST,
        "top_category_share": MOST,
        "category_top_brand_share": MOST,
    },
    "email_responses": {
        "sent_trend": RISING,
        "opened_change": NOTHING,
        "ignored_in_a_row": NOTHING,
        "days_since_sent": LATELY,
        "days_since_click": LATELY,
        "days_since_response": LATELY,
        "days_since_category_sent": LATELY,
        "days_since_category_click": LATELY,
    },
    "product_history": {
        "acquisition_trend": RISING,
        "category_trend": RISING,
        "spend_to_mean": RISING,
        "spend_to_own_past": RISING,
        "acquisition_intensity": ONE_OR_MORE,
        "category_intensity": ONE_OR_MORE,
        "cancellations": NOTHING,
        "downgrades": NOTHING,
        "returned_share": NOTHING,
        "days_since_cancellation": LONG_AGO_OR_NEVER,
        "days_since_second_last_cancellation": LONG_AGO_OR_NEVER,
        "days_since_acquisition": LATELY,
        "days_since_second_last_acquisition": LATELY,
        "days_between_acquisitions": LATELY,
        "days_between_category_acquisitions": Telling(most=365),
        "acquisition_overdue": DUE,
        "category_overdue": DUE,
        "category_overdue_typical": DUE,
        "gap_variation": REGULAR,
        "category_gap_variation": REGULAR,
        "days_since_category_ran_out": LATELY,
        "days_until_category_runs_out": SOON,
        "brand_repeat_share": MOST,
        "category_brand_repeat_share": MOST,
        "tier_place": MOST,
        "top_category_share": MOST,
        "category_price_level": LESS_THAN_USUAL,
    },
    "socio_demographics": {"profile_completeness": MOST},
    "surveys": {
        "last_score": GOOD_RATING,
        "mean_score": GOOD_RATING,
        "answered_share": MOST,
        "last_delay": SOON,
        "days_since_asked": LATELY,
        "days_since_answer": LATELY,
        "days_since_bad_answer": LONG_AGO_OR_NEVER,
    },
}


def is_told(feature: str, values: pd.Series) -> "npt.NDArray[np.bool_]":
    """Say which values of a feature may be told as a reason; a text may be, wherever there is one.

    Args:
        feature: its column, `<family>__<measure>` with or without a window.
        values: float, or texts as `category`.
    """
    family, _, rest = feature.partition("__")
    telling = TELLING.get(family, {}).get(rest.split("__")[0], ANYTHING)
    if not pd.api.types.is_numeric_dtype(values):
        return values.notna().to_numpy() | telling.absent
    numbers = values.to_numpy(dtype="float64")
    fits = (numbers >= telling.least) & (numbers <= telling.most)
    return np.where(np.isnan(numbers), telling.absent, fits)


def sensitive_measures(attributes: Collection[str]) -> set[str]:
    """Return the measures that are never a reason: those of the attributes, and the candidate.

    That somebody is offered tea is no reason for offering them tea.
    """
    measures = {measure for name in attributes for measure in MEASURES.get(name, (name,))}
    return measures | {"category"}
