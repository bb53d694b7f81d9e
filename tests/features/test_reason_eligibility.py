"""A value is eligible as a reason only where its sentence is true of it and speaks for the offer."""

import numpy as np
import pandas as pd
import pytest

from pipeline.features.reason_eligibility import is_eligible_reason, sensitive_measures


@pytest.mark.parametrize(
    ("feature", "value", "eligible"),
    [
        ("affinity__newest_days", 30, True),
        ("affinity__newest_days", 1624, False),  # "has something new, launched 1,624 days ago"
        ("product_history__category_intensity", 0.01, False),  # "has bought a lot: 0 purchases"
        ("product_history__category_intensity", 2.5, True),
        ("product_history__category_overdue", 0.3, False),  # bought a moment ago
        ("product_history__category_overdue", 1.2, True),
        ("product_history__category_overdue", 14, False),  # gone rather than due
        ("product_history__acquisitions__7d", 0, False),
        ("product_history__acquisitions__7d", 1, True),
        ("product_history__gap_variation", 0, True),
        ("affinity__trend", 0.4, False),
        ("affinity__trend", 1.2, True),
        ("affinity__step_to_others", 0.4, True),
        ("affinity__step_to_others", 2, False),
        ("digital_behaviour__days_since_category_view", 3, True),
        ("digital_behaviour__days_since_category_view", 305, False),
        ("email_responses__clicked_share", 0.002, False),
        ("email_responses__ignored_in_a_row", 3, False),
        ("channel_interactions__open_incident_days", 895, False),
        ("channel_interactions__days_since_incident", 3, False),
        ("channel_interactions__days_since_incident", 400, True),
        ("surveys__last_score", 2, False),
        ("surveys__last_score", 10, True),
        ("loyalty__points", 3, True),  # of a column that the parameters declare
    ],
)
def test_a_number_is_eligible_reason_where_its_sentence_speaks_for_the_offer(
    feature: str, value: float, eligible: bool
) -> None:
    assert is_eligible_reason(feature, pd.Series([value], dtype="float32")).tolist() == [eligible]


def test_that_something_never_happened_is_eligible_reason_where_that_is_good_news() -> None:
    never = pd.Series([np.nan], dtype="float32")
    assert is_eligible_reason("channel_interactions__days_since_incident", never).tolist() == [True]
    assert is_eligible_reason("channel_interactions__days_since_visit", never).tolist() == [False]
    assert is_eligible_reason("digital_behaviour__views__7d", never).tolist() == [False]


def test_a_text_is_eligible_reason_wherever_there_is_one() -> None:
    texts = pd.Series(pd.Categorical(["north", None]))
    assert is_eligible_reason("socio_demographics__region", texts).tolist() == [True, False]


def test_a_birth_date_is_told_as_an_age_and_kept_back_as_one() -> None:
    assert sensitive_measures(["gender", "birth_date"]) == {"gender", "age", "category"}


def test_a_text_that_nearly_everybody_shares_is_no_reason() -> None:
    places = pd.Series(["United Kingdom", "France", None], dtype="category")
    found = is_eligible_reason("socio_demographics__region", places, {"United Kingdom"})
    assert found.tolist() == [False, True, False]
