"""The parameters of the contact policy, checked against the rules that there are."""

import inspect
from collections.abc import Mapping, Sequence

from pipeline.foundation.errors import ConfigurationError, unknown_name
from pipeline.offers.contact_policy import OFFER_RULES, RULES, ContactRule

RuleLimits = Mapping[str, Mapping[str, object]]
"""Rule -> its keyword arguments."""


def check_rules(names: Sequence[str], limits: RuleLimits) -> None:
    """Refuse a rule that does not exist, and limits that a rule does not ask for or that lack.

    Raises:
        ConfigurationError: with the names that would do.
    """
    every = {**RULES, **OFFER_RULES}
    for name in [*names, *limits]:
        if name not in every:
            remedy = (
                "Correct params.yaml, or add the function to pipeline/offers/contact_policy.py."
            )
            raise unknown_name("in contact_policy", name, every, remedy)
    for name in names:
        _check_limits(name, every[name], limits.get(name, {}))


def _check_limits(name: str, rule: ContactRule, given: Mapping[str, object]) -> None:
    declared = list(inspect.signature(rule).parameters.values())[1:]
    required = {entry.name for entry in declared if entry.default is inspect.Parameter.empty}
    if not required <= set(given) <= {entry.name for entry in declared}:
        raise ConfigurationError(
            f"contact_policy.limits.{name} with {', '.join(e.name for e in declared) or 'nothing'}",
            ", ".join(sorted(given)) or "nothing",
            "Correct params.yaml.",
        )


def longest_window(names: Sequence[str], limits: RuleLimits) -> int:
    """Return how many days the rules look back at most, by what they call `days`; 0 for none."""
    windows = [0]
    for name in names:
        match limits.get(name, {}).get("days"):
            case int(days):
                windows.append(days)
            case tuple(several):
                windows.extend(several)
    return max(windows)
