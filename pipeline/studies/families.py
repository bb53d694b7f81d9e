"""What is each feature family worth? Without it, and with it alone, on the same rows.

Same parameters; the number of trees is found anew for each, on the validation rows. The category
asked about is part of the question and stays in all.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.models.examples import Examples
from pipeline.statistics.bootstrap import Interval
from pipeline.studies.answer import Answer, markdown, page
from pipeline.studies.fitting import Fitted, Procedure, fit_stopped, with_features
from pipeline.studies.panel import Panel
from pipeline.studies.part_comparison import (
    COMPARED,
    PartComparison,
    Predicted,
    compare_parts,
    to_frame,
)

ALL, NONE = "all", "none"
SEPARATOR = "__"


def answer(panel: Panel, procedure: Procedure) -> Answer:
    """Fit every variant on the latest origin."""
    origin = panel.origins()[-1]
    parts = (panel.on(origin.train), panel.on([origin.validation]), panel.on([origin.test]))
    variants = variants_of(list(parts[2].features.columns))
    fitted = {
        name: fit_stopped(
            with_features(parts[0], columns), with_features(parts[1], columns), procedure
        )
        for name, columns in variants.items()
    }
    day = str(origin.test)
    compared = compare_parts(_predicted(fitted, parts[2], day), procedure.resampling)
    table = _table(variants, fitted, compared, day)
    losses = {
        name: compared.difference(name, ALL, day, "log_loss") for name in variants if name != ALL
    }
    return Answer(
        {"": table}, {"test": day, "families": families_of(parts[2])}, _page(table, losses)
    )


def families_of(rows: Examples) -> list[str]:
    """Return the families whose features the rows have."""
    names = rows.features.columns
    return sorted({name.split(SEPARATOR)[0] for name in names if SEPARATOR in name})


def variants_of(columns: Sequence[str]) -> dict[str, list[str]]:
    """Return the columns of every variant: all, each family left out, each alone, none."""
    families = sorted({name.split(SEPARATOR)[0] for name in columns if SEPARATOR in name})
    asked = [name for name in columns if SEPARATOR not in name]

    def of(family: str) -> list[str]:
        return [name for name in columns if name.startswith(f"{family}{SEPARATOR}")]

    variants = {ALL: list(columns)}
    for family in families:
        own = set(of(family))
        variants[f"without {family}"] = [name for name in columns if name not in own]
    for family in families:
        variants[f"only {family}"] = [*asked, *of(family)]
    if asked:
        variants[NONE] = asked
    return variants


def _predicted(fitted: Mapping[str, Fitted], test: Examples, day: str) -> list[Predicted]:
    return [
        Predicted(name, day, one.model.propensity(test.features), test)
        for name, one in fitted.items()
    ]


def _table(
    variants: Mapping[str, Sequence[str]],
    fitted: Mapping[str, Fitted],
    compared: PartComparison,
    day: str,
) -> pd.DataFrame:
    return to_frame(
        [
            {
                "variant": name,
                "features": len(columns),
                "trees": fitted[name].trees,
                **compared.row(name, day),
                **compared.differences(name, ALL, [day]),
            }
            for name, columns in variants.items()
        ]
    )


def _page(table: pd.DataFrame, losses: Mapping[str, Interval]) -> str:
    missed = [
        name.removeprefix("without ")
        for name, loss in losses.items()
        if name.startswith("without ") and loss.low is not None and loss.low > 0
    ]
    differences = [f"{figure}_difference" for figure in COMPARED]
    return page(
        "Families: what each is worth",
        [
            (
                "Differences are to the model with all families, on the same rows of the out-of-time "
                "test and the same draws of customers; a log loss above zero is worse."
            ),
            f"Leaving out {', '.join(missed)} makes the model worse beyond doubt."
            if missed
            else "No single family is missed beyond doubt: what one says, the others say too.",
        ],
        [markdown(table, ["variant", "features", "trees"], ["auc", *differences])],
    )
