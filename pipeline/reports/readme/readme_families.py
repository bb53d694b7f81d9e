"""What each feature family is worth, as docs/quality.md shows it: from the study `families`."""

from collections.abc import Mapping

import pandas as pd

from pipeline.reports.names import TITLES
from pipeline.reports.readme.readme_figures import put_between

START, END = "<!-- families: `make figures` writes them -->", "<!-- end of families -->"
ALL, NONE = "all", "none"
IN_WORDS: Mapping[str, str] = {ALL: "all families", NONE: "the category alone"}


def put_families(readme: str, studies: Mapping[str, Mapping[str, pd.DataFrame]]) -> str:
    """Return the page with the tables of families between their two marks made anew.

    Args:
        readme: its text.
        studies: source → model → reports/studies/<source>/families_<model>.csv.
    """
    tables = "\n".join(_table(source, models) for source, models in studies.items())
    return put_between(readme, START, END, tables)


def _table(source: str, models: Mapping[str, pd.DataFrame]) -> str:
    worth = {model: table.set_index("variant") for model, table in models.items()}
    titles = [f"{TITLES[model]}, {said}" for model in worth for said in ("left out", "alone")]
    rows = [
        [f"`{source}`", *titles],
        ["---"] * (1 + len(titles)),
        *(
            [f"`{family}`", *(cell for table in worth.values() for cell in _cells(table, family))]
            for family in _families(next(iter(worth.values())))
        ),
        *(
            [said, *(cell for table in worth.values() for cell in ("", _auc(table, name)))]
            for name, said in IN_WORDS.items()
        ),
    ]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _families(table: pd.DataFrame) -> list[str]:
    is_left_out = table.index.str.startswith("without ")
    return [str(name).removeprefix("without ") for name in table.index[is_left_out]]


def _cells(table: pd.DataFrame, family: str) -> tuple[str, str]:
    """Return what the AUC loses without the family, and its AUC alone; bold: a sure loss."""
    left_out = table.loc[f"without {family}"]
    change = f"{left_out['auc_difference']:+.4f}"
    is_sure = left_out["log_loss_difference_low"] > 0
    return f"**{change}**" if is_sure else change, _auc(table, f"only {family}")


def _auc(table: pd.DataFrame, variant: str) -> str:
    return format(table["auc"][variant], ".3f")
