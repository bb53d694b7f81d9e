"""verdict.json beside a champion, and reports/verdicts/<model>.json: who scores, and why."""

from datetime import date
from typing import Literal

from pipeline.foundation.contracts.hand_overs.document import Document, Figure


class ScorerIdentity(Document):
    """A scorer by name, kind of estimator and content hash."""

    name: str
    kind: str
    version: str


class PromotionGrade(Document):
    """How much better than the best simple rule, as one letter."""

    letter: str
    in_words: str
    best_simple_rule: str
    times_as_many: float | None
    """Responders in the top decile, model ÷ rule."""
    at_least: float | None
    """The lower confidence bound of that ratio, at `confidence` of the rules."""


class GateFinding(Document):
    """One rule of the promotion gate."""

    rule: str
    holds: bool
    is_asked: bool
    """False where what the rule needs is not known; such a rule refuses nobody."""
    is_warning: bool = False
    """It holds, and whoever uses the model should know the reason all the same."""
    reason: str


class GateOverride(Document):
    """Who let a refused model score all the same."""

    name: str
    reason: str


class BacktestBenchmark(Document):
    """The best date of the backtest before the test, or why there is none."""

    as_of_date: date | None
    auc: Figure | None
    missing_because: str | None


class GateThresholds(Document):
    """What the challenger had to show, as `promote` in params.yaml."""

    confidence: float
    max_auc: float
    max_auc_jump: float
    max_cell_error_share: float | None = None
    """Of the outcomes expected; a verdict of before did not ask it."""
    max_ece_share: float
    """Of the base rate."""
    max_gain_share: float
    max_lone_share: float
    min_positives: int
    min_slope: float
    max_slope: float


class PromotionVerdict(Document):
    """What was decided on a challenger."""

    model: str
    source: str
    decision: Literal["promoted", "kept", "fallback", "unproven"]
    """`unproven`: no scorer passes the gate, and the refused model has the least log loss."""
    in_words: str
    scored_by: str
    """`model`, or the baseline that scores in its place."""
    challenger: ScorerIdentity
    champion: ScorerIdentity
    """From now on."""
    champion_before: ScorerIdentity | None
    why_the_champion_could_not_score: str | None
    grade: PromotionGrade
    override: GateOverride | None
    """Only where it made the difference."""
    backtest: BacktestBenchmark
    rules: GateThresholds
    findings: tuple[GateFinding, ...]
    """On the challenger."""
    broken_by_champion: tuple[str, ...] = ()
    """Rules of the gate that can be asked of any scorer and that what scores does not pass."""
    not_scored: tuple[str, ...] = ()
    """Candidates that the champion was not trained on: it does not score them."""
