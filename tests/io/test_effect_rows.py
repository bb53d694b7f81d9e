"""What had happened before a contact is no effect of it, if it is the outcome in question."""

from datetime import date

import ibis
import pandas as pd

from pipeline.io.effect_rows import label_early

DAY = date(2026, 1, 5)


def test_before_a_contact_an_up_sell_is_a_higher_tier_and_a_cross_sell_anything() -> None:
    asked = pd.DataFrame(
        [
            # customer, tier held, label, what label_early is to say
            ("A", 2, 1, 0),  # bought tier 1 again: the label's higher tier came after the contact
            ("B", 2, 1, 1),  # bought tier 3
            ("C", None, 1, 1),  # held nothing, bought tier 1
            ("D", None, 1, 0),  # bought nothing early
            ("E", 1, 0, 0),  # returned it within the window: no label
        ],
        columns=["customer_id", "held_tier", "label", "expected"],
    ).assign(as_of_date=DAY, category="tv", split="train", is_eligible=True)
    acquired = pd.DataFrame(
        {"customer_id": ["A", "B", "C", "E"], "highest_tier": [1, 3, 1, 3]}
    ).assign(as_of_date=DAY, category="tv")
    found = label_early(
        ibis.memtable(asked.drop(columns="expected")), ibis.memtable(acquired)
    ).execute()
    labels = found.sort_values("customer_id")["label"]
    assert labels.tolist() == asked["expected"].tolist()
