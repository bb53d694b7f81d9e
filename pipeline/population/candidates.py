"""Which categories a model may offer: those the user allows that have outcomes to learn from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pipeline.foundation.config import CandidateParams, ModelName
from pipeline.foundation.contracts.tables import NOT_OFFERED
from pipeline.foundation.errors import ConfigurationError, DataError, did_you_mean, known


@dataclass(frozen=True)
class Candidates:
    """The categories of one model, and those left out with their training outcomes."""

    kept: tuple[str, ...]
    left_out: Mapping[str, int]


def allowed(categories: Collection[str], params: CandidateParams, model: ModelName) -> list[str]:
    """Return the categories that the parameters allow, in order; `NOT_OFFERED` only if included.

    Raises:
        ConfigurationError: a category that the catalogue does not know is named.
    """
    for name in (*params.include, *params.exclude):
        if name not in categories:
            raise ConfigurationError(
                f"categories of the catalogue in products.{model}: {known(categories)}",
                repr(name),
                f"{did_you_mean(name, categories)}Correct params.yaml.",
            )
    offered = params.include or set(categories) - {NOT_OFFERED}
    return sorted(set(offered) - set(params.exclude))


def with_enough_outcomes(
    positives: Mapping[str, int], min_outcomes: int, model: ModelName
) -> Candidates:
    """Keep the categories with at least `min_outcomes` eligible training outcomes.

    Raises:
        DataError: none has enough.
    """
    kept = tuple(sorted(name for name, count in positives.items() if count >= min_outcomes))
    if not kept:
        most = max(positives.items(), key=lambda item: (item[1], item[0]), default=("none", 0))
        raise DataError(
            f"at least {min_outcomes} {model} outcomes in training for one category or more",
            f"{most[1]} at most, for {most[0]!r}",
            f"Lower products.min_outcomes, bring more history, or take {model!r} out of models.",
        )
    left_out = {name: positives[name] for name in sorted(positives) if name not in kept}
    return Candidates(kept, left_out)
