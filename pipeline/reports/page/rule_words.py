"""Why a customer is not contacted, in plain words; the name that the files use stands beside it."""

from collections.abc import Mapping, Sequence

from pipeline.foundation.contracts.arms import CAMPAIGN_CONTROL, TREATED, UNIVERSAL_CONTROL
from pipeline.reports.names import in_words

REASONS: Mapping[str, str] = {
    "nothing_eligible": "There is no category that they may be asked about",
    "no_product_in_stock": "No product on sale that they do not have already",
    "minimum_age": "Known to be under age",
    "consent": "No consent for any channel that was left",
    "unsubscribed": "Unsubscribed from every channel that was left",
    "bounced": "Messages bounce on every channel that was left",
    "open_incident": "Waiting for an incident to be resolved",
    "cool_off_after_complaint": "Complained a short while ago",
    "cool_off_after_return": "Returned something a short while ago",
    "cool_off_after_purchase": "Bought something a short while ago",
    "frequency_cap": "Had enough messages lately, all channels together",
    "channel_cap": "Had enough messages lately on every channel that was left",
    "already_bought": "Lately bought from every category that was left",
    "same_message": "Lately written to about every category that was left",
    "no_offer_worth_its_cost": "No offer is worth what the contact costs",
    "household_duplicates": "Somebody else of the household has the better offer",
    "over_capacity": "No room left in the channel or the budget",
    UNIVERSAL_CONTROL: "Withheld from all marketing, to measure what it causes",
    CAMPAIGN_CONTROL: "Withheld from this wave, to measure what it causes",
}
_ARM_WORDS: Mapping[str, str] = {
    TREATED: "Contacted",
    CAMPAIGN_CONTROL: "Campaign control",
    UNIVERSAL_CONTROL: "Universal control",
    "no_offer": "No offer",
}


def reason(name: str) -> str:
    """Return why a customer is not contacted."""
    return REASONS.get(name, in_words(name))


def arm(name: str) -> str:
    """Return how an arm of the experiment is called on the page."""
    return _ARM_WORDS.get(name, in_words(name))


def tell_limits(name: str, limits: Mapping[str, object]) -> str:
    """Return the name that the files use, and how far the rule goes, as code and in words."""
    said = [f"{what} {_written(value)}" for what, value in limits.items()]
    return ", ".join([f"`{name}`", *(one for one in said if not one.endswith(" "))])


def _written(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return " and ".join(str(one) for one in value)
    return str(value)
