"""Which categories a model may offer: those the user allows that have outcomes to learn from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pipeline.foundation.config import CandidateParams, ModelName
from pipeline.foundation.contracts.tables import NOT_OFFERED
from pipeline.foundation.errors import DataError, unknown_name


@dataclass(frozen=True)
class Candidates:
    """The categories of one model, and those pooled or left out with their training outcomes."""

    kept: tuple[str, ...]
    pooled: Mapping[str, int]
    """Of those kept, the ones with too few outcomes to be learnt from by themselves."""
    left_out: Mapping[str, int]


POOLED_SHARE = 0.1
"""Of `min_outcomes`, below which a category is left out: 20 of 200 tell its level within a half."""


def allowed(categories: Collection[str], params: CandidateParams, model: ModelName) -> list[str]:
    """Return the categories that the parameters allow, in order; `NOT_OFFERED` only if included.

    Raises:
        ConfigurationError: a category that the catalogue does not know is named.
    """
    for name in (*params.include, *params.exclude):
        if name not in categories:
            where = f"categories of the catalogue in products.{model}:"
            raise unknown_name(where, name, categories)
    offered = params.include or set(categories) - {NOT_OFFERED}
    return sorted(set(offered) - set(params.exclude))


def choose_candidates(
    positives: Mapping[str, int], min_outcomes: int, model: ModelName
) -> Candidates:
    """Keep the categories with outcomes to learn from; with few, they lean on all the others.

    One model asks about all categories at once, so that one with at least a tenth of
    `min_outcomes` is learnt from what it has in common with the rest, its own level shrunk to
    theirs ("partial pooling"). Where no category has even that, all are kept: rules score then.

    Args:
        positives: category → eligible training outcomes, for all that can be asked at all.
        min_outcomes: that a category is learnt from by itself.
        model: which question.

    Raises:
        DataError: there is nobody to ask.
    """
    if not positives:
        raise DataError(
            f"customers who can be asked about {model}",
            "none, at no date and for no category",
            f"Take {model!r} out of models, or look at the tiers of the catalogue and products.{model}.",
        )
    least = POOLED_SHARE * min_outcomes
    has_some = any(count >= least for count in positives.values())
    kept = tuple(name for name in sorted(positives) if positives[name] >= least or not has_some)
    pooled = {name: positives[name] for name in kept if positives[name] < min_outcomes}
    left_out = {name: positives[name] for name in sorted(positives) if name not in kept}
    return Candidates(kept, pooled, left_out)
