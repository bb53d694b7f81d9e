"""What a file can say of an offer: one description a column, whatever header a target gives it."""

from collections.abc import Mapping
from dataclasses import replace

from pipeline.exports.profile import FileColumn

OFFERED = (
    "model",
    "category",
    "product_id",
    "product_name",
    "propensity",
    "effect",
    "effect_low",
    "effect_high",
    "effect_origin",
    "value_cents",
    "contact_cost_cents",
    "priority_cents",
)
"""What is offered and what it is worth."""
TO_SEND = ("channel", "weekday", "hour", "device", "offer_code", "valid_from", "valid_until")
"""What it takes to send an offer."""
SENDING = ("wave", "campaign", *TO_SEND)

NO_OFFER = "no offer; suppression_reason says why"
NOT_SENT = "not to be contacted; suppression_reason says why"
_NOT_KNOWN_THEN = "not yet a customer at the as-of date"
_NO_MONEY = "not known, or no offer"


def _column(source: str, *rest: object, **more: object) -> FileColumn:
    return FileColumn(source, source, *rest, **more)  # type: ignore[arg-type]  # as FileColumn takes them


_TOLD = (
    _column(
        "as_of_date",
        "date",
        "As-of date of the features: nothing known on this day or later was used.",
        required=True,
    ),
    _column("customer_id", "text", "The customer.", required=True, is_id=True),
    _column("wave", "text", "The wave that the offer belongs to.", NO_OFFER),
    _column("campaign", "text", "The campaign: wave and model.", NO_OFFER),
    _column("model", "text", "up_sell or cross_sell.", NO_OFFER),
    _column("category", "text", "The category on offer.", NO_OFFER),
    _column(
        "product_id",
        "text",
        "The product on offer.",
        "no offer, or no product stands out",
        refers=True,
    ),
    _column(
        "lifecycle_stage",
        "text",
        "Where the customer stands: prospect, visitor, first_purchase, repeat, loyal or inactive.",
        _NOT_KNOWN_THEN,
    ),
    _column(
        "rfm_segment",
        "text",
        "Segment by recency, frequency and monetary value.",
        "no purchase, or not yet a customer at the as-of date",
    ),
    _column(
        "value_12m_cents",
        "money",
        "Expected spend in the next 12 months.",
        _NOT_KNOWN_THEN,
        decimals=2,
    ),
    _column(
        "next_purchase_on",
        "date",
        "Day of the next purchase, going by the customer's own rhythm.",
        "no rhythm is known",
    ),
    _column(
        "return_rate",
        "decimal",
        "Expected returns over purchases, 0 to 1.",
        _NOT_KNOWN_THEN,
        decimals=4,
    ),
    _column("product_name", "text", "Its name in the catalogue.", "no product, or it has no name"),
    _column(
        "propensity",
        "decimal",
        "Calibrated probability, 0 to 1, that the customer takes it within the outcome window.",
        NO_OFFER,
        decimals=6,
    ),
    _column(
        "effect",
        "decimal",
        "Estimated change of that probability by the contact, on its channel: what the contact "
        "causes. Below zero it keeps people away.",
        NO_OFFER,
        decimals=6,
    ),
    _column(
        "effect_low",
        "decimal",
        "Lower limit of the effect's 90% confidence interval.",
        NO_OFFER,
        decimals=6,
    ),
    _column(
        "effect_high",
        "decimal",
        "Upper limit of the effect's 90% confidence interval.",
        NO_OFFER,
        decimals=6,
    ),
    _column(
        "effect_origin",
        "text",
        "What the effect rests on: randomised (measured against controls of earlier waves), "
        "observational (estimated from past messages), or assumed (not measured).",
        NO_OFFER,
    ),
    _column(
        "value_cents",
        "money",
        "Profit if it is taken, net of expected returns, in units of the currency.",
        _NO_MONEY,
    ),
    _column(
        "contact_cost_cents", "money", "Cost of the contact, in units of the currency.", _NO_MONEY
    ),
    _column(
        "priority_cents",
        "money",
        "Expected incremental profit, effect × value × context × lever less the contact cost, in "
        "units of the currency: what offers compete in.",
        _NO_MONEY,
    ),
    _column("channel", "text", "The channel to use; it is consented to.", NOT_SENT),
    _column(
        "weekday",
        "integer",
        "Best day to send: 1 is Monday, 7 Sunday; in the time zone of manifest.json.",
        NOT_SENT,
    ),
    _column(
        "hour",
        "integer",
        "Best hour to send, 0 to 23; in the time zone of manifest.json.",
        NOT_SENT,
    ),
    _column("device", "text", "The device the customer uses most.", "not known, or not sent"),
    _column(
        "offer_code",
        "text",
        "Unique to this customer and campaign; its last character checks the others.",
        "codes are switched off, or not to be contacted",
    ),
    _column("valid_from", "date", "First day on which the offer holds.", NOT_SENT),
    _column("valid_until", "date", "Last day on which the offer holds.", NOT_SENT),
    _column(
        "reason_{position}",
        "text",
        "Reason {position} for the propensity, strongest first: what the model saw in this "
        "customer's past. It describes a pattern, and does not claim a cause.",
        "no further reason",
    ),
    _column(
        "email", "text", "E-mail address, consented to.", "none, or no consent", normalise="email"
    ),
    _column(
        "sms_phone",
        "phone",
        "Phone number with + and country code; text messages are consented to.",
        "none, or no consent",
        normalise="phone",
    ),
    _column(
        "call_phone",
        "phone",
        "Phone number with + and country code; calls are consented to.",
        "none, or no consent",
        normalise="phone",
    ),
)
_BY_SOURCE = {column.source: column for column in _TOLD}


def columns_for(
    headers: Mapping[str, str], *, required: tuple[str, ...] = ()
) -> tuple[FileColumn, ...]:
    """Return the columns of a file: by source column the header, in the order of the file.

    Args:
        headers: source column -> the target's name of it.
        required: sources without which a row is rejected, beside the ids.
    """
    return tuple(
        replace(
            _BY_SOURCE[source],
            header=header,
            required=_BY_SOURCE[source].required or source in required,
        )
        for source, header in headers.items()
    )
