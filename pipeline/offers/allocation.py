"""Allocation: a multiple-choice knapsack, at most one offer a customer within capacities and budget.

Where no limit binds, everybody gets the offer that is worth most to them. Otherwise the linear
relaxation (HiGHS, sparse) decides. It has at most as many fractional customers as there are limits
that bind; those few are settled by an integer programme. A company too large for that gets its dual
prices from a sample first, improved on everybody by dual ascent: whoever has one clearly best offer
at those prices is settled, the rest is solved, and by weak duality the prices also give a bound on
how far from the optimum the result can be (Fisher, Management Science 27, 1981).

Three customers, one call to make (capacity of phone 1):

    customer  offer      worth       the call costs a dual price of 3: what each offer is worth net
    a         tv, phone      9   9 - 3 = 6    best: settled, takes the call
              tv, email      5       5
    b         tv, phone      8   8 - 3 = 5    a tie with the e-mail: left open
              tv, email      5       5
    c         tea, email     1       1        best: settled

Left to the integer programme is b alone, with no capacity left: e-mail. In all 9 + 5 + 1 = 15, and
the bound says the same: 6 + 5 + 1 net, and 3 for the capacity.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp, minimize

from pipeline.foundation.errors import BrokenCheckError, unknown_name
from pipeline.offers.priority import group_codes

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

WHOLE_ROWS = 2_000  # up to so many offers the integer programme decides alone
DIRECT_CUSTOMERS = 40_000  # up to so many the linear programme is solved in one piece
GAP = 1e-4  # of the bound, within which a result counts as the optimum
FRACTIONAL = 1e-6  # a share of an offer nearer to 0 or 1 is rounding of the solver


@dataclass(frozen=True)
class Limits:
    """How many offers there may be of each kind, and what all contacts may cost."""

    models: Mapping[str, int]
    categories: Mapping[str, int]
    channels: Mapping[str, int]
    budget_cents: int | None


@dataclass(frozen=True)
class Allocation:
    """Which offers are made."""

    chosen: Mask
    """One entry an offer; at most one of a customer's is true."""
    value: float
    bound: float
    """No allocation can be worth more."""
    is_bound_by_limits: bool


@dataclass(frozen=True)
class _Problem:
    """Worth and customer of each offer; what it uses of each limit."""

    worth: Floats
    customers: Ints
    use: sparse.csr_array
    capacity: Floats

    def part(self, rows: Ints, capacity: Floats) -> "_Problem":
        """Return the problem of some offers, with the capacity that is left for them."""
        codes = np.unique(self.customers[rows], return_inverse=True)[1].astype(np.int64)
        return _Problem(self.worth[rows], codes, self.use[:, rows], capacity)


def allocate(offers: pd.DataFrame, limits: Limits) -> Allocation:
    """Choose at most one offer of each customer.

    Args:
        offers: customer_id, model, category, channel, priority_cents, contact_cost_cents; all of a
            customer together, the one worth most first, none worth nothing.
        limits: what may not be exceeded.
    """
    customers = group_codes(offers["customer_id"])
    worth = offers["priority_cents"].to_numpy(dtype="float64")
    first = np.r_[True, np.diff(customers) > 0][: len(offers)]
    use, capacity = count_uses(offers, limits)
    if (use @ first.astype(float) <= capacity).all():
        value = float(worth[first].sum())
        return Allocation(first, value, value, is_bound_by_limits=False)
    chosen, bound = _solve(_Problem(worth, customers, use, capacity))
    return Allocation(chosen, float(worth[chosen].sum()), bound, is_bound_by_limits=True)


def count_uses(offers: pd.DataFrame, limits: Limits) -> tuple[sparse.csr_array, Floats]:
    """Return limits × offers of what is used, and the capacity of each limit."""
    rows: list[Floats] = []
    capacity: list[float] = []
    for column, capacities in (
        ("model", limits.models),
        ("category", limits.categories),
        ("channel", limits.channels),
    ):
        names = offers[column].to_numpy(dtype=object)
        for name, most in sorted(capacities.items()):
            rows.append((names == name).astype("float64"))
            capacity.append(most)
    if limits.budget_cents is not None:
        rows.append(offers["contact_cost_cents"].to_numpy(dtype="float64"))
        capacity.append(limits.budget_cents)
    matrix = np.vstack(rows) if rows else np.zeros((0, len(offers)))
    return sparse.csr_array(matrix), np.array(capacity, dtype="float64")


def check_limits(
    limits: Limits, *, models: set[str], categories: set[str], channels: set[str]
) -> None:
    """Refuse a capacity of something that is not offered.

    Raises:
        ConfigurationError: with the names that would do.
    """
    for what, capacities, names in (
        ("models", limits.models, models),
        ("categories", limits.categories, categories),
        ("channels", limits.channels, channels),
    ):
        for name in capacities:
            if name not in names:
                raise unknown_name(f"in decide.capacities.{what}", name, names)


def _solve(problem: _Problem) -> tuple[Mask, float]:
    customers = int(problem.customers[-1]) + 1
    if len(problem.worth) <= WHOLE_ROWS:
        chosen = _solve_whole(problem)
        return chosen, float(problem.worth[chosen].sum())
    if customers <= DIRECT_CUSTOMERS:
        return _solve_direct(problem)[:2]
    # Every n-th customer, in order of id, not a random draw: the same on every machine.
    sample = np.arange(0, customers, -(-customers // (DIRECT_CUSTOMERS // 2)))
    rows = np.flatnonzero(np.isin(problem.customers, sample))
    prices = _relax(problem.part(rows, problem.capacity * len(sample) / customers))[1]
    prices = _ascend_dual(problem, prices)
    open_customers = DIRECT_CUSTOMERS // 2
    while True:
        open_customers = min(2 * open_customers, customers)
        found = _fix_and_solve(problem, prices, open_customers)
        if found is not None:
            chosen, prices, bound = found
            if bound - problem.worth[chosen].sum() <= GAP * bound or open_customers == customers:
                return chosen, bound


def _fix_and_solve(
    problem: _Problem, prices: Floats, open_customers: int
) -> tuple[Mask, Floats, float] | None:
    """Settle everybody but the customers nearest to a tie at these prices, and solve for those.

    Returns:
        Nothing where those who are settled exceed a limit: more customers must be left open.
    """
    net = problem.worth - problem.use.T @ prices
    best, margin = _best_and_margin(problem.customers, net)
    is_open = np.zeros(len(margin), dtype=bool)
    is_open[np.argsort(margin, kind="stable")[:open_customers]] = True
    chosen = np.zeros(len(net), dtype=bool)
    chosen[best[(net[best] > 0) & ~is_open]] = True
    left = problem.capacity - problem.use @ chosen
    if (left < 0).any():
        return None
    rows = np.flatnonzero(is_open[problem.customers])
    part, _, new_prices = _solve_direct(problem.part(rows, left))
    chosen[rows] = part
    return chosen, new_prices, _dual_bound(problem, new_prices)


def _ascend_dual(problem: _Problem, prices: Floats) -> Floats:
    """Improve the dual prices of a sample on everybody (dual ascent).

    The bound is convex but has a kink wherever a customer's best offer changes; of many customers it
    is nearly smooth, so that a quasi-Newton method serves, and the prices need not be exact.
    """
    starts = np.flatnonzero(np.r_[True, np.diff(problem.customers) > 0])
    scale = max(float(problem.worth.sum()), 1.0)

    def bound_and_slope(trial: Floats) -> tuple[float, Floats]:
        net = problem.worth - problem.use.T @ trial
        best = np.maximum.reduceat(net, starts)
        taken = (net == best[problem.customers]) & (net > 0)
        bound = np.maximum(best, 0).sum() + trial @ problem.capacity
        return float(bound) / scale, (problem.capacity - problem.use @ taken) / scale

    found = minimize(
        bound_and_slope,
        prices,
        jac=True,
        method="L-BFGS-B",
        bounds=[(0, None)] * len(prices),
        options={"ftol": 1e-13, "gtol": 0.0, "maxiter": 200},
    )
    return np.asarray(found.x)


def _dual_bound(problem: _Problem, prices: Floats) -> float:
    """Return what no allocation can exceed, at any prices of the limits (weak duality)."""
    net = problem.worth - problem.use.T @ prices
    starts = np.flatnonzero(np.r_[True, np.diff(problem.customers) > 0])
    best = np.maximum.reduceat(net, starts)
    return float(np.maximum(best, 0).sum() + prices @ problem.capacity)


def _best_and_margin(customers: Ints, net: Floats) -> tuple[Ints, Floats]:
    """Return each customer's best row, and by how much it beats the next, or no offer at all."""
    order = np.lexsort((-net, customers))
    starts = np.flatnonzero(np.r_[True, np.diff(customers) > 0])
    best = order[starts]
    sizes = np.diff(np.r_[starts, len(net)])
    second = np.where(sizes > 1, net[order[np.minimum(starts + 1, len(net) - 1)]], 0.0)
    runner_up = np.where(net[best] > 0, np.maximum(second, 0.0), net[best])
    return best, np.where(net[best] > 0, net[best] - runner_up, -net[best])


def _solve_direct(problem: _Problem) -> tuple[Mask, float, Floats]:
    """Solve the relaxation, then round its few fractional customers by an integer programme."""
    shares, prices, bound = _relax(problem)
    chosen = shares > 1 - FRACTIONAL
    fractional = np.unique(problem.customers[(shares > FRACTIONAL) & ~chosen])
    if len(fractional):
        rows = np.flatnonzero(np.isin(problem.customers, fractional))
        chosen[rows] = _solve_whole(problem.part(rows, problem.capacity - problem.use @ chosen))
    return chosen, bound, prices


def _one_each(problem: _Problem) -> sparse.csr_array:
    count = len(problem.worth)
    return sparse.csr_array(
        (np.ones(count), (problem.customers, np.arange(count))),
        shape=(int(problem.customers[-1]) + 1, count),
    )


def _relax(problem: _Problem) -> tuple[Floats, Floats, float]:
    """Solve the linear relaxation: the share of each offer, the dual prices of the limits, the worth."""
    each = _one_each(problem)
    solution = linprog(
        -problem.worth,
        A_ub=sparse.vstack([each, problem.use], format="csr"),
        b_ub=np.r_[np.ones(each.shape[0]), problem.capacity],
        bounds=(0, 1),
        method="highs-ipm",
    )
    if solution.x is None:
        raise BrokenCheckError("an optimum within the limits", solution.message, "Report it.")
    prices = np.maximum(-solution.ineqlin.marginals[each.shape[0] :], 0.0)
    return np.asarray(solution.x), prices, float(problem.worth @ solution.x)


def _solve_whole(problem: _Problem) -> Mask:
    """Return the exact optimum of a small problem."""
    each = _one_each(problem)
    limits = [LinearConstraint(each, ub=np.ones(each.shape[0]))]
    if len(problem.capacity):
        limits.append(LinearConstraint(problem.use, ub=problem.capacity))
    solution = milp(
        -problem.worth,
        constraints=limits,
        integrality=np.ones(len(problem.worth), dtype=np.int64),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0},
    )
    if solution.x is None:
        raise BrokenCheckError("an optimum within the limits", solution.message, "Report it.")
    return np.asarray(solution.x) > 0.5
