"""How well a score ranks people by what a contact causes: the Qini coefficient.

Going down the list, the curve is the responses that contacts caused so far: those of the treated
less those of the controls, scaled to the number of treated (Radcliffe, Using Control Groups to
Target on Predicted Lift, 2007). The coefficient is the mean height of the curve above the straight
line of a random order, per customer treated; 0 is a random order.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from pipeline.statistics.arrays import Floats, Ints, sum_by_code
from pipeline.statistics.bootstrap import Interval, draw_groups, interval_of

_BINS = 20


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
    places = {name: _bins(score) for name, score in scores.items()}
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
    """Return the coefficient of an order that is given as bins, 0 first."""
    treated, controls = weights * is_treated, weights * ~is_treated
    counted = [treated, treated * responded, controls, controls * responded]
    sums = np.array([np.cumsum(_sum(places, values)) for values in counted])
    people, responses, left_alone, without = sums
    scale = np.divide(people, left_alone, out=np.zeros(_BINS), where=left_alone > 0)
    caused = np.concatenate([[0.0], responses - without * scale]) / max(people[-1], 1e-12)
    depth = np.concatenate([[0.0], people]) / max(people[-1], 1e-12)
    return float(np.trapezoid(caused - depth * caused[-1], depth))


def _sum(places: Ints, values: Floats) -> Floats:
    found = sum_by_code(places, values)
    return np.pad(found, (0, _BINS - len(found)))


def _bins(scores: Floats) -> Ints:
    """Return the twentieth of the list that each row stands in, equal scores in the rows' order."""
    order = np.lexsort((np.arange(len(scores)), -scores))
    places = np.empty(len(scores), dtype=np.int64)
    places[order] = np.arange(len(scores)) * _BINS // max(len(scores), 1)
    return places


def _pairs(names: list[str]) -> Iterator[tuple[str, str]]:
    return ((one, other) for one in names for other in names if one != other)
