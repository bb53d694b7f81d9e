"""An offer is sent when its customer is there, as far as their past and everybody's tell."""

import pandas as pd
import pytest

from pipeline.decisions.send_time import choose_send_time

MONDAY = pd.Timestamp("2026-01-05")


def activity(*told: tuple[str, int, int, int, str | None]) -> pd.DataFrame:
    """Return events from customer, weekday, hour, how many, device."""
    rows = [
        (who, MONDAY + pd.Timedelta(days=weekday - 1, hours=hour, minutes=59, weeks=n), device)
        for who, weekday, hour, times, device in told
        for n in range(times)
    ]
    frame = pd.DataFrame(rows, columns=["customer_id", "occurred_at", "device"])
    return frame.astype({"occurred_at": "datetime64[us]"})


def chosen(events: pd.DataFrame, *customers: str) -> list[tuple[object, ...]]:
    found = choose_send_time(pd.Series(customers), events)
    assert list(found.columns) == ["customer_id", "weekday", "hour", "device"]
    return list(found.drop(columns="customer_id").itertuples(index=False, name=None))


def test_a_clear_habit_of_one_s_own_wins_over_the_world() -> None:
    events = activity(("w", 2, 10, 500, "phone"), ("c1", 7, 21, 50, "desktop"))
    assert chosen(events, "c1", "w") == [(7, 21, "desktop"), (2, 10, "phone")]


def test_one_visit_at_another_hour_does_not_move_a_customer_from_the_world_s() -> None:
    events = activity(("w", 2, 10, 500, "phone"), ("c1", 7, 21, 1, "desktop"))
    assert chosen(events, "c1") == [(2, 10, "phone")]


def test_who_has_no_history_gets_the_world_s_hour() -> None:
    events = activity(("w", 2, 10, 3, "phone"), ("w", 4, 11, 2, None))
    assert chosen(events, "new") == [(2, 10, "phone")]


def test_two_near_hours_hold_together_against_one_far_away() -> None:
    events = activity(
        ("c1", 3, 18, 6, "phone"), ("c1", 3, 19, 5, "phone"), ("c1", 5, 9, 7, "phone")
    )
    assert chosen(events, "c1") == [(3, 18, "phone")]


def test_the_week_is_a_circle() -> None:
    events = activity(("c1", 7, 23, 5, "phone"), ("c1", 1, 0, 5, "phone"), ("c1", 4, 9, 6, "phone"))
    assert chosen(events, "c1") == [(1, 0, "phone")]


def test_the_week_begins_on_monday_at_midnight() -> None:
    assert chosen(activity(("c1", 1, 0, 9, None)), "c1")[0][:2] == (1, 0)
    assert chosen(activity(("c1", 7, 23, 9, None)), "c1")[0][:2] == (7, 23)


def test_without_any_history_or_device_nothing_is_made_up() -> None:
    nothing = choose_send_time(pd.Series(["c1"]), activity())
    assert nothing[["weekday", "hour", "device"]].isna().all(axis=None)
    assert (
        choose_send_time(pd.Series(["c1"]), activity(("c1", 1, 9, 3, None)))["device"].isna().all()
    )


def test_customers_keep_their_order_and_somebody_else_s_events_only_tell_of_the_world() -> None:
    events = activity(
        ("b", 3, 8, 60, "tablet"), ("a", 6, 20, 60, "phone"), ("other", 1, 5, 9, "tv")
    )
    found = choose_send_time(pd.Series(["b", "new", "a"]), events)
    assert found["customer_id"].tolist() == ["b", "new", "a"]
    assert found["weekday"].tolist() == [3, 3, 6]


def test_customers_beyond_the_first_batch_are_counted_as_themselves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pipeline.decisions.send_time._CUSTOMERS_AT_ONCE", 2)
    people = [f"c{n}" for n in range(5)]
    events = activity(*((who, n + 1, 12, 60, "phone") for n, who in enumerate(people)))
    assert choose_send_time(pd.Series(people), events)["weekday"].tolist() == [1, 2, 3, 4, 5]
