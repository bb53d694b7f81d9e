"""The README's tables are made from the reports, each between its own marks."""

import pandas as pd

from pipeline.reports.readme import readme_families as families
from pipeline.reports.readme.readme_families import put_families
from pipeline.reports.readme.readme_figures import END, START, put_figures
from tests.reports.inputs import evaluation, scorer


def test_a_family_that_is_significantly_missed_is_bold() -> None:
    worth = pd.DataFrame(
        [
            ["all", 0.75, 0.0, 0.0],
            ["without surveys", 0.7488, -0.0012, 0.0001],
            ["without affinity", 0.7499, -0.0001, -0.0001],
            ["only surveys", 0.6, -0.15, 0.1],
            ["only affinity", 0.7, -0.05, 0.1],
            ["none", 0.55, -0.2, 0.2],
        ],
        columns=["variant", "auc", "auc_difference", "log_loss_difference_low"],
    )
    text = put_families(
        f"before\n{families.START}\nold\n{families.END}\nafter\n", {"mine": {"up_sell": worth}}
    )
    assert text == (
        f"before\n{families.START}\n\n"
        "| `mine` | Up-sell, left out | Up-sell, alone |\n| --- | --- | --- |\n"
        "| `surveys` | **-0.0012** | 0.600 |\n| `affinity` | -0.0001 | 0.700 |\n"
        "| all families |  | 0.750 |\n| the category alone |  | 0.550 |\n\n"
        f"{families.END}\nafter\n"
    )


def test_each_table_of_figures_is_of_its_own_model() -> None:
    other = evaluation(scorers={"model": scorer(auc=0.9)})
    text = put_figures(
        f"before\n{START}\nold\n{END}\nafter\n",
        {
            "cross_sell": evaluation(scorers={"model": scorer(auc=0.5)}),
            "up_sell": other,
        },
    )
    cross_sell, up_sell = text.split("**Up-sell**")
    assert "| **Trained model** | 0.500 <sub>0.250–1.000</sub>" in cross_sell
    assert "| **Trained model** | 0.900 <sub>0.450–1.800</sub>" in up_sell
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
