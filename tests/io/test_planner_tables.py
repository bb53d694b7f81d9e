import pandas as pd
import pytest

from pipeline.io.planner_tables import count_explored


def test_explored_contacts_that_cost_more_than_they_add_are_counted_with_their_loss() -> None:
    decided = pd.DataFrame(
        {
            "arm": ["treated", "treated", "treated", "campaign_control", None],
            "is_explored": pd.array([True, True, False, True, None], dtype="object"),
            "effect": [0.1, 0.01, 0.0, 0.0, None],
            "value_cents": [1000, 1000, 1000, 1000, None],
            "contact_cost_cents": [75, 75, 75, 75, None],
        }
    )
    found = count_explored(decided)  # 100 - 75 and 10 - 75; the third was not explored
    assert (found.contacts, found.at_a_loss) == (2, 1)
    assert found.lost_cents == pytest.approx(65)
