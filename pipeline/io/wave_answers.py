"""What answered each sealed wave: orders and reactions of response files, and the company's records.

Orders come from the files where these bring any of the wave, else from the product events, as soon
as the records cover its days: no second export is needed. One source for all arms of a wave.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import pandas as pd
import pyarrow as pa

from pipeline.campaigns.matching import match
from pipeline.campaigns.recorded_orders import as_responses, kept_orders
from pipeline.campaigns.wave_outcomes import is_answered
from pipeline.foundation import paths
from pipeline.foundation.contracts.arms import TREATED
from pipeline.foundation.contracts.keys import CANDIDATE_KEYS, CUSTOMER_CATEGORY_KEYS
from pipeline.foundation.contracts.responses import ORDERED
from pipeline.foundation.engines import Engine
from pipeline.io.snapshots import scoring_date
from pipeline.io.tables import read_folder
from pipeline.io.waves import count_erased
from pipeline.population.history import cents, history
from pipeline.population.holdings import held_categories, held_products
from pipeline.population.joins import left_join

FROM_RECORDS = (
    "No response file brought an order of this wave: orders are those that the company's own "
    "records tell of everybody in an arm, {orders:,} of them."
)
ERASED = (
    "Customers who were erased after this wave was sealed are left out of every figure: {erased} in "
    "all, {treated} treated and {controls} controls."
)
_OFFER = ("wave", "customer_id", "as_of_date", "model", "category", "valid_from", "valid_until")


@dataclass(frozen=True)
class WaveAnswers:
    """Responses as `match` returns them: those of the files, and of waves that records answer."""

    filed: pd.DataFrame
    recorded: Mapping[str, pd.DataFrame]
    """By wave: reactions from the files, and orders from the records."""

    def of(self, wave: pd.DataFrame) -> pd.DataFrame | None:
        """Return the responses that a wave is measured by; None where nothing has come back."""
        matched = self.recorded.get(str(wave["wave"].iloc[0]), self.filed)
        return matched if is_answered(wave, matched) else None

    def annotate(self, wave: str, measured: Mapping[str, Any]) -> dict[str, Any]:
        """Say among the notes of a measured wave where its orders come from, and who is left out."""
        if "notes" not in measured:
            return dict(measured)
        own = [*self._tell_records(wave), *_tell_erased(wave)]
        return {**measured, "notes": [*own, *measured["notes"]]}

    def _tell_records(self, wave: str) -> list[str]:
        if wave not in self.recorded:
            return []
        orders = int((self.recorded[wave]["kind"] == ORDERED).sum())
        return [FROM_RECORDS.format(orders=orders)]


def _tell_erased(wave: str) -> list[str]:
    arms = count_erased(wave)
    if not arms:
        return []
    treated = arms.get(TREATED, 0)
    controls = sum(arms.values()) - treated - arms.get("none", 0)
    return [ERASED.format(erased=sum(arms.values()), treated=treated, controls=controls)]


def read_answers(engine: Engine, waves: pd.DataFrame, responses: pd.DataFrame) -> WaveAnswers:
    """Match responses with waves; waves that they bring no order of are answered by the records.

    Args:
        engine: reads product events.
        waves: as `read_waves` returns them.
        responses: as `read_responses` returns them.
    """
    filed = match(responses, waves)
    if waves.empty or not paths.SNAPSHOTS.exists():
        return WaveAnswers(filed, {})
    ends = pd.to_datetime(waves["valid_until"]).groupby(waves["wave"]).max()
    covered = set(ends.index[ends < pd.Timestamp(scoring_date())])
    ordered = filed[filed["kind"] == ORDERED]
    silent = {
        str(name): rows
        for name, rows in waves.groupby("wave")
        if name in covered and not is_answered(rows, ordered)
    }
    if not silent:
        return WaveAnswers(filed, {})
    offers = pd.concat(silent.values(), ignore_index=True)
    orders = _read_orders(engine, offers[offers["arm"].notna()])
    reactions = responses[responses["kind"] != ORDERED]
    recorded = {}
    for name, rows in silent.items():
        own = as_responses(orders[orders["wave"] == name], responses)
        told = [reactions, own] if len(reactions) else [own]
        recorded[name] = match(pd.concat(told, ignore_index=True), rows)
    return WaveAnswers(filed, recorded)


def _read_orders(engine: Engine, offers: pd.DataFrame) -> pd.DataFrame:
    """Return the orders of the offers' categories on their days that were not sent back.

    Of an up-sell offer, those of a higher tier than was held: what the label counts.
    """
    tables = read_folder(engine, paths.VALIDATED)
    asked = engine.table(pa.Table.from_pandas(offers[[*_OFFER]], preserve_index=False))
    days = sorted(set(offers["as_of_date"]))
    held = held_categories(held_products(history(engine, tables, days)))
    asked = left_join(asked, held.select(*CANDIDATE_KEYS, "held_tier"), CANDIDATE_KEYS)
    events = tables["product_events"].filter(lambda row: row.kind.isin(["acquired", "returned"]))
    products = tables["products"].select("product_id", "category", "tier")
    events = events.mutate(amount_cents=cents(events.amount)).join(products, "product_id")
    events = events.select(
        "customer_id", "category", "product_id", "tier", "kind", "occurred_at", "amount_cents"
    )
    found = asked.join(events, list(CUSTOMER_CATEGORY_KEYS))
    above = ibis.ifelse(found.model == "up_sell", found.held_tier.fill_null(0), 0)
    found = found.filter(
        (found.tier > above) & (found.occurred_at >= found.valid_from.cast("timestamp"))
    )
    columns = ["wave", "customer_id", "category", "product_id", "kind", "occurred_at"]
    ordered = found.select(*columns, "amount_cents", "valid_until").order_by(columns)
    rows: pd.DataFrame = engine.arrow(ordered).to_pandas()
    return kept_orders(rows)
