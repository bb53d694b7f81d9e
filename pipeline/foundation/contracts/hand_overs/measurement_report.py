"""reports/measurement.json: what came back from the sealed waves, and what they caused."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pipeline.foundation.contracts.hand_overs.document import Document, Figure


class ResponseFinding(Document):
    """Rows with one oddity."""

    rows: int
    counted: int
    """Of them, those that count all the same."""
    orders: int = 0
    """Of the rows, those that are orders."""


class ResponseCounts(Document):
    """The responses as they came back."""

    rows: int
    counted: int
    orders: int = 0
    orders_counted: int = 0
    """Orders that count for an offer of their customer's; findings say why the others do not."""
    orders_without_amount: int
    findings: Mapping[str, ResponseFinding]


class ArmResponse(Document):
    """What came back from one arm; shares are of its customers."""

    customers: int
    revenue_cents: int
    opened: Figure
    clicked: Figure
    redeemed: Figure
    take_up: Figure
    unsubscribed: Figure

    def share(self, name: str) -> Figure:
        """Return the share of this name."""
        found: Figure = getattr(self, name)
        return found


class ArmsCompared(Document):
    """Both arms' means, their difference and ratio."""

    treated: float | None
    control: float | None
    difference: Figure
    ratio: Figure


class EffectReport(Document):
    """The average treatment effect on one outcome (intention to treat)."""

    control: str
    outcome: str
    treated_customers: int
    control_customers: int
    raw: ArmsCompared
    adjusted: ArmsCompared
    """By regression on campaign and propensity."""
    is_adjusted: bool
    """Whether the adjusted estimate is the narrower, and so the one that counts."""
    total: Figure
    """Summed over all treated."""

    @property
    def best(self) -> ArmsCompared:
        """Return the estimate that counts."""
        return self.adjusted if self.is_adjusted else self.raw


class WaveConclusion(Document):
    """The two answers: whether the model ranks, and what the campaign causes."""

    ranks: bool | None
    campaign: Literal["causes", "harms", "nothing", "unknown"]
    sentences: tuple[str, ...]


class RatioTestReport(Document):
    """One chi-square test of the arms' sizes, in households."""

    question: Literal["size", "missing"]
    treated: int
    controls: int
    expected_control_share: float
    p_value: float


class SampleRatioReport(Document):
    """Whether the arms are those that were drawn (sample ratio mismatch)."""

    is_mismatch: bool
    tests: tuple[RatioTestReport, ...]
    sentences: tuple[str, ...]


class ClaimPartReport(Document):
    """The offered customers who share one value: claimed and measured effect per customer."""

    value: str
    customers: int
    claimed: Figure
    measured: Figure


class ClaimReport(Document):
    """What a wave claimed beside what it caused; sums over the treated."""

    take_ups: Figure
    profit_cents: Figure
    origins: Mapping[str, int]
    measured_take_ups: Figure
    measured_profit_cents: Figure
    is_held: bool | None
    is_profit_held: bool | None
    by_channel: tuple[ClaimPartReport, ...]
    by_decile: tuple[ClaimPartReport, ...]
    """Of the claimed effect, 1 the largest."""


class PolicyEstimate(Document):
    """The mean profit in cents of an offered customer, by each off-policy estimator."""

    ips: Figure
    snips: Figure
    dr: Figure
    effective_share: float


class PolicyReport(Document):
    """The value of one policy on a wave's offers."""

    contacted_share: float
    profit_cents: PolicyEstimate
    incremental_cents: PolicyEstimate
    """Over no contact."""


class PoliciesReport(Document):
    """Policies valued offline."""

    in_words: str
    policies: Mapping[str, PolicyReport]


class RealisedDecile(Document):
    """A tenth of the offered customers by propensity; 1 is the likeliest."""

    decile: int
    propensity: float
    """Mean predicted."""
    treated_customers: int
    treated: Figure
    lift: float | None
    control_customers: int
    control: Figure
    uplift: Figure


class RealisedCalibration(Document):
    """Mean predicted against observed take-up in one arm."""

    customers: int
    propensity: float | None
    observed: Figure


class ResponsePart(Document):
    """The treated, and the controls, that share one value of a column."""

    value: str
    customers: int
    opened: Figure
    clicked: Figure
    redeemed: Figure
    take_up: Figure
    unsubscribed: Figure
    revenue_cents: int
    control_customers: int
    control_take_up: Figure


class RankingComparison(Document):
    """Ranking by estimated effect against ranking by propensity (Qini coefficients)."""

    has_earned_it: bool
    in_words: str
    propensity: Figure | None = None
    estimated_effect: Figure | None = None
    gain: Figure | None = None
    """Absent where too few responded to estimate an effect."""


class EffectInTruth(Document):
    """The simulator's average effect, and whether the interval holds it."""

    value: float
    is_covered: bool


class UnansweredWave(Document):
    """A sealed wave that nothing has come back from."""

    as_of_date: date
    arms: Mapping[str, int]
    """Arm → customers."""


class MeasuredWave(Document):
    """A sealed wave with responses."""

    as_of_date: date
    customers: int
    arms: Mapping[str, ArmResponse]
    conclusion: WaveConclusion
    """Begins with the sample ratio mismatch, if there is one."""
    sample_ratio: SampleRatioReport | None = None
    notes: tuple[str, ...] = ()
    """Sentences on what the seal lacks."""
    claim: ClaimReport | None = None
    """Absent where the wave was sealed without estimated effects."""
    claim_in_words: tuple[str, ...] = ()
    policies: PoliciesReport | None = None
    effects: tuple[EffectReport, ...]
    by_campaign: Mapping[str, EffectReport]
    detectable_uplift: float | None
    break_even_uplift: float | None
    """At which the value of the offers pays for the contacts."""
    halves: ArmsCompared
    """The likelier half against the other."""
    deciles: tuple[RealisedDecile, ...]
    calibration: Mapping[str, RealisedCalibration]
    """By arm."""
    breakdown: Mapping[str, tuple[ResponsePart, ...]]
    """By column."""
    rankings: RankingComparison
    truth: Mapping[str, EffectInTruth] = {}
    """By outcome; absent where the responses are not simulated."""


class MeasurementReport(Document):
    """Everything measured."""

    responses: ResponseCounts
    waves: Mapping[str, MeasuredWave | UnansweredWave]
    in_words: tuple[str, ...]
