import numpy as np
import pandas as pd

from pipeline.evaluation.scorer_comparison import Outcomes, Resampling
from pipeline.promotion.cell_comparison import CellRows
from tests.promotion.evidence import RULES

ROWS = 2_000


def rows() -> CellRows:
    """Return two categories of a thousand customers each; 100 do it in either."""
    labels = np.tile(np.arange(ROWS // 2) < 100, 2).astype(float)
    customers = np.arange(ROWS)
    outcomes = Outcomes(labels, np.ones(ROWS), customers, customers)
    categories = pd.Series(np.repeat(["tea", "tv"], ROWS // 2))
    return CellRows.of(categories, outcomes, Resampling(replicates=100, seed=5))


RIGHT, WRONG = np.full(ROWS, 0.1), np.repeat([0.15, 0.06], ROWS // 2)


def test_levels_surely_worse_than_the_champions_are_refused_with_both_shares() -> None:
    found = rows().is_no_worse(WRONG, RIGHT, RULES)
    # 50 too many and 40 too few of 200.
    assert not found.holds
    assert "misplaces 45.0% of the outcomes, the champion 0.0%" in found.reason


def test_better_levels_and_equal_ones_hold() -> None:
    assert rows().is_no_worse(RIGHT, WRONG, RULES).holds
    assert rows().is_no_worse(WRONG, WRONG, RULES).holds


def test_every_scorer_has_cells_by_category_and_by_decile() -> None:
    cells = rows().cells(WRONG)
    assert {cell.by for cell in cells} == {"category", "decile"}
    assert [cell.verdict for cell in cells if cell.by == "category"] == ["off", "off"]
