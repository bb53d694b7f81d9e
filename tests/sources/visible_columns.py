"""What a company's raw tables show of each customer: counts, shares and averages, many of them."""

from collections.abc import Iterator, Mapping

import pandas as pd

from pipeline.foundation.contracts.tables import RAW_TABLES
from pipeline.sources.simulated.simulation import Company
from pipeline.sources.simulated.tables import extract

_WINDOWS = (28, 90, 10_000)  # days
_REACTIONS = ("delivered", "bounced", "opened", "clicked", "responded", "unsubscribed")


def visible_columns(company: Company) -> pd.DataFrame:
    """Return numbers by customer, empty where the tables say nothing; rows as in People."""
    tables = {table.name: extract(company, table).to_pandas() for table in RAW_TABLES}
    ids = tables["customers"]["customer_id"]
    end = tables["product_events"]["occurred_at"].max()
    parts = [
        _said_at_sign_up(tables["customers"], end),
        *_messages(tables["messages"], end),
        *_interactions(tables["interactions"], end),
        _surveys(tables["surveys"]),
        *_purchases(tables, end),
        tables["consents"].pivot_table("granted", "customer_id", "channel", "last"),
    ]
    found: pd.DataFrame = pd.concat([part.reindex(ids) for part in parts], axis=1)
    return found.astype("float64").set_axis(range(found.shape[1]), axis=1)


def _said_at_sign_up(customers: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    texts = ["customer_type", "gender", "region", "income_band", "language"]
    columns: dict[str, pd.Series] = {
        name: customers[name].astype("category").cat.codes for name in texts
    }
    for name in ("birth_date", "signed_up_on"):
        columns[name] = (-(pd.to_datetime(customers[name]) - end)).dt.days
    for name in ("email", "phone"):
        columns[name] = customers[name].notna()
    columns["household_size"] = customers["household_size"]
    return pd.DataFrame(columns).set_index(customers["customer_id"])


def _messages(messages: pd.DataFrame, end: pd.Timestamp) -> Iterator[pd.DataFrame]:
    moments = [f"{name}_at" for name in _REACTIONS]
    for days in _WINDOWS:
        lately = messages[messages["sent_at"] >= end - pd.Timedelta(days=days)]
        done = lately[["customer_id", "channel", "sent_at", *moments]]
        counts = done.drop(columns="channel").groupby("customer_id").count()
        yield counts
        yield counts[moments].div(counts["sent_at"], axis=0)
        by_channel = done.pivot_table(["sent_at", *moments], "customer_id", "channel", "count")
        yield by_channel
        yield pd.concat([by_channel[name] / by_channel["sent_at"] for name in moments], axis=1)


def _interactions(touches: pd.DataFrame, end: pd.Timestamp) -> Iterator[pd.DataFrame]:
    for days in _WINDOWS[1:]:
        lately = touches[touches["occurred_at"] >= end - pd.Timedelta(days=days)]
        for column in ("kind", "channel", "device"):
            counts = pd.crosstab(lately["customer_id"], lately[column])
            yield counts
            yield counts.div(counts.sum(axis=1), axis=0)


def _surveys(surveys: pd.DataFrame) -> pd.DataFrame:
    counts = surveys.groupby("customer_id")[["sent_at", "answered_at"]].count()
    scores = surveys.pivot_table("score", "customer_id", "instrument", "mean")
    return counts.assign(share=counts["answered_at"] / counts["sent_at"]).join(scores)


def _purchases(tables: Mapping[str, pd.DataFrame], end: pd.Timestamp) -> Iterator[pd.DataFrame]:
    events = tables["product_events"].merge(tables["products"], on="product_id")
    for days in _WINDOWS[1:]:
        lately = events[events["occurred_at"] >= end - pd.Timedelta(days=days)]
        yield pd.crosstab(lately["customer_id"], lately["kind"])
    orders = events[events["kind"] == "acquired"].astype(
        {"amount": "float64", "discount": "float64", "price": "float64"}
    )
    is_remote = orders["channel"].isin(["web", "app"])
    figures = ["amount", "discount", "price", "tier", "is_remote"]
    means = orders.assign(is_remote=is_remote).groupby("customer_id")[figures].mean()
    yield means.assign(off=means["discount"] / (means["amount"] + means["discount"]))
    yield orders.pivot_table("tier", "customer_id", "category", ["size", "max"])
