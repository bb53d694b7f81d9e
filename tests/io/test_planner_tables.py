from pathlib import Path

import pandas as pd
import pytest

from pipeline.foundation import paths
from pipeline.io.planner_tables import count_explored, read_effects_of


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


def test_effects_are_read_of_what_is_sent_on_every_channel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    keys = {"customer_id": ["ana", "ben"], "model": "up_sell", "category": "tv"}
    decided = pd.DataFrame(keys | {"arm": ["treated", "campaign_control"]})
    rows = [
        (who, "up_sell", category, channel, 0.01)
        for who in ("ana", "ben")
        for category in ("tea", "tv")
        for channel in ("email", "phone")
    ]
    named = pd.DataFrame(rows, columns=["customer_id", "model", "category", "channel", "effect"])
    paths.EFFECTS.parent.mkdir(parents=True)
    named.to_parquet(paths.EFFECTS, index=False)

    found = read_effects_of(decided)

    assert [*found[["customer_id", "category", "channel"]].itertuples(index=False, name=None)] == [
        ("ana", "tv", "email"),
        ("ana", "tv", "phone"),
    ]
