"""Power and precision of an experiment: its size, the least uplift it shows, controls, exploration."""

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


def control_share_for_precision(
    base_rate: float, customers: int, half_width: float, confidence: float
) -> float | None:
    """Return the least share of controls that lets an effect be known to within a half-width.

    Both arms respond at the base rate but for the effect, so the variance of their difference is
    r (1 - r) / (n s (1 - s)); it is least at s = 1/2. At a rate of 0.1, 10,000 customers and 0.01 to
    either side with 95% confidence, s (1 - s) must be 0.09 x 1.96^2 / (10,000 x 0.01^2) = 0.346: more
    than 1/4, so None. For 0.02 it is 0.0864, and s = (1 - sqrt(1 - 4 x 0.0864)) / 2 = 0.0956.

    Args:
        base_rate: response without contact.
        customers: of the experiment, controls included.
        half_width: of the effect's confidence interval, in absolute terms.
        confidence: of the interval.
    """
    _refuse_impossible(base_rate, 0.5)
    needed = _variance(base_rate) / customers / _error(half_width, confidence) ** 2
    return None if needed > 0.25 else (1 - math.sqrt(1 - 4 * needed)) / 2


def exploration_share_for_precision(
    base_rate: float,
    customers: int,
    contacts: int,
    half_width: float,
    confidence: float,
    *,
    control_share: float,
) -> float | None:
    """Return the least share to explore so that each contact's effect is known to a half-width.

    Explored customers are spread evenly over the contacts, and each contact's are compared with all
    controls: r (1 - r) (1 / n_contact + 1 / n_controls) is the variance. At a rate of 0.1, 10,000
    customers of whom a half are controls, five contacts and 0.03 to either side with 95% confidence,
    the controls leave 0.0002343 - 0.000018 of the variance: 416 a contact, 0.208 in all.

    Returns:
        None where the controls are too few, or not even everybody would do.
    """
    _refuse_impossible(base_rate, control_share)
    spread = _variance(base_rate)
    left = _error(half_width, confidence) ** 2 - spread / (customers * control_share)
    if left <= 0:
        return None
    explored = contacts * spread / left / customers
    return explored if explored <= 1 - control_share else None


def _variance(rate: float) -> float:
    return rate * (1 - rate)


def _error(half_width: float, confidence: float) -> float:
    """Return the standard error of which a confidence interval has this half-width."""
    return half_width / float(norm.ppf((1 + confidence) / 2))


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
