"""The raw tables: seven about customers, and the orders of guests.

Only `customers`, `products` and `product_events` must be there.
Times are UTC without a zone, money is DECIMAL(18, 2), ids are text.
A fault of a value that may be empty empties it and keeps the row; others cost the row. Two faults cost
the row although the value may be empty: a `known_at` that cannot be read, since nobody can say when the
fact was known, and a `quantity` or `amount` out of its range: below its least the line is no acquisition
but a return, above its most nobody can say what was sold. An `amount` that cannot be read is emptied: the customer has the product all the same.
`UNPARSED` goes with every raw row: what could not be read as its column's type is kept there as
it stood, as JSON `{column: text}`, so that a bad value is quarantined rather than lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa

from pipeline.foundation.contracts.columns import Column, ColumnType
from pipeline.foundation.contracts.keys import CUSTOMER_CHANNEL_KEYS
from pipeline.foundation.errors import ConfigurationError
from pipeline.foundation.parameter_types import CHANNELS

UNPARSED = "_unparsed"
NOT_OFFERED = "OTHER"  # the category of products whose sales count, but that nobody is offered
ID_PATTERN = r"[^\p{Cc}\p{Zl}\p{Zp}]{1,255}"
"""What shops use as ids: anything but control characters, and no longer than any system hands on."""
PHONE_PATTERN = r"\+?[ (]*(?:[0-9][ ().\-/\x{00A0}\x{202F}\x{2010}-\x{2015}]*){5,17}"
"""Five digits or more, and no more than a number with `00`, country code and trunk zero has: the
country's own rules are asked when the number is written (`contracts.phones`)."""

MOST_MONEY = Decimal(10) ** 10
"""Of one line: nine million lines of it still add up in 64 bits of cents."""
MOST_PIECES = 10**7
MOST_SECONDS = 366 * 24 * 60 * 60
FIRST_MOMENT = datetime(1970, 1, 3)  # noqa: DTZ001 - moments are UTC without a zone
"""A clock that was never set says 1970-01-01, in any zone within a day of it."""


@dataclass(frozen=True)
class Table:
    """A contract table: its grain, its columns, and when its rows become known."""

    name: str
    grain: str
    key: tuple[str, ...]
    """Columns that no two rows share; empty where a ledger may repeat itself."""
    columns: tuple[Column, ...]
    is_required: bool = False
    occurred_at: str | None = None
    """The moment of the fact the row was written for."""
    later_moments: tuple[str, ...] = ()
    """Moments that may be filled in after the row was first known; each counts from itself on."""

    @property
    def names(self) -> tuple[str, ...]:
        """Return the column names in contract order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def schema(self) -> pa.Schema:
        """Return the Arrow schema of valid rows."""
        return pa.schema([(column.name, column.arrow_type) for column in self.columns])

    @property
    def raw_schema(self) -> pa.Schema:
        """Return the Arrow schema of ingested rows: valid rows and `UNPARSED`."""
        return self.schema.append(pa.field(UNPARSED, pa.string()))


def _id(name: str, *, references: str | None = None, required: bool = True) -> Column:
    return Column(
        name,
        "text",
        required=required,
        nullable=not required,
        pattern=ID_PATTERN,
        references=references,
    )


def _moment(name: str, *, after: str | None = None, required: bool = False) -> Column:
    return Column(
        name,
        "moment",
        required=required,
        nullable=not required,
        minimum=FIRST_MOMENT,
        not_before=after,
    )


def _known_at(after: str) -> Column:
    return Column("known_at", "moment", not_before=after, row_faults=("unparsed",))


_CUSTOMER = _id("customer_id", references="customers.customer_id")
_PRODUCT = _id("product_id", references="products.product_id", required=False)

CUSTOMERS = Table(
    "customers",
    grain="one row per customer",
    key=("customer_id",),
    is_required=True,
    columns=(
        _id("customer_id"),
        _id("household_id", required=False),
        Column("customer_type", "text", allowed=("consumer", "business")),
        Column("birth_date", "date", minimum=date(1900, 1, 1), is_past=True),
        Column("gender", "text"),
        Column("region", "text"),
        Column("household_size", "integer", minimum=1, maximum=50),
        Column("income_band", "text"),
        Column("signed_up_on", "date", minimum=date(1900, 1, 1), is_past=True),
        Column("language", "text"),
        Column("email", "text", pattern=r"[^@\s]+@[^@\s]+\.[^@\s]+", personal=True),
        Column("phone", "text", pattern=PHONE_PATTERN, personal=True),
        Column("country", "text"),
    ),
)

PRODUCTS = Table(
    "products",
    grain="one row per product",
    key=("product_id",),
    is_required=True,
    columns=(
        _id("product_id"),
        Column("category", "text", required=True, nullable=False),
        Column("tier", "integer", required=True, nullable=False, minimum=1, maximum=99),
        Column("name", "text"),
        Column("brand", "text"),
        Column("price", "money", minimum=0, maximum=MOST_MONEY),
        Column("margin_rate", "rate", minimum=-1, maximum=1),
        Column("repurchase_days", "integer", minimum=1, maximum=3660),
        Column("launched_on", "date"),
        Column("retired_on", "date", not_before="launched_on"),
    ),
)

PRODUCT_EVENTS = Table(
    "product_events",
    grain="one acquisition, cancellation or return of one product by one customer",
    key=(),
    is_required=True,
    occurred_at="occurred_at",
    columns=(
        _CUSTOMER,
        _id("product_id", references="products.product_id"),
        Column(
            "kind",
            "text",
            required=True,
            nullable=False,
            allowed=("acquired", "cancelled", "returned"),
        ),
        _moment("occurred_at", required=True),
        Column("order_id", "text"),
        Column("quantity", "integer", minimum=1, maximum=MOST_PIECES, row_faults=("range",)),
        Column("amount", "money", minimum=0, maximum=MOST_MONEY, row_faults=("range",)),
        Column("discount", "money", minimum=0, maximum=MOST_MONEY),
        Column("channel", "text"),
        _known_at("occurred_at"),
    ),
)

GUEST_EVENTS = replace(
    PRODUCT_EVENTS,
    name="guest_events",
    grain="one acquisition or return of one product by a buyer whom nobody knows",
    columns=tuple(column for column in PRODUCT_EVENTS.columns if column.name != "customer_id"),
    is_required=False,
)
"""Orders of nobody known: they say what is bought together and what sells best, nothing of customers."""

INTERACTIONS = Table(
    "interactions",
    grain="one touch on the web, in the app, in a store, by phone, chat or social media",
    key=(),
    occurred_at="occurred_at",
    later_moments=("resolved_at",),
    columns=(
        _CUSTOMER,
        Column("channel", "text", required=True, nullable=False),
        Column("kind", "text", required=True, nullable=False),
        _moment("occurred_at", required=True),
        _PRODUCT,
        Column("device", "text"),
        Column("duration_seconds", "integer", minimum=0, maximum=MOST_SECONDS),
        _moment("resolved_at", after="occurred_at"),
        _known_at("occurred_at"),
    ),
)

SURVEYS = Table(
    "surveys",
    grain="one survey sent to one customer",
    key=("survey_id",),
    occurred_at="sent_at",
    later_moments=("answered_at",),
    columns=(
        _id("survey_id"),
        _CUSTOMER,
        Column("instrument", "text", required=True, nullable=False, allowed=("nps", "csat", "ces")),
        _moment("sent_at", required=True),
        _moment("answered_at", after="sent_at"),
        Column("score", "score", minimum=0, maximum=10),
        Column("comment", "text"),
        _known_at("sent_at"),
    ),
)

MESSAGES = Table(
    "messages",
    grain="one marketing message to one customer",
    key=("message_id",),
    occurred_at="sent_at",
    later_moments=(
        "delivered_at",
        "bounced_at",
        "opened_at",
        "clicked_at",
        "responded_at",
        "unsubscribed_at",
    ),
    columns=(
        _id("message_id"),
        _CUSTOMER,
        Column("campaign_id", "text", required=True, nullable=False),
        Column(
            "channel",
            "text",
            required=True,
            nullable=False,
            allowed=CHANNELS,
        ),
        _moment("sent_at", required=True),
        Column("category", "text", references="products.category"),
        _PRODUCT,
        Column("offer_code", "text"),
        _moment("delivered_at", after="sent_at"),
        _moment("bounced_at", after="sent_at"),
        _moment("opened_at", after="sent_at"),
        _moment("clicked_at", after="sent_at"),
        _moment("responded_at", after="sent_at"),
        _moment("unsubscribed_at", after="sent_at"),
        _known_at("sent_at"),
    ),
)

CONSENTS = Table(
    "consents",
    grain="one change of one customer's consent on one channel",
    key=(*CUSTOMER_CHANNEL_KEYS, "changed_at"),
    occurred_at="changed_at",
    columns=(
        _CUSTOMER,
        Column("channel", "text", required=True, nullable=False),
        Column("granted", "flag", required=True, nullable=False),
        _moment("changed_at", required=True),
    ),
)

# Referenced tables first, so that a reference is checked against rows that are themselves valid.
RAW_TABLES: tuple[Table, ...] = (
    CUSTOMERS,
    PRODUCTS,
    PRODUCT_EVENTS,
    INTERACTIONS,
    SURVEYS,
    MESSAGES,
    CONSENTS,
)
"""The tables about customers; `GUEST_EVENTS` stands beside them."""


def raw_tables(attributes: Mapping[str, ColumnType]) -> dict[str, Table]:
    """Return the contract by table name, `customers` with the attributes that params declare.

    Of all tables, that of guests included: it comes last.

    Raises:
        ConfigurationError: an attribute has the name of a column that the contract has.
    """
    for name in attributes:
        if name in CUSTOMERS.names:
            raise ConfigurationError(
                "in source.customer_attributes names that customers does not have yet",
                repr(name),
                f"Leave it out: map it as {name}; or give the attribute another name.",
            )
    extra = tuple(Column(name, type_) for name, type_ in attributes.items())
    customers = replace(CUSTOMERS, columns=CUSTOMERS.columns + extra)
    return {table.name: table for table in (customers, *RAW_TABLES[1:], GUEST_EVENTS)}
