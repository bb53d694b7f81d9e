"""What the study searches, and how far: the fewer the positives, the simpler the trees."""

from dataclasses import asdict, dataclass
from typing import Any

from pipeline.models.boosting import MAX_LEAVES, BoostingParams

TRIAL_LEARNING_RATE = (
    0.1  # one rate for all trials: their rounds are comparable, so pruning is fair
)
MANY_TEXTS = 10
"""A text column with more values than this makes the smoothing of categories worth a search."""


@dataclass(frozen=True)
class Range:
    """A parameter's limits."""

    low: float
    high: float
    is_log: bool = False
    is_whole: bool = False


@dataclass(frozen=True)
class SearchSpace:
    """The parameters searched, and where the search starts."""

    ranges: dict[str, Range]
    starts: tuple[BoostingParams, ...]

    def to_params(self, values: dict[str, Any]) -> BoostingParams:
        """Return boosting parameters: those searched as given, the others as the first start."""
        return BoostingParams(**(asdict(self.starts[0]) | values))

    def inside(self, params: BoostingParams) -> dict[str, Any]:
        """Return the searched parameters of a start, moved inside their ranges."""
        given = asdict(params)
        return {
            name: (int if range_.is_whole else float)(
                min(max(given[name], range_.low), range_.high)
            )
            for name, range_ in self.ranges.items()
        }


def search_space(positives: int, largest_vocabulary: int) -> SearchSpace:
    """Return the space for so many positives and so many values of the largest text feature."""
    most_leaves = min(MAX_LEAVES, max(4, positives // 30))
    most_in_leaf = max(2.0, min(100.0, positives / 10))
    ranges = {
        "num_leaves": Range(3, most_leaves, is_log=True, is_whole=True),
        "min_sum_hessian_in_leaf": Range(1.0, most_in_leaf, is_log=True),
        "feature_fraction": Range(0.2, 1.0),
        "bagging_fraction": Range(0.5, 1.0),
        "lambda_l2": Range(0.1, 100.0, is_log=True),
        "path_smooth": Range(0.01, 100.0, is_log=True),
    }
    if largest_vocabulary > MANY_TEXTS:
        ranges["cat_smooth"] = Range(1.0, 300.0, is_log=True)
        ranges["cat_l2"] = Range(1.0, 100.0, is_log=True)
    return SearchSpace(ranges, _starts(most_leaves, most_in_leaf))


def _starts(most_leaves: int, most_in_leaf: float) -> tuple[BoostingParams, ...]:
    """Return a middling, a careful and a free set of parameters."""
    middling = BoostingParams(
        learning_rate=TRIAL_LEARNING_RATE,
        num_leaves=min(15, most_leaves),
        min_sum_hessian_in_leaf=min(5.0, most_in_leaf),
        path_smooth=1.0,
    )
    careful = BoostingParams(
        learning_rate=TRIAL_LEARNING_RATE,
        num_leaves=4,
        min_sum_hessian_in_leaf=min(20.0, most_in_leaf),
        feature_fraction=0.4,
        lambda_l2=10.0,
        path_smooth=10.0,
    )
    free = BoostingParams(
        learning_rate=TRIAL_LEARNING_RATE,
        num_leaves=most_leaves,
        min_sum_hessian_in_leaf=min(10.0, most_in_leaf),
        feature_fraction=0.4,
        lambda_l2=5.0,
        path_smooth=1.0,
    )
    return middling, careful, free
