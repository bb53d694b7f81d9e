"""What comes back from a wave, as CSV: one reaction of one customer a row.

Names the customer, the offer code, or both. Orders are those of every arm, controls too, made by
one and the same rule: what only the treated are looked for in is no measure of the campaign. An
order of a negative amount is a refund. Where an order says its category or product, it counts for
offers of that category alone.
"""

import pyarrow as pa

from pipeline.foundation.contracts.columns import Column
from pipeline.foundation.contracts.outputs import Output
from pipeline.foundation.contracts.tables import ID_PATTERN, Table

REDEEMED, OPENED, CLICKED, ORDERED, UNSUBSCRIBED = KINDS = (
    "redeemed",
    "opened",
    "clicked",
    "ordered",
    "unsubscribed",
)

RESPONSES = Table(
    "responses",
    grain="one reaction of one customer",
    key=(),
    columns=(
        Column("response_id", "text"),
        Column("customer_id", "text", pattern=ID_PATTERN),
        Column("offer_code", "text"),
        Column("kind", "text", required=True, nullable=False, allowed=KINDS),
        Column("occurred_at", "moment", required=True, nullable=False),
        Column("amount", "money"),
        Column("category", "text"),
        Column("product_id", "text", pattern=ID_PATTERN),
    ),
)

UNMATCHED = Output(
    grain="a row of a file of responses that something is odd about",
    keys=("file", "row"),
    columns=(
        ("file", pa.string()),
        ("row", pa.int64()),
        ("finding", pa.string()),
        ("is_counted", pa.bool_()),
        ("response_id", pa.string()),
        ("customer_id", pa.string()),
        ("offer_code", pa.string()),
        ("kind", pa.string()),
        ("occurred_at", pa.timestamp("us")),
        ("amount_cents", pa.int64()),
        ("unreadable", pa.string()),
        ("wave", pa.string()),
        ("arm", pa.string()),
        ("campaign", pa.string()),
    ),
)

ESTIMATED_EFFECTS = Output(
    grain="customer in an arm of one wave",
    keys=("customer_id",),
    columns=(
        ("customer_id", pa.string()),
        ("propensity", pa.float64()),
        ("estimated_effect", pa.float64()),
    ),
)
