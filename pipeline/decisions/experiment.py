"""Who is left alone so that the campaign's effect can be measured, and how many that takes.

The universal control is withheld from all marketing, wave after wave; a campaign control from one
wave. Both are drawn by salted hash, so that nobody stores a random number: the same customers and
the same salt give the same controls, on any machine and in any order of the rows.
"""

import hashlib
import math

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import brentq
from scipy.stats import norm

from pipeline.foundation.errors import ConfigurationError

_DECILES = 10


def universal_control(
    customers: pd.DataFrame, *, share: float, salt: str, earlier: pd.DataFrame | None
) -> "pd.Series[bool]":
    """Say who is withheld from all marketing, households together.

    Whoever was in an earlier wave keeps the place; who joins their household takes the same.

    Args:
        customers: customer_id and household_id, which may be empty.
        share: of the households that have no place yet.
        salt: of the hash; another salt draws others.
        earlier: customer_id and is_universal_control of waves that were sent, or None.
    """
    household = _households(customers)
    drawn = _draw(household, salt) < share
    if earlier is None or earlier.empty:
        return drawn
    places = earlier.groupby("customer_id")["is_universal_control"].max()
    own = customers["customer_id"].map(places.astype("boolean"))
    theirs = own.groupby(household).transform("max")
    return own.fillna(theirs).fillna(drawn).astype(bool)


def campaign_control(offered: pd.DataFrame, *, share: float, salt: str) -> "pd.Series[bool]":
    """Say who is withheld from this wave, alike in every campaign and decile of propensity.

    Every household is withheld with the same probability. Within a campaign households are put in
    order of decile and hash, and every (1 / share)-th is taken from a random start on, so that
    each decile gives its share to within one household. A household stands where its likeliest
    member does.

    Args:
        offered: customer_id, household_id, campaign and propensity; one row a customer. The
            campaign names its wave, so that another wave draws others.
        share: of the households.
        salt: of the hash.
    """
    keyed = offered.assign(household=_households(offered))
    first = keyed.sort_values(["propensity", "customer_id"], ascending=[False, True])
    first = first.drop_duplicates("household")
    place = _draw(first["campaign"] + "|" + first["household"], salt)
    first = first.assign(decile=_deciles(first), place=place)
    first = first.sort_values(["campaign", "decile", "place", "household"])
    number = first.groupby("campaign").cumcount()
    start = _draw(first["campaign"], salt)
    is_next = np.floor((number + 1) * share + start) > np.floor(number * share + start)
    withheld = pd.Series(np.asarray(is_next), index=first["household"].to_numpy())
    return keyed["household"].map(withheld).astype(bool)


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


def _households(customers: pd.DataFrame) -> "pd.Series[str]":
    """Return what is drawn together: the household, or the customer who has none."""
    alone = "customer " + customers["customer_id"].astype(str)
    together = "household " + customers["household_id"].astype("string")
    return together.fillna(alone).astype(str)


def _deciles(offered: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return the tenth of its campaign that each row stands in; rows are sorted, best first."""
    campaign = offered.groupby("campaign")["propensity"]
    rank, size = campaign.cumcount() + 1, campaign.transform("size")
    return np.asarray(-(-rank * _DECILES // size), dtype=np.int64)


def _draw(names: "pd.Series[str]", salt: str) -> "pd.Series[float]":
    """Return a number from [0, 1) for each name: the first 52 bits of its salted SHA-256."""
    codes, different = pd.factorize(names)
    digests = [hashlib.sha256(f"{salt}|{name}".encode()).digest() for name in different]
    numbers = np.array([int.from_bytes(digest[:8], "big") >> 12 for digest in digests], np.float64)
    return pd.Series(numbers[codes] / 2**52, index=names.index)
