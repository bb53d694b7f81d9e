"""Sealed waves without a person: a tombstone where a row counts, nothing where it only tells."""

from collections.abc import Collection, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.commands.erasure.searching import Search
from pipeline.foundation import paths
from pipeline.foundation.contracts.erased import KEY
from pipeline.foundation.contracts.tombstones import new_tombstone
from pipeline.foundation.wave_seals import check_seals, digest_of, expect_change, settle_change

_PERSONAL = ("household_id", "offer_code", "weekday", "hour", "device")
"""Columns of an offer that lead to somebody or tell of their habits."""


def bury_in_waves(ids: Collection[str], search: Search) -> dict[Path, int]:
    """Rewrite the sealed waves; return by file the rows that were of these customers.

    Of offers and of the contacts that could be drawn, the row stays and the person goes. Reasons, and
    what a target holds, go whole. The offers come last: their codes lead to the responses.
    """
    check_seals()
    found: dict[Path, int] = {}
    for path in (*_below(paths.WAVE_REASONS), *_below(paths.WAVE_HAND_OVERS)):
        found |= _drop(path, search)
    tokens = {path.stem: {one: new_tombstone() for one in ids} for path in _below(paths.WAVES)}
    for path in (*_below(paths.WAVE_CONTACTS), *sorted(paths.WAVES.glob("*.parquet"))):
        found |= _bury(path, tokens[path.stem])
    return found


def _below(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.parquet"))


def _drop(path: Path, search: Search) -> dict[Path, int]:
    table = pq.read_table(path)
    is_own = search.rows(table)
    return _replaced(path, table.filter(pc.invert(is_own)), is_own)


def _bury(path: Path, tokens: Mapping[str, str]) -> dict[Path, int]:
    table = pq.read_table(path)
    is_own = pc.is_in(table[KEY], value_set=pa.array(sorted(tokens), pa.string())).combine_chunks()
    buried = table
    for place, name in enumerate(table.column_names):
        field, values = table.schema.field(name), table[name].combine_chunks()
        if name == KEY:
            told = pa.array([tokens.get(one, one) for one in values.to_pylist()], field.type)
            buried = buried.set_column(place, field, told)
        elif name in _PERSONAL:
            empty = pc.if_else(is_own, pa.scalar(None, field.type), values)
            buried = buried.set_column(place, field, empty)
    return _replaced(path, buried, is_own)


def _replaced(path: Path, table: pa.Table, is_own: pa.Array) -> dict[Path, int]:
    rows = pc.sum(is_own).as_py() or 0
    if not rows:
        settle_change(path)  # of a call that was killed before it did
        return {}
    with paths.replacing(path) as partial:
        pq.write_table(table, partial, compression="zstd")
        expect_change(path, digest_of(partial))
    settle_change(path)
    return {path: rows}
