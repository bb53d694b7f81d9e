"""The wave by segment, category and channel, the examples, and the lists of each stage."""

import pandas as pd

from pipeline.reports.language.words import Words
from pipeline.reports.page.sections.segment_details import tell_examples, tell_segments
from pipeline.reports.page.wave_tables import cut_by_segment, most_shown, pick_examples
from tests.reports.inputs import wave_tables


def decided() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": ["A", "B", "C", "D", "E", "F"],
            "arm": ["treated", "treated", "campaign_control", None, None, None],
            "suppression_reason": [None, None, "campaign_control", "consent", "bounced", "bounced"],
            "category": ["loan", "loan", "loan", None, None, None],
            "channel": ["email", "email", "email", None, None, None],
            "propensity": [0.1, 0.2, 0.3, None, None, None],
            "effect": [0.01, 0.02, 0.0, None, None, None],
            "value_cents": [1000, 2000, 1000, None, None, None],
            "contact_cost_cents": [1, 1, 1, None, None, None],
            "priority_cents": [9.0, 39.0, 0.0, None, None, None],
            "is_explored": pd.array([False, False, False, None, None, None], dtype="object"),
        }
    )


def segments() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": list("ABCDEF"),
            "lifecycle_stage": ["loyal", "loyal", "loyal", "repeat", "repeat", "repeat"],
            "rfm_segment": ["champions", "at_risk", "steady", "steady", "steady", "steady"],
        }
    )


def test_a_segment_counts_what_is_sent_expected_and_added_by_category_and_channel() -> None:
    found = cut_by_segment(decided(), segments())["lifecycle_stage"].to_dict("records")
    assert len(found) == 1
    assert (found[0]["segment"], found[0]["category"], found[0]["channel"]) == (
        "loyal",
        "loan",
        "email",
    )
    assert found[0]["contacts"] == 2
    assert round(found[0]["sales"], 6) == 0.3
    assert round(found[0]["adds_cents"], 6) == 48  # 10 + 40 - 2


def test_the_examples_are_the_best_contact_a_control_and_the_usual_reason() -> None:
    assert pick_examples(decided()) == ["B", "C", "E"]
    assert pick_examples(decided().iloc[::-1]) == ["B", "C", "E"]
    assert pick_examples(decided().iloc[:0]) == []


def test_a_stage_is_told_by_the_products_that_most_of_its_customers_are_shown() -> None:
    by_list = pd.DataFrame(
        [
            ("loyal", "P1", "novelties", 1),
            ("loyal", "P1", "reminder", 2),
            ("loyal", "P2", "x", 1),
        ],
        columns=["lifecycle_stage", "product_id", "list", "times"],
    )
    shown = most_shown(by_list, pd.Series({"P1": "Kettle"}), 1)
    assert [(one.name, one.customers, one.list_name) for one in shown["loyal"]] == [
        ("Kettle", 3, "reminder")
    ]


def test_a_segment_opens_into_its_categories_with_the_contacts_of_each_channel() -> None:
    detail = tell_segments(wave_tables()).details[0]
    assert (
        Words()(detail.summary)
        == "Lifecycle stage: Loyal: 4 contacts, 10 expected sales, 988 added"
    )
    assert [[Words()(cell.text) for cell in row.cells] for row in detail.tables[0].rows] == [
        ["Pet food", "2", "1", "3", "8", "12", "788"],
        ["Loan", "1", "0", "1", "2", "1", "200"],
    ]


def test_an_example_opens_into_the_whole_answer() -> None:
    detail = tell_examples(["C1 is to be contacted.\nOffer: P1.\nRunner-up 2: P2."]).details[0]
    assert detail.summary == "C1 is to be contacted."
    assert detail.sentences == ["Offer: P1.", "Runner-up 2: P2."]
