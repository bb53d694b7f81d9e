"""True value of a targeting policy: what its contacts cause, less what they cost.

An option is one contact that the contact policy permits: customer × candidate × channel, with its
true effect. A policy takes at most one option of each household, as the contact policy has it.

    customer  channel  value  true effect  cost   oracle's gain
    C1        email    2000   0.010          1    19   <- taken: the greatest gain above zero
    C1        phone    2000   0.030        450    -390
    C2        email    5000   -0.002         1    -11  nothing is sent

The oracle earns 19 cents with two customers, 9.5 a customer.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.foundation.contracts.keys import CUSTOMER_CATEGORY_KEYS, OFFER_KEYS
from pipeline.foundation.errors import DataError
from pipeline.statistics.arrays import Floats, Ints, sum_by_code
from pipeline.statistics.within_group import best_of_each

OPTION_KEYS = ("model", *CUSTOMER_CATEGORY_KEYS, "channel")
Flags = npt.NDArray[np.bool_]
_Z = 1.959964  # 95 in 100 of a normal distribution


@dataclass(frozen=True)
class Options:
    """Permitted contacts, sorted by OPTION_KEYS; one entry a row."""

    keys: pd.DataFrame
    """OPTION_KEYS."""
    customers: Ints
    """Codes from 0; every customer with a permitted contact has one."""
    households: Ints
    """Codes from 0 of the randomisation units; whoever lives in none is one."""
    value_cents: Floats
    """Of one acquisition."""
    weight: Floats
    """Context × lever."""
    cost_cents: Floats
    true_effect: Floats
    """Change of the probability of acquisition."""

    def gain(self, effect: Floats) -> Floats:
        """Return the priority of each option by an effect: effect × value × weight − cost."""
        gained: Floats = effect * self.value_cents * self.weight - self.cost_cents
        return gained

    @property
    def profit(self) -> Floats:
        """Return what each option truly earns, in cents."""
        earned: Floats = self.true_effect * self.value_cents - self.cost_cents
        return earned


@dataclass(frozen=True)
class PolicyValue:
    """What a policy truly earns."""

    offers: int
    by_customer: Floats
    """Cents by customer code; 0 for whoever is left alone."""
    by_channel: Mapping[str, float]
    """Cents by channel, of its offers."""


@dataclass(frozen=True)
class Mean:
    """A mean a customer with its 95% confidence interval, clustered by household."""

    value: float
    low: float
    high: float


def take_best(options: Options, gain: Floats) -> Ints:
    """Return the rows that a policy takes: the best of each household, one customer's.

    Equal gains go to the option that comes first by OPTION_KEYS. A gain of zero is left alone.
    """
    worth = np.flatnonzero(gain > 0)
    # The best of a household is also the best of its customer.
    return worth[best_of_each(_dense(options.households[worth]), gain[worth], worth)]


def contacts_of_own_candidates(options: Options, taken: Ints, gain: Floats) -> Flags:
    """Say which contacts are about the candidate that a decision chose for its household.

    Args:
        options: the permitted contacts.
        taken: the rows that the decision takes.
        gain: by which it chose; of a household that it leaves alone, the best by it is its own.
    """
    best = best_of_each(options.households, gain, np.arange(len(gain)))
    is_left_alone = ~np.isin(options.households[best], options.households[taken])
    own = np.concatenate([taken, best[is_left_alone]])
    candidates = options.keys.groupby([*OFFER_KEYS], observed=True).ngroup().to_numpy()
    return np.isin(candidates, candidates[own])


def find_offers(options: Options, offers: pd.DataFrame) -> Ints:
    """Return the rows that a decision took.

    Args:
        options: everything it might have taken.
        offers: OPTION_KEYS, each customer once.

    Raises:
        DataError: an offer is not among the options.
    """
    keys = list(OPTION_KEYS)
    places = pd.MultiIndex.from_frame(options.keys[keys].astype("object")).get_indexer(
        pd.MultiIndex.from_frame(offers[keys].astype("object"))
    )
    if (places < 0).any():
        raise DataError(
            "offers among the permitted contacts",
            f"{int((places < 0).sum())} others",
            "Decide with the parameters that the options were listed with.",
        )
    return np.sort(places).astype(np.int64)


def value_rows(options: Options, rows: Ints) -> PolicyValue:
    """Return what the rows that a policy takes truly earn."""
    profit = options.profit[rows]
    earned = np.zeros(len(options.customers))
    earned[rows] = profit
    by_customer = sum_by_code(options.customers, earned)
    channels = pd.Series(profit).groupby(options.keys["channel"].to_numpy()[rows]).mean()
    by_channel = {str(name): float(cents) for name, cents in channels.items()}
    return PolicyValue(len(rows), by_customer, by_channel)


def mean_of(options: Options, by_customer: Floats) -> Mean:
    """Return the mean of a figure by customer; members of a household are one draw.

    The interval is that of a mean of so many independent households (Cochran, 1977, cluster
    sampling): the customers of this company as a sample of all that it might have had.
    """
    firsts = np.unique(options.customers, return_index=True)[1]
    mean = float(by_customer.mean())
    gaps = sum_by_code(_dense(options.households[firsts]), by_customer - mean)
    reach = _Z * float(np.sqrt((gaps**2).sum())) / len(by_customer)
    return Mean(mean, mean - reach, mean + reach)


def _dense(codes: Ints) -> Ints:
    return np.unique(codes, return_inverse=True)[1].astype(np.int64)
