"""The answer to "why this offer?" and "why not this customer?", in plain words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pipeline.foundation.contracts.arms import CAMPAIGN_CONTROL, UNIVERSAL_CONTROL
from pipeline.offers.arbitration import NOT_WORTH_IT, OVER_CAPACITY
from pipeline.offers.contact_policy import OFFER_RULES, RULES
from pipeline.offers.policy_application import NOTHING_ELIGIBLE

WORDS: Mapping[str, str] = {
    NOTHING_ELIGIBLE: "no model has anything to ask this customer about",
    NOT_WORTH_IT: "no offer is expected to bring in more than its contact costs",
    OVER_CAPACITY: "others made better use of the capacities or the budget of the wave",
    UNIVERSAL_CONTROL: "the customer belongs to the control group that receives no marketing",
    CAMPAIGN_CONTROL: "the customer was drawn into the control group of this wave",
}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def explain_reason(reason: str) -> str:
    """Return what a reason means: a rule's is the first line of its function."""
    if reason in WORDS:
        return WORDS[reason]
    rule = {**RULES, **OFFER_RULES}.get(reason)
    first = ((rule.__doc__ if rule else None) or reason).splitlines()[0].rstrip(".")
    return f"the contact policy has the rule to {first[:1].lower()}{first[1:]}"


def answer(
    customer_id: str, decided: Mapping[str, Any] | None, others: Sequence[Mapping[str, Any]]
) -> str:
    """Return the whole answer, one sentence a line.

    Args:
        customer_id: who is asked about.
        decided: the customer's row of NEXT_BEST_OFFERS, or nothing.
        others: the customer's rows of RUNNERS_UP, in order.
    """
    if decided is None:
        return (
            f"{customer_id} is not among the offers: no such customer was known on the scoring day."
        )
    lines = [_verdict(decided)]
    if decided["model"] is not None:
        lines.append(_offer(decided))
        if decided["effect"] is not None:
            lines.append(_effect(decided))
        lines += [f"Runner-up {row['position']}: {_product(row)}." for row in others]
    return "\n".join(lines)


def _verdict(decided: Mapping[str, Any]) -> str:
    who = f"{decided['customer_id']} in wave {decided['wave']}"
    reason = decided["suppression_reason"]
    if reason is None and decided["is_explored"]:
        return f"{who} is to be contacted, drawn at random to learn what contacts cause."
    if reason is None:
        return f"{who} is to be contacted."
    return f"{who} is not to be contacted ({reason}): {explain_reason(str(reason))}."


def _offer(decided: Mapping[str, Any]) -> str:
    until: date = decided["valid_until"]
    return (
        f"Offer: {_product(decided)}, less {_money(decided['contact_cost_cents'])} for the contact; "
        f"by {decided['channel']}{_moment(decided)}; valid until {until}."
    )


def _moment(decided: Mapping[str, Any]) -> str:
    """Return when it is sent, as far as that is known: a letter is posted on a day, at no hour."""
    if decided["weekday"] is None:
        return ""
    day = DAYS[decided["weekday"] - 1]
    return f", on {day}" if decided["hour"] is None else f", {day} at {decided['hour']:02d}:00"


def _effect(decided: Mapping[str, Any]) -> str:
    """Return what the contact is expected to change: a difference of probabilities, and money."""
    changed, low, high = (100 * decided[name] for name in ("effect", "effect_low", "effect_high"))
    added = decided["effect"] * decided["value_cents"] - decided["contact_cost_cents"]
    return (
        f"The contact changes that by {changed:.2f} percentage points ({low:.2f} to {high:.2f}), which "
        f"adds {_money(added)} net of its cost."
    )


def _product(row: Mapping[str, Any]) -> str:
    return (
        f"{row['product_id']} of {row['category']} ({row['model']}), taken up by "
        f"{row['propensity']:.2%} of such customers, worth {_money(row['value_cents'])} then"
    )


def _money(cents: float) -> str:
    return f"{cents / 100:,.2f}"
