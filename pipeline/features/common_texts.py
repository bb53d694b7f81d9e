"""Texts that the vast majority of rows have in common: they tell nobody from the others.

Where nine in ten live in one country, living there is no reason.
"""

from collections.abc import Mapping

import ibis.expr.types as ir

from pipeline.features.matrix import grain_keys
from pipeline.foundation.engines import Engine

COMMON_SHARE = 0.75
"""From this share of the rows on a text is what nearly everybody has in common."""
FEWEST_ROWS = 30  # of fewer nobody can say what is common

CommonTexts = Mapping[str, frozenset[str]]
"""By feature; a feature without a common text is not there."""


def find_common_texts(
    engine: Engine, rows: ir.Table, families: Mapping[str, ir.Table]
) -> CommonTexts:
    """Return the texts that most of the rows share; counted by the engine, whatever their number.

    Args:
        engine: counts.
        rows: as_of_date, customer_id and category, each once.
        families: feature tables at customer or candidate grain.
    """
    total = engine.arrow(rows.aggregate(rows=rows.count()))["rows"][0].as_py()
    if total < FEWEST_ROWS:
        return {}
    found: dict[str, frozenset[str]] = {}
    for _, family in sorted(families.items()):
        keys = grain_keys(family)
        for name in family.columns:
            if name not in keys and family[name].type().is_string():
                having = rows.select(*keys).join(family.select(*keys, name), keys)
                counts = having.group_by(name).aggregate(rows=having.count())
                is_common = (counts.rows >= COMMON_SHARE * total) & counts[name].notnull()
                texts = engine.arrow(counts.filter(is_common))[name].to_pylist()
                found |= {name: frozenset(texts)} if texts else {}
    return found
