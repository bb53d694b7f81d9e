"""reports/effects.json: what is known of what a contact causes, from what, and why not more."""

from pipeline.foundation.contracts.hand_overs.document import Document


class ShareEstimate(Document):
    """A relative effect: the share by which the odds change, with its 95% confidence interval."""

    value: float
    low: float
    high: float


class ArmEvidence(Document):
    """What rows say of one arm against no treatment, before anything is shrunken."""

    treated: int
    untreated: int
    kept_treated: int
    kept_untreated: int
    effective_untreated: float
    refusal: str | None
    naive: ShareEstimate | None
    """As treated and untreated stand, confounding and all."""
    adjusted: ShareEstimate | None
    """Doubly robust."""


class BalanceReport(Document):
    """Absolute standardised mean differences; surely above .1 counts as unbalanced."""

    covariates: int
    largest_before: float
    largest_after: float
    unbalanced_before: int
    unbalanced_after: int
    worst: str


class RefutationReport(Document):
    """A test that the observational estimate could fail."""

    name: str
    verdict: str
    found: ShareEstimate
    in_words: str


class SensitivityReport(Document):
    """How strong a hidden confounder would have to be, as risk ratios."""

    e_value: float
    e_value_of_limit: float
    measured: float


class LevelReport(Document):
    """A finer level of the effect, and whether it predicted later periods better."""

    level: str
    gained: float
    error: float
    periods: int
    enters: bool


class ObservationalReport(Document):
    """Evidence of what was sent in the past, to whom a marketer chose."""

    average: ShareEstimate
    arms: dict[str, ArmEvidence]
    balance: dict[str, BalanceReport]
    refutations: tuple[RefutationReport, ...]
    sensitivity: SensitivityReport
    bias: float
    """Standard deviation of the bias that is allowed for, as a share of the odds."""
    is_used: bool
    reasons: tuple[str, ...]
    """Why it is not used."""


class RandomisedReport(Document):
    """Evidence of sealed waves: intention to treat, by arm."""

    waves: tuple[str, ...]
    average: ShareEstimate | None
    arms: dict[str, ShareEstimate]


class ArmEffect(Document):
    """The effect of one arm that decisions rest on."""

    share: ShareEstimate
    origin: str


class EffectsReport(Document):
    """Everything about the effect."""

    prior: float
    prior_deviation: float
    observational: ObservationalReport | None
    randomised: RandomisedReport
    levels: tuple[LevelReport, ...]
    missed_claims: int
    """Waves in a row, up to the last, whose claim did not hold."""
    arms: dict[str, ArmEffect]
    in_words: tuple[str, ...]
