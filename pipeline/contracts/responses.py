"""What comes back from a wave, as CSV: one reaction of one customer a row.

Names the customer, the offer code, or both. Orders are those of every arm, controls too, made by
one and the same rule: what only the treated are looked for in is no measure of the campaign.
"""

from pipeline.contracts.columns import Column
from pipeline.contracts.tables import ID_PATTERN, Table

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
    ),
)
