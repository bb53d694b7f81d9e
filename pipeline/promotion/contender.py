"""Contenders for the place of the champion: challenger, baselines, and the incumbent."""

from dataclasses import dataclass

from pipeline.foundation.contracts.hand_overs.promotion_verdict import ScorerIdentity
from pipeline.models.estimators.baselines import LOGISTIC
from pipeline.models.estimators.core import columns_read
from pipeline.models.propensity_model import PropensityModel
from pipeline.statistics.arrays import Floats

CHALLENGER, CHAMPION = "challenger", "champion"
LOGISTIC_KIND = "logistic"
TRAINED_KINDS = ("blend", "boosted_trees")


@dataclass(frozen=True)
class Contender:
    """A scorer by name, kind and version."""

    name: str
    kind: str
    version: str
    reads: frozenset[str] = frozenset()
    """The features it looks at."""

    @property
    def is_rule(self) -> bool:
        """Return whether it is a baseline that scores for want of a better model.

        A regression may be the model: then it has the model's name, not its own.
        """
        is_model_of_its_own = self.kind == LOGISTIC_KIND and self.name != LOGISTIC
        return self.kind not in TRAINED_KINDS and not is_model_of_its_own

    def to_document(self) -> ScorerIdentity:
        """Return the scorer as it is handed over."""
        return ScorerIdentity(name=self.name, kind=self.kind, version=self.version)


@dataclass(frozen=True)
class Incumbent:
    """The champion so far and its predictions of the test rows, or why it cannot make any."""

    scorer: PropensityModel
    propensities: Floats | None
    failure: str | None
    unknown: tuple[str, ...] = ()
    """Candidates of the test that it was not trained on."""
    lacking: tuple[str, ...] = ()
    """Features that it was trained on and that these rows do not have, in order of name."""

    @property
    def incapable(self) -> "Incapable | None":
        """Return what is told of it where it cannot score these rows."""
        return None if self.failure is None else Incapable(self.scorer.version, self.lacking)


@dataclass(frozen=True)
class Incapable:
    """A champion that cannot score the rows of today."""

    version: str
    lacking: tuple[str, ...]
    """Features that it was trained on and that these rows do not have, in order of name."""


def contender_of(scorer: PropensityModel) -> Contender:
    """Return a scorer as a contender."""
    return Contender(scorer.name, scorer.core.kind, scorer.version, columns_read(scorer.core))
