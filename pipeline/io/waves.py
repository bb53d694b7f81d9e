"""Where stages find what was sent and what came back: sealed waves, and CSV files of responses."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.foundation import paths, stored_tables
from pipeline.foundation.contracts.conform import conform
from pipeline.foundation.contracts.delimited import Remedies, read_cells
from pipeline.foundation.contracts.hand_overs.claims_report import SealedClaim
from pipeline.foundation.contracts.responses import RESPONSES
from pipeline.foundation.contracts.tombstones import is_tombstone, without_tombstones
from pipeline.foundation.errors import DataError
from pipeline.foundation.wave_seals import check_seals
from pipeline.io.documents import read_document
from pipeline.io.tables import read_json

OFFER_COLUMNS = (
    "customer_id",
    "as_of_date",
    "wave",
    "arm",
    "model",
    "category",
    "product_id",
    "propensity",
    "value_cents",
    "contact_cost_cents",
    "channel",
    "campaign",
    "offer_code",
    "valid_from",
    "valid_until",
)
"""What is read of a sealed wave, and `household_id` of those that were sealed with it."""
CLAIM_COLUMNS: Mapping[str, pa.DataType] = {
    "effect": pa.float64(),
    "effect_low": pa.float64(),
    "effect_high": pa.float64(),
    "effect_origin": pa.string(),
    "action_probability": pa.float64(),
    "is_explored": pa.bool_(),
}
"""What is read of the waves that were sealed with it, and is empty in others."""
_HOUSEHOLD, HAS_HOUSEHOLDS = "household_id", "has_households"


def read_waves() -> pd.DataFrame:
    """Return the sealed waves, one under the other, the oldest first; no rows without any.

    Customers who were erased since are left out of every arm: what they did is no longer known.
    `has_households` says whether a wave was sealed with its households; without, they are empty.
    """
    check_seals()
    tables = [_read_wave(path) for path in sorted(paths.WAVES.glob("*.parquet"))]
    if not tables:
        return pd.DataFrame(columns=[*OFFER_COLUMNS, *CLAIM_COLUMNS, _HOUSEHOLD, HAS_HOUSEHOLDS])
    waves: pd.DataFrame = pa.concat_tables(tables).to_pandas()
    return waves


def read_responses() -> pd.DataFrame:
    """Return every row of every CSV with its `file` and `row`, and the contract's columns.

    Raises:
        DataError: a file that is no CSV: it would be taken for nothing coming back.
    """
    return pd.concat(
        [_read_file(path) for path in response_files()] or [_nothing()], ignore_index=True
    )


def response_files() -> list[Path]:
    """Return the CSV files of responses, whatever the case of their ending.

    Raises:
        DataError: there are others beside them.
    """
    seen = [path for path in sorted(paths.RESPONSES.glob("*")) if _is_shown(path)]
    others = [path.name for path in seen if path.suffix.lower() != ".csv" or not path.is_file()]
    if others:
        raise DataError(
            f"CSV files in {paths.RESPONSES}",
            ", ".join(others),
            "Save it as CSV (`data/responses/README.md` shows the columns), or move it elsewhere: as "
            "it is, nothing of it would count.",
        )
    return seen


def _is_shown(path: Path) -> bool:
    """Say whether a file is one that somebody put there: not the README, the truth or a hidden one."""
    is_own = path.name == "README.md" or path.name.endswith(".truth.json")
    is_there = path.is_file() or path.is_symlink()  # a link that leads nowhere is told too
    return is_there and not is_own and not path.name.startswith((".", "~"))


def refuse_orphans(waves: pd.DataFrame, responses: pd.DataFrame) -> None:
    """Refuse responses that no sealed wave can have brought.

    Raises:
        DataError: there are responses and no wave.
    """
    if waves.empty and len(responses):
        raise DataError(
            "a sealed wave that the responses answer",
            f"{len(responses):,} responses and no wave",
            "Seal the wave that was sent with `make seal`.",
        )


def _read_wave(path: Path) -> pa.Table:
    found = set(stored_tables.read_schema(path).names)
    missing = sorted(set(OFFER_COLUMNS) - found)
    if missing:
        raise DataError(
            f"in {path} the columns of next_best_offers",
            f"none called {', '.join(missing)}",
            "Seal the wave with `python -m pipeline.commands.seal`, and leave its file as it is.",
        )
    optional = {**CLAIM_COLUMNS, _HOUSEHOLD: pa.string()}
    wave = stored_tables.read_table(path, columns=[*OFFER_COLUMNS, *(found & optional.keys())])
    names = pc.unique(wave["wave"]).to_pylist()
    if names != [path.stem]:
        raise DataError(
            f"in {path} the wave of its name",
            ", ".join(map(str, names)) or "no rows",
            "Remove the copy; `python -m pipeline.commands.seal` names files itself.",
        )
    for name in optional.keys() - found:
        wave = wave.append_column(name, pa.nulls(len(wave), optional[name]))
    ordered = without_tombstones(wave).select([*OFFER_COLUMNS, *CLAIM_COLUMNS, _HOUSEHOLD])
    flags = pa.array([_HOUSEHOLD in found] * len(ordered))
    return ordered.append_column(HAS_HOUSEHOLDS, flags)


def count_erased(wave: str) -> dict[str, int]:
    """Return by arm how many customers of a sealed wave were erased since; of no arm are `none`."""
    path = paths.table(paths.WAVES, wave)
    if not path.exists():
        return {}
    rows = stored_tables.read_table(path, columns=["customer_id", "arm"])
    arms = rows.filter(is_tombstone(rows["customer_id"]))["arm"].to_pandas()
    counts = arms.fillna("none").value_counts().sort_index()
    return {str(arm): int(customers) for arm, customers in counts.items()}


def read_control_share(wave: str, planned: float) -> float:
    """Return the share of controls that a wave was drawn with; today's if it was sealed without."""
    path = paths.WAVE_CLAIMS / f"{wave}.json"
    return read_document(path, SealedClaim).campaign_share if path.exists() else planned


def read_first_reasons(wave: str) -> pd.DataFrame:
    """Return customer_id, model and first reason, as they were when the wave was sealed."""
    path = paths.table(paths.WAVE_REASONS, wave)
    if not path.exists():
        return pd.DataFrame(columns=["customer_id", "model", "reason"], dtype="str")
    reasons: pd.DataFrame = stored_tables.read_table(
        path, columns=["customer_id", "model", "feature"], filters=[("position", "=", 1)]
    ).to_pandas()
    return reasons.rename(columns={"feature": "reason"})


def read_contact_log(wave: str) -> pd.DataFrame | None:
    """Return CONTACT_LOG of a wave; None for one that was sealed without."""
    path = paths.table(paths.WAVE_CONTACTS, wave)
    return stored_tables.read_table(path).to_pandas() if path.exists() else None


def read_true_effects(wave: str) -> dict[str, float]:
    """Return the average effect by outcome that a simulated wave truly has; else nothing."""
    path = paths.simulated_truth(wave)
    if not path.exists():
        return {}
    effects: dict[str, float] = read_json(path)["average_effect"]
    return effects


def _read_file(path: Path) -> pd.DataFrame:
    readme = "`data/responses/README.md` shows the columns."
    cells = read_cells(
        path,
        delimiter=",",
        quote='"',
        encoding="utf-8-sig",
        remedies=Remedies(
            encoding=f"Save it as UTF-8; {readme}",
            delimiter=f"Put quotes around text that contains a comma; {readme}",
        ),
    )
    header = cells.iloc[0].fillna("").str.strip()
    text = cells.iloc[1:].set_axis(header.tolist(), axis="columns").reset_index(drop=True)
    return _typed(text).assign(file=path.name, row=range(1, len(text) + 1))


def _nothing() -> pd.DataFrame:
    empty = pd.DataFrame({name: pd.Series(dtype="str") for name in RESPONSES.names})
    return _typed(empty).assign(file=pd.Series(dtype="str"), row=pd.Series(dtype="int64"))


def _typed(text: pd.DataFrame) -> pd.DataFrame:
    """Read the text by the contract; amounts become whole cents."""
    table = conform(text, RESPONSES)
    cents = pc.multiply(table["amount"], pa.scalar(100, pa.decimal128(3, 0)))
    whole = pd.array(pc.cast(cents, pa.int64()).to_pylist(), dtype="Int64")
    typed: pd.DataFrame = table.drop_columns(["amount"]).to_pandas()
    return typed.assign(amount_cents=whole)
