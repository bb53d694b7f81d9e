"""By how much would a random split have flattered the same features and parameters?

Three ways to hold rows out: by date (what the project does), customers at random, rows at random.
Only the first asks of the future. Each is measured on its own held-out rows, as its user would
have, and all on the rows of the test date that every one of them held out.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.models.examples import Examples
from pipeline.statistics.arrays import Floats
from pipeline.studies.answer import Answer, markdown, page
from pipeline.studies.fitting import Fitted, Procedure, fit_stopped
from pipeline.studies.panel import Origin, Panel
from pipeline.studies.part_comparison import (
    PartComparison,
    Predicted,
    compare_parts,
    size_of,
    to_frame,
)

OUT_OF_TIME, CUSTOMERS, ROWS = "out_of_time", "random_customers", "random_rows"
OWN, SHARED = "own held-out rows", "rows that all held out"
HELD_OUT = 0.2
"""Share of the rows that a random split tests on, and again that it validates on."""
Places = npt.NDArray[np.int64]
TRAIN, VALIDATION, TEST = 0, 1, 2


def answer(panel: Panel, procedure: Procedure) -> Answer:
    """Fit under each way of splitting, and compare what each would have promised."""
    origin = panel.origins()[-1]
    splits = splits_of(panel, origin, procedure.seed)
    fitted = {name: _fit(panel.examples, split, procedure) for name, split in splits.items()}
    compared = compare_parts(_predicted(panel, splits, fitted), procedure.resampling)
    table = _table(panel, splits, compared)
    own = table[table["measured_on"] == OWN].set_index("split")["auc"]
    inflation = {name: round(own[name] - own[OUT_OF_TIME], 6) for name in (CUSTOMERS, ROWS)}
    facts = {"test": str(origin.test), "auc_inflation": inflation}
    return Answer({"": table}, facts, _page(table, inflation))


def splits_of(panel: Panel, origin: Origin, seed: int) -> dict[str, Places]:
    """Return the part of each row under each way of splitting; -1 is left out."""
    days = panel.dates
    by_date = np.full(len(days), -1)
    by_date[np.isin(days, np.array(origin.train, dtype="datetime64[D]"))] = TRAIN
    by_date[days == np.datetime64(origin.validation)] = VALIDATION
    by_date[days == np.datetime64(origin.test)] = TEST
    random = np.random.default_rng(seed)
    groups = panel.examples.groups
    of_group = _at_random(random, int(groups.max()) + 1)
    return {
        OUT_OF_TIME: by_date,
        CUSTOMERS: np.where(by_date < 0, -1, of_group[groups]),
        ROWS: np.where(by_date < 0, -1, _at_random(random, len(days))),
    }


def _at_random(random: np.random.Generator, count: int) -> Places:
    drawn = random.random(count)
    return np.where(drawn < HELD_OUT, TEST, np.where(drawn < 2 * HELD_OUT, VALIDATION, TRAIN))


def _fit(examples: Examples, split: Places, procedure: Procedure) -> Fitted:
    train, validation = (
        examples.take(np.flatnonzero(split == part)) for part in (TRAIN, VALIDATION)
    )
    return fit_stopped(train, validation, procedure)


def _held_out(splits: Mapping[str, Places], name: str | None) -> Places:
    chosen = splits.values() if name is None else [splits[name]]
    return np.flatnonzero(np.all([split == TEST for split in chosen], axis=0))


def _predicted(
    panel: Panel, splits: Mapping[str, Places], fitted: Mapping[str, Fitted]
) -> list[Predicted]:
    found = []
    for name, one in fitted.items():
        for part, places in ((OWN, _held_out(splits, name)), (SHARED, _held_out(splits, None))):
            rows = panel.examples.take(places)
            said: Floats = one.model.propensity(rows.features)
            found.append(Predicted(name, part, said, rows))
    return found


def _table(panel: Panel, splits: Mapping[str, Places], compared: PartComparison) -> pd.DataFrame:
    return to_frame(
        [
            {
                "split": name,
                "measured_on": part,
                **size_of(panel.examples.take(places)),
                **compared.row(name, part),
                **compared.differences(name, OUT_OF_TIME, [part]),
            }
            for part in (OWN, SHARED)
            for name in splits
            for places in [_held_out(splits, name if part == OWN else None)]
        ]
    )


def _page(table: pd.DataFrame, inflation: Mapping[str, float]) -> str:
    return page(
        "Random split against out of time, same features",
        [
            (
                f"A random split of rows would have promised an AUC {inflation[ROWS]:+.4f} from that of "
                f"the later date, a random split of customers {inflation[CUSTOMERS]:+.4f}."
            ),
            (
                "On its own rows each split is measured as its user would have; the shared rows are "
                "of the test date, where the random splits have seen rows of the same weeks."
            ),
        ],
        [
            markdown(
                table,
                ["split", "measured_on", "positives"],
                ["auc", "average_precision", "log_loss", "lift_at_10", "auc_difference"],
            )
        ],
    )
