"""An offer is sent when its customer is there, as far as their past and everybody's tell."""

from typing import Any

import pandas as pd
import pytest

from pipeline.offers.habits import Habits
from pipeline.offers.send_time import choose_send_time

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


def count(events: pd.DataFrame, customers: tuple[str, ...], segments: dict[str, str]) -> Habits:
    """Count events by customer and by segment."""
    events = events.assign(place=pd.Index(customers).get_indexer(pd.Index(events["customer_id"])))
    events = events.assign(segment=events["customer_id"].map(segments).astype("object"))
    known = events[events["cell"].notna()]
    own = known[known["place"] >= 0].groupby(["place", "cell"]).size()
    everybody = known.groupby(["segment", "cell"], dropna=False).size()
    return Habits(own.reset_index(name="times"), everybody.reset_index(name="times"))


def choose(
    events: pd.DataFrame,
    *customers: str,
    channel: str = "email",
    hours: dict[str, list[int]] | None = None,
    days: dict[str, list[int]] | None = None,
    **segments: str,
) -> pd.DataFrame:
    when = events["occurred_at"].dt
    offers = pd.DataFrame({"customer_id": customers, "channel": channel})
    offers["segment"] = offers["customer_id"].map(segments).astype("object")
    return choose_send_time(
        offers,
        count(events.assign(cell=when.day_of_week * 24 + when.hour), customers, segments),
        count(events.assign(cell=events["device"]), customers, segments),
        hours or {},
        days or {},
    )


def chosen(events: pd.DataFrame, *customers: str, **more: Any) -> list[tuple[object, ...]]:
    found = choose(events, *customers, **more)
    assert list(found.columns) == ["weekday", "hour", "device"]
    return list(found.itertuples(index=False, name=None))


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
    assert choose(activity(), "c1").isna().all(axis=None)
    assert choose(activity(("c1", 1, 9, 3, None)), "c1")["device"].isna().all()


def test_places_are_kept_and_somebody_else_s_events_only_tell_of_the_world() -> None:
    events = activity(
        ("b", 3, 8, 60, "tablet"), ("a", 6, 20, 60, "phone"), ("other", 1, 5, 9, "tv")
    )
    assert choose(events, "b", "new", "a")["weekday"].tolist() == [3, 3, 6]


def test_customers_beyond_the_first_batch_are_counted_as_themselves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pipeline.offers.send_time._CUSTOMERS_AT_ONCE", 2)
    people = [f"c{n}" for n in range(5)]
    events = activity(*((who, n + 1, 12, 60, "phone") for n, who in enumerate(people)))
    assert choose(events, *people)["weekday"].tolist() == [1, 2, 3, 4, 5]


def test_who_has_no_history_gets_the_hour_of_their_segment_and_without_one_the_world_s() -> None:
    events = activity(("w", 2, 10, 3000, "phone"), ("s", 6, 15, 2000, "tablet"))
    segments = {"w": "many", "s": "few", "new": "few"}
    assert chosen(events, "new", "nobody", **segments) == [(6, 15, "tablet"), (2, 10, "phone")]


def test_a_small_segment_is_drawn_to_the_world() -> None:
    events = activity(("w", 2, 10, 3000, "phone"), ("s", 6, 15, 30, "phone"))
    assert chosen(events, "new", w="many", s="few", new="few") == [(2, 10, "phone")]


def test_outside_a_channel_s_hours_the_best_of_those_within_is_chosen() -> None:
    events = activity(("c1", 3, 22, 9, None), ("c1", 5, 19, 5, None), ("c1", 5, 20, 1, None))
    hours = {"phone": [9, 20]}
    assert chosen(events, "c1", channel="email", hours=hours)[0][:2] == (3, 22)
    assert chosen(events, "c1", channel="phone", hours=hours)[0][:2] == (5, 19)


def test_the_first_hour_of_a_channel_is_one_of_its_hours_and_the_end_is_not() -> None:
    events = activity(("c1", 1, 9, 5, None), ("c1", 2, 20, 9, None))
    assert chosen(events, "c1", channel="sms", hours={"sms": [9, 20]})[0][:2] == (2, 19)
    assert chosen(events, "c1", channel="sms", hours={"sms": [9, 21]})[0][:2] == (2, 20)
    assert chosen(events, "c1", channel="sms", hours={"sms": [9, 10]})[0][:2] == (1, 9)


def test_a_call_falls_on_one_of_its_days() -> None:
    events = activity(("c1", 7, 11, 9, None), ("c1", 3, 15, 2, None))
    weekdays = {"phone": [1, 2, 3, 4, 5]}
    assert chosen(events, "c1", channel="phone", days=weekdays)[0][:2] == (3, 15)
    assert chosen(events, "c1", channel="email", days=weekdays)[0][:2] == (7, 11)


def test_a_letter_has_a_day_and_neither_hour_nor_device() -> None:
    events = activity(("c1", 4, 11, 9, "phone"))
    assert choose(events, "c1", channel="mail").iloc[0].isna().tolist() == [False, True, True]
