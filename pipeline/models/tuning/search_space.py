"""What the study searches, and how far: the fewer the positives, the simpler the trees."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from pipeline.foundation.errors import ConfigurationError, unknown_name
from pipeline.models.estimators.boosting import MAX_LEAVES, BoostingParams

# One rate for all trials: their rounds are comparable, so pruning is fair. The winner learns slower.
TRIAL_LEARNING_RATE = 0.2
FEW_POSITIVES = 1000
"""Below this, trees are learnt half as fast: a round more or less decides otherwise."""
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

    def start_from(self, values: Mapping[str, float]) -> BoostingParams:
        """Return the start that somebody names, such as a champion's parameters.

        Raises:
            ConfigurationError: a parameter is not searched, or its value lies outside its range.
        """
        for name, value in values.items():
            if name not in self.ranges:
                where = "in tune.warm_start parameters that are searched:"
                remedy = "Take it out, or run make warm-start."
                raise unknown_name(where, name, self.ranges, remedy)
            range_ = self.ranges[name]
            if not range_.low <= value <= range_.high:
                raise ConfigurationError(
                    f"in tune.warm_start a {name} from {range_.low:g} to {range_.high:g}",
                    f"{value:g}",
                    "Take it out, move it inside, or widen pipeline/models/tuning/search_space.py.",
                )
        return self.to_params(dict(values))

    def searched(self, params: BoostingParams) -> dict[str, float]:
        """Return the parameters that are searched, as `start_from` takes them."""
        given = asdict(params)
        return {name: given[name] for name in self.ranges}

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
    most_leaves = min(MAX_LEAVES, max(4, positives // 5))
    most_in_leaf = min(200.0, max(4.0, positives / 15))
    least = min(1.0, max(0.05, positives / FEW_POSITIVES))
    ranges = {
        "num_leaves": Range(3, most_leaves, is_log=True, is_whole=True),
        "min_sum_hessian_in_leaf": Range(least, most_in_leaf, is_log=True),
        "feature_fraction": Range(0.15, 0.8),
        "bagging_fraction": Range(0.5, 1.0),
        "lambda_l2": Range(least, 300.0, is_log=True),
    }
    if largest_vocabulary > MANY_TEXTS:
        ranges["cat_smooth"] = Range(1.0, 300.0, is_log=True)
        ranges["cat_l2"] = Range(1.0, 100.0, is_log=True)
        ranges["min_data_per_group"] = Range(5, 200, is_log=True, is_whole=True)
    rate = TRIAL_LEARNING_RATE / 2 if positives < FEW_POSITIVES else TRIAL_LEARNING_RATE
    return SearchSpace(ranges, _starts(rate, most_leaves, most_in_leaf, least))


def _starts(
    rate: float, most_leaves: int, most_in_leaf: float, least: float
) -> tuple[BoostingParams, ...]:
    """Return trees that are small, smaller and larger, all held back, and one that is let go.

    Positives are few, as a rule, and what can be learnt from them is simple. A table whose classes
    lie in pockets needs the last.
    """
    small = BoostingParams(
        learning_rate=rate,
        num_leaves=min(6, most_leaves),
        min_sum_hessian_in_leaf=min(20.0, most_in_leaf),
        feature_fraction=0.3,
        bagging_fraction=0.7,
        lambda_l2=30.0,
        cat_smooth=30.0,
    )
    smaller = replace(small, num_leaves=3, feature_fraction=0.5, lambda_l2=10.0)
    larger = replace(
        small,
        num_leaves=min(12, most_leaves),
        min_sum_hessian_in_leaf=min(60.0, most_in_leaf),
        lambda_l2=100.0,
    )
    free = replace(
        small,
        num_leaves=most_leaves,
        min_sum_hessian_in_leaf=least,
        feature_fraction=0.8,
        bagging_fraction=1.0,
        lambda_l2=least,
    )
    return small, smaller, larger, free
