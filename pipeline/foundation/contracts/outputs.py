"""The tables that cross from one stage to the next: their columns, types and keys."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from pipeline.foundation import stored_tables
from pipeline.foundation.contracts.keys import (
    CANDIDATE_KEYS,
    CATEGORY_KEYS,
    CUSTOMER_CHANNEL_KEYS,
    CUSTOMER_KEYS,
    CUSTOMER_POSITION_KEYS,
    HOLDING_KEYS,
    SCORE_KEYS,
)
from pipeline.foundation.errors import DataError


@dataclass(frozen=True)
class Output:
    """A parquet file that one stage writes and another reads."""

    grain: str
    keys: tuple[str, ...]
    columns: tuple[tuple[str, pa.DataType], ...]
    may_be_empty: bool = False
    """Whether a run may have nothing to say here: no pairs in few orders, no consents on record."""

    @property
    def names(self) -> list[str]:
        """Return the names of the columns, in order."""
        return [name for name, _ in self.columns]


_KEYS = (
    ("as_of_date", pa.date32()),
    ("customer_id", pa.string()),
    ("category", pa.string()),
)

POPULATION = Output(
    grain="as_of_date × customer_id × category",
    keys=CANDIDATE_KEYS,
    columns=(
        *_KEYS,
        ("split", pa.string()),
        ("is_eligible", pa.bool_()),
        ("label", pa.int64()),
        ("held_tier", pa.int64()),
    ),
)

KNOWN_CUSTOMERS = Output(
    grain="as_of_date × customer_id known at it",
    keys=CUSTOMER_KEYS,
    columns=(*_KEYS[:2], ("known_from", pa.timestamp("us"))),
)

HOLDINGS = Output(
    grain="as_of_date × customer_id × product_id held at it",
    keys=HOLDING_KEYS,
    columns=(
        *_KEYS[:2],
        ("product_id", pa.string()),
        ("category", pa.string()),
        ("tier", pa.int64()),
        ("held_days", pa.int64()),
    ),
    may_be_empty=True,
)

PAST_RATES = Output(
    grain="model × as_of_date × category, one row for every outcome window of the past",
    keys=("model", *CATEGORY_KEYS),
    columns=(
        ("model", pa.string()),
        ("as_of_date", pa.date32()),
        ("category", pa.string()),
        ("known_on", pa.date32()),
        ("eligible", pa.int64()),
        ("outcomes", pa.int64()),
    ),
    may_be_empty=True,
)

PROPENSITIES = Output(
    grain="model × category × customer_id, eligible at the scoring as-of date",
    keys=SCORE_KEYS,
    columns=(
        ("model", pa.string()),
        ("category", pa.string()),
        ("customer_id", pa.string()),
        ("as_of_date", pa.date32()),
        ("score", pa.float64()),
        ("propensity", pa.float64()),
        ("propensity_low", pa.float64()),
        ("propensity_high", pa.float64()),
        ("rank", pa.int64()),
        ("top_percent", pa.int64()),
        ("decile", pa.int64()),
        ("base_rate", pa.float64()),
        ("model_version", pa.string()),
    ),
)

EFFECTS = Output(
    grain="model × category × customer_id × channel, scored at the scoring as-of date",
    keys=(*SCORE_KEYS, "channel"),
    columns=(
        ("model", pa.string()),
        ("category", pa.string()),
        ("customer_id", pa.string()),
        ("channel", pa.string()),
        ("share", pa.float64()),
        ("effect", pa.float64()),
        ("effect_error", pa.float64()),
        ("effect_low", pa.float64()),
        ("effect_high", pa.float64()),
        ("effect_origin", pa.string()),
    ),
    may_be_empty=True,
)

REASONS = Output(
    grain="model × customer_id × position, for each customer's best candidate",
    keys=("model", "customer_id", "position"),
    columns=(
        ("model", pa.string()),
        ("customer_id", pa.string()),
        ("category", pa.string()),
        ("position", pa.int64()),
        ("feature", pa.string()),
        ("value", pa.string()),
        ("contribution", pa.float64()),
    ),
    may_be_empty=True,
)

_OFFER = (
    ("model", pa.string()),
    ("category", pa.string()),
    ("product_id", pa.string()),
    ("propensity", pa.float64()),
    ("value_cents", pa.int64()),
    ("effect", pa.float64()),
    ("effect_low", pa.float64()),
    ("effect_high", pa.float64()),
    ("effect_origin", pa.string()),
)

NEXT_BEST_OFFERS = Output(
    grain="customer known at the scoring as-of date; offer columns are empty without an offer",
    keys=("customer_id", "as_of_date", "wave", "is_universal_control"),
    columns=(
        ("customer_id", pa.string()),
        ("household_id", pa.string()),
        ("as_of_date", pa.date32()),
        ("wave", pa.string()),
        ("arm", pa.string()),
        ("is_universal_control", pa.bool_()),
        ("suppression_reason", pa.string()),
        *_OFFER,
        ("context", pa.float64()),
        ("lever", pa.float64()),
        ("contact_cost_cents", pa.int64()),
        ("priority_cents", pa.float64()),
        ("channel", pa.string()),
        ("is_explored", pa.bool_()),
        ("action_probability", pa.float64()),
        ("weekday", pa.int64()),
        ("hour", pa.int64()),
        ("device", pa.string()),
        ("campaign", pa.string()),
        ("offer_code", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_until", pa.date32()),
    ),
)

PERMITTED_CHANNELS = Output(
    grain="customer_id × channel with a consent, or left open by the contact policy",
    keys=CUSTOMER_CHANNEL_KEYS,
    columns=(
        ("customer_id", pa.string()),
        ("channel", pa.string()),
        ("has_consent", pa.bool_()),  # on record as of the day, and not taken back
        ("is_permitted", pa.bool_()),  # by the policy, of customers whom it leaves something
    ),
    may_be_empty=True,
)

RUNNERS_UP = Output(
    grain="customer_id × position from 2, of customers with an offer",
    keys=CUSTOMER_POSITION_KEYS,
    columns=(
        ("customer_id", pa.string()),
        ("position", pa.int64()),
        *_OFFER,
        ("priority_cents", pa.float64()),
    ),
    may_be_empty=True,
)


CONTACT_LOG = Output(
    grain="contact that could be drawn for a customer with an offer, and how probable it was",
    keys=("customer_id", "model", "category", "channel"),
    columns=(
        ("customer_id", pa.string()),
        ("model", pa.string()),
        ("category", pa.string()),
        ("channel", pa.string()),
        ("propensity", pa.float64()),
        ("value_cents", pa.int64()),
        ("contact_cost_cents", pa.int64()),
        ("effect", pa.float64()),
        ("action_probability", pa.float64()),
    ),
    may_be_empty=True,
)

SEGMENTS = Output(
    grain="customer_id known at the scoring as-of date",
    keys=("customer_id",),
    columns=(
        ("customer_id", pa.string()),
        ("as_of_date", pa.date32()),
        ("customer_type", pa.string()),
        ("lifecycle_stage", pa.string()),
        ("recency_score", pa.int64()),
        ("frequency_score", pa.int64()),
        ("monetary_score", pa.int64()),
        ("rfm_segment", pa.string()),
        ("spend_cents_365d", pa.int64()),
        ("spend_to_mean", pa.float64()),
        ("next_purchase_on", pa.date32()),
        ("value_12m_cents", pa.int64()),
        ("value_12m_low_cents", pa.int64()),
        ("value_12m_high_cents", pa.int64()),
        ("return_rate", pa.float64()),
    ),
)

PRODUCT_LISTS = Output(
    grain="customer_id × position, known at the scoring as-of date",
    keys=CUSTOMER_POSITION_KEYS,
    columns=(
        ("customer_id", pa.string()),
        ("as_of_date", pa.date32()),
        ("list", pa.string()),
        ("position", pa.int64()),
        ("product_id", pa.string()),
        ("category", pa.string()),
    ),
    may_be_empty=True,
)

PRODUCT_ASSOCIATIONS = Output(
    grain="kind × product_id × position, best first",
    keys=("kind", "product_id", "position"),
    columns=(
        ("kind", pa.string()),
        ("product_id", pa.string()),
        ("position", pa.int64()),
        ("associated_product_id", pa.string()),
        ("category", pa.string()),
        ("associated_category", pa.string()),
        ("count", pa.int64()),
        ("support", pa.float64()),
        ("confidence", pa.float64()),
        ("lift", pa.float64()),
        ("lift_low", pa.float64()),
        ("lift_high", pa.float64()),
        ("relation", pa.string()),
    ),
    may_be_empty=True,
)


def check(path: Path, output: Output) -> None:
    """Refuse a file of other columns or with an empty key, and one without rows that needs some."""
    found = [(field.name, field.type) for field in stored_tables.read_schema(path)]
    if found != list(output.columns):
        raise DataError(
            f"in {path} the columns {_listed(output.columns)}", _listed(found), "Correct the stage."
        )
    if not stored_tables.count_rows(path) and not output.may_be_empty:
        raise DataError(f"rows in {path}", "none", "Look at the stage before this one.")
    for name in output.keys:
        if stored_tables.count_nulls(path, name):
            raise DataError(f"no empty {name} in {path}", "some", "Correct the stage.")


def _listed(columns: "tuple[tuple[str, pa.DataType], ...] | list[tuple[str, pa.DataType]]") -> str:
    return ", ".join(f"{name} {type_}" for name, type_ in columns)
