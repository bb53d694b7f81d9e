"""Who may not be contacted, each rule one function: what it excludes, and nothing else.

A rule returns keys: `customer_id` alone excludes the customer, with `channel` it closes a channel,
with `category` it takes a category from the customer's candidates. A rule looks through `History`,
so it knows what was known before the as-of date; windows are half-open, `age_days <= days`.

To add a rule, write a function, list it in `RULES`, and name it in `contact_policy.rules`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from pipeline.foundation.contracts.keys import CUSTOMER_CATEGORY_KEYS, CUSTOMER_CHANNEL_KEYS
from pipeline.population.consents import (
    recorded_consents,
    refused_under_another_name,
    unsubscriptions,
)
from pipeline.population.history import History
from pipeline.population.joins import left_join

ContactRule = Callable[..., ir.Table]


@dataclass(frozen=True)
class ContactFacts:
    """What the rules look at: one as-of date."""

    history: History
    customers: ir.Table
    """`History.customers`, computed once."""
    candidates: ir.Table
    """customer_id, model, category, product_id: what could be offered; no product, nothing to sell."""
    reachable: ir.Table
    """customer_id × channel: every known customer on every channel that has a cost."""
    contacts: ir.Table
    """customer_id, channel, category, age_days: every message known to have been sent, no further
    back than the longest window of the rules, which each of them calls `days`."""


def no_product_in_stock(facts: ContactFacts) -> ir.Table:
    """Exclude a category of which no product is launched, not retired and new to the customer."""
    candidates = facts.candidates
    missing = candidates.group_by(*CUSTOMER_CATEGORY_KEYS).aggregate(
        products=candidates.product_id.count()
    )
    return missing.filter(missing.products == 0).select(*CUSTOMER_CATEGORY_KEYS)


def minimum_age(facts: ContactFacts, *, years: int) -> ir.Table:
    """Exclude whoever is known to be younger; an unknown birth date excludes nobody."""
    customers = facts.customers
    day, birth = customers.as_of_date, customers.birth_date
    had_no_birthday = day.month() * 100 + day.day() < birth.month() * 100 + birth.day()
    age = day.year() - birth.year() - had_no_birthday.cast("int64")
    return customers.filter(birth.notnull() & (age < years)).select("customer_id")


def consent(facts: ContactFacts, *, without_record: Sequence[str] = ()) -> ir.Table:
    """Close every channel without consent, except channels that may go without any record.

    No channel goes without one for whoever refused under a name that is none of the channels'.
    """
    pairs = facts.reachable
    needs_no_record = pairs.channel.isin(list(without_record) or [""])
    if not facts.history.has("consents"):
        return pairs.filter(~needs_no_record)
    recorded = left_join(pairs, recorded_consents(facts.history), CUSTOMER_CHANNEL_KEYS)
    unclear = refused_under_another_name(facts.history, without_record)
    unclear = unclear.mutate(is_unclear=ibis.literal(True))
    recorded = left_join(recorded, unclear, ["customer_id"])
    is_open = recorded.channel.isin(list(without_record) or [""]) & recorded.is_unclear.isnull()
    may = recorded.granted.fill_null(is_open)
    return recorded.filter(~may).select(*CUSTOMER_CHANNEL_KEYS)


def unsubscribed(facts: ContactFacts) -> ir.Table:
    """Close a channel that the customer unsubscribed from, until consent is given again."""
    return unsubscriptions(facts.history)


def bounced(facts: ContactFacts, *, times: int, days: int) -> ir.Table:
    """Close a channel that sent messages back so many times."""
    messages = facts.history.known("messages")
    recent = messages.filter(messages.bounced_at.notnull() & (messages.age_days <= days))
    counted = recent.group_by(*CUSTOMER_CHANNEL_KEYS).aggregate(bounces=recent.count())
    return counted.filter(counted.bounces >= times).select(*CUSTOMER_CHANNEL_KEYS)


def channel_cap(facts: ContactFacts, *, days: Sequence[int], messages: Sequence[int]) -> ir.Table:
    """Close a channel that has carried `messages[i]` messages in the last `days[i]` days."""
    return _capped(facts.contacts, [*CUSTOMER_CHANNEL_KEYS], days, messages)


def frequency_cap(facts: ContactFacts, *, days: Sequence[int], messages: Sequence[int]) -> ir.Table:
    """Exclude whoever got `messages[i]` messages in the last `days[i]` days, channels together."""
    return _capped(facts.contacts, ["customer_id"], days, messages)


def same_message(facts: ContactFacts, *, days: int) -> ir.Table:
    """Exclude a category that the customer was written about lately, on whatever channel."""
    contacts = facts.contacts
    recent = contacts.filter(contacts.category.notnull() & (contacts.age_days <= days))
    return recent.select(*CUSTOMER_CATEGORY_KEYS).distinct()


def already_bought(facts: ContactFacts, *, days: int) -> ir.Table:
    """Exclude a category that the customer bought of lately."""
    recent = _recent_events(facts.history, "acquired", days)
    return recent.select(*CUSTOMER_CATEGORY_KEYS).distinct()


def cool_off_after_purchase(facts: ContactFacts, *, days: int) -> ir.Table:
    """Leave a customer alone after a purchase."""
    return _recent_events(facts.history, "acquired", days).select("customer_id").distinct()


def cool_off_after_return(facts: ContactFacts, *, days: int) -> ir.Table:
    """Leave a customer alone after a return."""
    return _recent_events(facts.history, "returned", days).select("customer_id").distinct()


def cool_off_after_complaint(facts: ContactFacts, *, days: int) -> ir.Table:
    """Leave a customer alone after a complaint."""
    touches = facts.history.known("interactions")
    recent = touches.filter((touches.kind == "complaint") & (touches.age_days <= days))
    return recent.select("customer_id").distinct()


def open_incident(facts: ContactFacts, *, days: int) -> ir.Table:
    """Leave a customer alone whose incident is not resolved; older ones count as forgotten."""
    touches = facts.history.known("interactions")
    unresolved = touches.filter(
        (touches.kind == "incident") & touches.resolved_at.isnull() & (touches.age_days <= days)
    )
    return unresolved.select("customer_id").distinct()


def household_duplicates(offers: ir.Table) -> ir.Table:
    """Leave out all of a household but the person whose offer is worth most."""
    window = ibis.window(
        group_by="household_id", order_by=[ibis.desc(offers.priority_cents), offers.customer_id]
    )
    placed = offers.mutate(place=ibis.row_number().over(window))
    return placed.filter(placed.household_id.notnull() & (placed.place > 0)).select("customer_id")


RULES: Mapping[str, ContactRule] = {
    rule.__name__: rule
    for rule in (
        no_product_in_stock,
        minimum_age,
        consent,
        unsubscribed,
        bounced,
        open_incident,
        cool_off_after_complaint,
        cool_off_after_return,
        cool_off_after_purchase,
        frequency_cap,
        channel_cap,
        already_bought,
        same_message,
    )
}
# Rules that compare offers, so that they can only be asked once there are some:
# customer_id, household_id and priority_cents of the best offer of each customer.
OFFER_RULES: Mapping[str, ContactRule] = {rule.__name__: rule for rule in (household_duplicates,)}
# What a rule cannot do without; where the source lacks it, the rule excludes nobody, in the open.
NEEDS: Mapping[str, str] = {
    "unsubscribed": "messages",
    "bounced": "messages",
    "cool_off_after_complaint": "interactions",
    "open_incident": "interactions",
}


def _recent_events(history: History, kind: str, days: int) -> ir.Table:
    events = history.known("product_events")
    return events.filter((events.kind == kind) & (events.age_days <= days))


def _capped(
    contacts: ir.Table, keys: Sequence[str], days: Sequence[int], messages: Sequence[int]
) -> ir.Table:
    counts = {f"in_{window}d": contacts.count(where=contacts.age_days <= window) for window in days}
    counted = contacts.group_by(list(keys)).aggregate(**counts)
    is_full = [counted[f"in_{window}d"] >= cap for window, cap in zip(days, messages, strict=True)]
    return counted.filter(ibis.or_(*is_full)).select(*keys)
