"""How many customers an experiment takes to show an uplift, and the least uplift that one shows."""

import math

from scipy.optimize import brentq
from scipy.stats import norm

from pipeline.foundation.errors import ConfigurationError


def sample_size(
    base_rate: float, uplift: float, control_share: float, power: float, confidence: float
) -> int:
    """Return how many customers, controls included, show an uplift with the given power.

    Two-sided z-test of two proportions with arms of unequal size, without continuity correction:
    Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions (2003), section 4.2.

    Args:
        base_rate: response without contact.
        uplift: response with contact less the base rate, in absolute terms.
        control_share: of all customers in the experiment.
        power: probability that an uplift of this size shows.
        confidence: 1 less the probability that an uplift shows where there is none.

    Raises:
        ConfigurationError: a rate or share lies outside what can be.
    """
    _refuse_impossible(base_rate, control_share)
    if uplift == 0 or not 0 <= base_rate + uplift <= 1:
        raise ConfigurationError(
            "an uplift other than 0 that leaves the response between 0 and 1",
            f"{base_rate:g} + {uplift:g}",
            "Ask for another uplift.",
        )
    return math.ceil(_customers_needed(base_rate, uplift, control_share, power, confidence))


def detectable_uplift(
    base_rate: float, customers: int, control_share: float, power: float, confidence: float
) -> float | None:
    """Return the least uplift that a wave of this size shows with the given power.

    The reverse of `sample_size`; None where not even a response of everybody would show.
    """
    _refuse_impossible(base_rate, control_share)

    def missing(uplift: float) -> float:
        return _customers_needed(base_rate, uplift, control_share, power, confidence) - customers

    most = 1 - base_rate
    least = most * 1e-9
    return float(brentq(missing, least, most)) if missing(most) <= 0 < missing(least) else None


def _customers_needed(
    base_rate: float, uplift: float, control_share: float, power: float, confidence: float
) -> float:
    treated_share, rate = 1 - control_share, base_rate + uplift
    pooled = treated_share * rate + control_share * base_rate
    if_none = pooled * (1 - pooled) / (treated_share * control_share)
    if_so = rate * (1 - rate) / treated_share + base_rate * (1 - base_rate) / control_share
    sure, found = norm.ppf((1 + confidence) / 2), norm.ppf(power)
    return float(((sure * math.sqrt(if_none) + found * math.sqrt(if_so)) / uplift) ** 2)


def _refuse_impossible(base_rate: float, control_share: float) -> None:
    if not 0 < base_rate < 1 or not 0 < control_share < 1:
        raise ConfigurationError(
            "a base rate and a control share above 0 and below 1",
            f"{base_rate:g} and {control_share:g}",
            "Without controls or without responses no uplift can be shown.",
        )
