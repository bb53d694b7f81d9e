"""A block's extract: what the company's systems held on the last morning, as contract tables.

A row that was not yet known then is not in it, and a moment that still lay ahead is empty.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa

from pipeline.foundation.contracts.tables import Table
from pipeline.sources.simulated import ledger, surveys, touches, visible
from pipeline.sources.simulated.arrays import NONE, Codes, Flags, Rows, Whole
from pipeline.sources.simulated.campaigns import SEALED
from pipeline.sources.simulated.catalogue import CATEGORIES, COUNT, Catalogue, launch_days_before
from pipeline.sources.simulated.contacts import CHANNELS
from pipeline.sources.simulated.simulation import Company
from pipeline.sources.simulated.timeline import NEVER, PERIOD_DAYS, to_dates, to_moments
from pipeline.sources.simulated.visible import numbered, texts

_Columns = dict[str, pa.Array]
_CATEGORY_NAMES = tuple(category.name for category in CATEGORIES)
_TIER_NAMES = ("Basic", "Plus", "Premium", "Ultra")


def extract(company: Company, table: Table, rows_before: int = 0) -> pa.Table:
    """Return one table of a block of customers, clean; columns it does not have are empty.

    Args:
        company: the block.
        table: which.
        rows_before: of the table, in the blocks before: rows are numbered on from there.
    """
    columns = _COLUMNS[table.name](company, rows_before)
    length = len(next(iter(columns.values())))
    arrays = [
        columns[field.name].cast(field.type)
        if field.name in columns
        else pa.nulls(length, field.type)
        for field in table.raw_schema
    ]
    return pa.Table.from_arrays(arrays, schema=table.raw_schema)


def _customers(company: Company, _: int) -> _Columns:
    return visible.customers(company.last.seed, company.last.people)


def _products(company: Company, _: int) -> _Columns:
    catalogue = company.last.catalogue
    tiers = np.array(catalogue.tier)
    old = launch_days_before(catalogue)
    is_new = catalogue.launched != NONE
    launched = np.where(is_new, catalogue.launched * PERIOD_DAYS, old)
    names = [
        f"{brand} {_CATEGORY_NAMES[c].replace('_', ' ')} {_TIER_NAMES[tier - 1]}"
        for brand, c, tier in zip(catalogue.brand, catalogue.category, tiers, strict=True)
    ]
    days = np.array([category.repurchase_days or NONE for category in CATEGORIES])
    return {
        "product_id": _product_ids(catalogue),
        "category": texts(_CATEGORY_NAMES, catalogue.category),
        "tier": pa.array(tiers, pa.int64()),
        "name": pa.array(names),
        "brand": pa.array(catalogue.brand),
        "price": to_money(catalogue.price),
        "margin_rate": pa.array(catalogue.margin_rate),
        "repurchase_days": _whole(days[catalogue.category]),
        "launched_on": to_dates(launched, empty=~is_new & (old == 0)),
        "retired_on": to_dates(catalogue.retired * PERIOD_DAYS, empty=catalogue.retired == NONE),
    }


def _product_events(company: Company, rows_before: int) -> _Columns:
    rows = company.events.ledger
    rows = rows.pick(_is_known(rows.occurred, rows.known, company.end))
    order = np.where(rows.kind == ledger.ACQUIRED, _numbers(rows, rows_before), NONE)
    return {
        "customer_id": _whose(company, rows.customer),
        "product_id": _product_ids(company.last.catalogue).take(pa.array(rows.product)),
        "kind": texts(ledger.KINDS, rows.kind),
        "occurred_at": to_moments(rows.occurred),
        "order_id": _where(order != NONE, numbered("O", order)),
        "quantity": _whole(rows.quantity),
        "amount": to_money(rows.amount),
        "discount": to_money(rows.discount),
        "channel": texts(ledger.CHANNELS, rows.channel),
        "known_at": to_moments(rows.known),
    }


def _interactions(company: Company, _: int) -> _Columns:
    rows = company.events.touches
    rows = rows.pick(_is_known(rows.occurred, rows.known, company.end))
    return {
        "customer_id": _whose(company, rows.customer),
        "channel": texts(touches.CHANNELS, rows.channel),
        "kind": texts(touches.KINDS, rows.kind),
        "occurred_at": to_moments(rows.occurred),
        "product_id": _about(company, rows.product),
        "device": texts(touches.DEVICES, rows.device),
        "duration_seconds": _whole(rows.seconds),
        "resolved_at": _so_far(rows.resolved, company.end),
        "known_at": to_moments(rows.known),
    }


def _surveys(company: Company, rows_before: int) -> _Columns:
    rows = company.events.surveys
    rows = rows.pick(_is_known(rows.sent, rows.known, company.end))
    answered = (rows.answered != NEVER) & (rows.answered < company.end)
    return {
        "survey_id": numbered("S", _numbers(rows, rows_before)),
        "customer_id": _whose(company, rows.customer),
        "instrument": texts(surveys.INSTRUMENTS, rows.instrument),
        "sent_at": to_moments(rows.sent),
        "answered_at": _so_far(rows.answered, company.end),
        "score": _whole(np.where(answered, rows.score, NONE)),
        "comment": texts(surveys.COMMENTS, np.where(answered, rows.comment, NONE)),
        "known_at": to_moments(rows.known),
    }


def _messages(company: Company, rows_before: int) -> _Columns:
    rows = company.events.messages
    rows = rows.pick(_is_known(rows.sent, rows.known, company.end))
    later = ("delivered", "bounced", "opened", "clicked", "responded", "unsubscribed")
    offers = tuple(f"OFFER{percent:02d}" for percent in range(100))
    return {
        "message_id": numbered("M", _numbers(rows, rows_before)),
        "customer_id": _whose(company, rows.customer),
        "campaign_id": _campaigns(company, rows.campaign),
        "channel": texts(CHANNELS, rows.channel),
        "sent_at": to_moments(rows.sent),
        "category": texts(_CATEGORY_NAMES, rows.category),
        "product_id": _about(company, rows.product),
        "offer_code": texts(offers, rows.offer),
        **{f"{name}_at": _so_far(getattr(rows, name), company.end) for name in later},
        "known_at": to_moments(rows.known),
    }


def _consents(company: Company, _: int) -> _Columns:
    rows = company.events.consents
    rows = rows.pick(rows.changed < company.end)
    return {
        "customer_id": _whose(company, rows.customer),
        "channel": texts(CHANNELS, rows.channel),
        "granted": pa.array(rows.granted),
        "changed_at": to_moments(rows.changed),
    }


def to_money(cents: Whole) -> pa.Array:
    """Return exact amounts of cents; NONE is empty."""
    whole = pa.array(cents, pa.int64(), mask=cents == NONE).cast(pa.decimal128(19, 0))
    # An integer's bytes are those of a decimal with scale 0; re-labelling the scale divides by 100.
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(whole), whole.buffers())


def _whole(values: Codes) -> pa.Array:
    return pa.array(values.astype(np.int64), mask=values == NONE)


def _where(condition: Flags, values: pa.Array) -> pa.Array:
    places = pa.array(np.arange(len(condition)), mask=~condition)
    return values.take(places)


def _so_far(moments: Whole, end: int) -> pa.Array:
    return to_moments(np.where(moments < end, moments, NEVER))


def _numbers(rows: Rows, before: int) -> Whole:
    return np.arange(before, before + len(rows))


def _is_known(occurred: Whole, known: Whole, end: int) -> Flags:
    return (occurred < end) & (known < end)


def _whose(company: Company, customer: Codes) -> pa.Array:
    people = company.last.people
    return visible.customer_ids(len(people), people.first).take(pa.array(customer))


def _product_ids(catalogue: Catalogue) -> pa.Array:
    return numbered("P", np.arange(len(catalogue.tier)))


def _about(company: Company, product: Codes) -> pa.Array:
    places = pa.array(np.maximum(product, 0), mask=product == NONE)
    return _product_ids(company.last.catalogue).take(places)


def _campaigns(company: Company, codes: Codes) -> pa.Array:
    """Return ids such as `K07_internet`: the period and the category; or a sealed wave's own.

    Each branch runs its own campaigns: those of the fourth are called `K07_internet_b3`.
    """
    is_sealed = codes >= SEALED
    last = int(codes[~is_sealed].max(initial=0)) + 1
    branch = f"_b{company.block.number}" if company.block.number else ""
    names = tuple(
        f"K{code // COUNT:02d}_{_CATEGORY_NAMES[code % COUNT]}{branch}" for code in range(last)
    )
    places = np.where(is_sealed, codes.astype(np.int64) - SEALED + last, codes)
    return texts((*names, *company.campaigns), places)


_COLUMNS: Mapping[str, Callable[[Company, int], _Columns]] = {
    "customers": _customers,
    "products": _products,
    "product_events": _product_events,
    "interactions": _interactions,
    "surveys": _surveys,
    "messages": _messages,
    "consents": _consents,
}
