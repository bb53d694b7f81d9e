"""Qini coefficient: how well a score ranks customers by what a contact causes.

Going down the list, the curve is the responses that contacts caused so far: those of the treated
less those of the controls, scaled to the number of treated (Radcliffe, Using Control Groups to
Target on Predicted Lift, 2007). The coefficient is the mean height of the curve above the straight
line of a random order, per customer treated; 0 is a random order.

Whoever has the same score stands in the same place: within it the curve is a straight line, which
is what all orders of the tied customers give on average. A constant score has a coefficient of 0.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from pipeline.statistics.arrays import Floats, Ints, sum_by_code
from pipeline.statistics.bootstrap import Interval, draw_groups, interval_of

_POINTS = 20
"""Steps of the curve: finer ones show the luck of the first few controls."""


def compare_qini(
    scores: Mapping[str, Floats],
    responded: npt.NDArray[np.bool_],
    is_treated: npt.NDArray[np.bool_],
    groups: npt.NDArray[np.integer],
    *,
    replicates: int,
    seed: int,
) -> tuple[dict[str, Interval], dict[tuple[str, str], Interval]]:
    """Return the coefficient of each score, and of each pair the first less the second.

    Args:
        scores: by name, higher comes first.
        responded: what happened.
        is_treated: the arm, drawn at random.
        groups: whole numbers from 0; who has the same is drawn together.
        replicates: draws of the groups.
        seed: of the draws.
    """
    places = {name: places_of(score) for name, score in scores.items()}
    ones = np.ones(len(responded))
    point = {name: qini(place, responded, is_treated, ones) for name, place in places.items()}
    drawn = {
        name: np.array(
            [
                qini(place, responded, is_treated, weights[groups])
                for weights in draw_groups(int(groups.max()) + 1, replicates, seed)
            ]
        )
        for name, place in places.items()
    }
    alone = {name: interval_of(point[name], drawn[name]) for name in scores}
    pairs = {
        (one, other): interval_of(point[one] - point[other], drawn[one] - drawn[other])
        for one, other in _pairs(list(scores))
    }
    return alone, pairs


def qini(
    places: Ints,
    responded: npt.NDArray[np.bool_],
    is_treated: npt.NDArray[np.bool_],
    weights: Floats,
) -> float:
    """Return the coefficient of an order of customers.

    Three customers: the first treated, who responds, then a control who does not, then a treated
    one who does not. The curve rises to 1/2 response a treated customer at half of the way (of the
    treated) and stays there; the random line rises to 1/2 evenly. Between 0 and 1/2 the curve's
    triangle has the area 1/8, then the rectangle 1/4, less 1/4 below the line: 0.125.

    Args:
        places: of each customer in the list, 0 first; tied customers share one.
        responded: what happened.
        is_treated: the arm, drawn at random.
        weights: how often each customer counts.
    """
    treated, controls = weights * is_treated, weights * ~is_treated
    counted = [weights, treated, treated * responded, controls, controls * responded]
    sums = [np.concatenate([[0.0], np.cumsum(sum_by_code(places, one))]) for one in counted]
    # The curve is read at even steps down the list, in a straight line through each shared place.
    steps = np.linspace(0, sums[0][-1], _POINTS + 1)
    people, responses, left_alone, without = (np.interp(steps, sums[0], one) for one in sums[1:])
    scale = np.divide(people, left_alone, out=np.zeros(_POINTS + 1), where=left_alone > 0)
    everybody = max(people[-1], 1e-12)
    caused, depth = (responses - without * scale) / everybody, people / everybody
    return float(np.trapezoid(caused - depth * caused[-1], depth))


def places_of(scores: Floats) -> Ints:
    """Return the place of each row in the list, 0 for the highest score; equal scores share one."""
    return np.unique(-scores, return_inverse=True)[1].astype(np.int64)


def _pairs(names: list[str]) -> Iterator[tuple[str, str]]:
    return ((one, other) for one in names for other in names if one != other)
