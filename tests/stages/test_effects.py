from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.foundation import paths
from pipeline.foundation.contracts.hand_overs.claims_report import ClaimsReport
from pipeline.foundation.contracts.hand_overs.effects_report import EffectsReport
from pipeline.foundation.contracts.outputs import EFFECTS, PROPENSITIES
from pipeline.io.documents import read_document, write_document
from pipeline.io.outputs import write_output
from pipeline.stages import effects
from tests.stages.model_project import make_project, run_stages


def scores_of(folder: Path) -> pd.DataFrame:
    """Return a propensity of .02 for every eligible candidate of the scoring day."""
    rows = pd.read_parquet(folder / paths.table(paths.POPULATION, "cross_sell"))
    asked = rows[(rows["split"] == "scoring") & rows["is_eligible"]].assign(model="cross_sell")
    places = dict.fromkeys(("rank", "top_percent", "decile"), 1)
    return asked[["model", "category", "customer_id", "as_of_date"]].assign(
        score=-4.0,
        propensity=0.02,
        propensity_low=0.01,
        propensity_high=0.04,
        base_rate=0.02,
        model_version="1",
        **places,
    )


def write_ledger(folder: Path, rows: pd.DataFrame) -> None:
    """Write products, acquisitions and messages: every third eligible row is written to."""
    known = rows[(rows["split"] != "scoring") & rows["is_eligible"]]
    at = pd.to_datetime(known["as_of_date"])
    sent = known.assign(at=at + pd.Timedelta(days=20))[np.arange(len(known)) % 3 == 0]
    messages = sent[["customer_id", "category"]].assign(
        campaign_id="spring", channel="email", delivered_at=sent["at"]
    )
    products = pd.DataFrame({"category": sorted(rows["category"].unique())})
    products = products.assign(product_id="p_" + products["category"], tier=1)
    bought = known.assign(at=at + pd.Timedelta(days=3))[known["label"] == 1]
    events = pd.DataFrame(
        {
            "customer_id": bought["customer_id"],
            "product_id": "p_" + bought["category"].astype("object"),
            "kind": "acquired",
            "occurred_at": bought["at"],
        }
    )
    tables = {"messages": messages, "products": products, "product_events": events}
    for name, table in tables.items():
        table.to_parquet(folder / paths.table(paths.VALIDATED, name), index=False)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    write_ledger(folder, make_project(folder))
    path = folder / paths.table(paths.SCORES, "propensities")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_output(scores_of(folder), path, PROPENSITIES)
    return run_stages(folder, effects)


def test_every_scored_candidate_has_the_effect_of_every_channel(project: Path) -> None:
    found = pd.read_parquet(project / paths.EFFECTS)
    asked = scores_of(project)
    assert list(found.columns) == [name for name, _ in EFFECTS.columns]
    assert len(found) == len(asked) * found["channel"].nunique()
    keys = list(EFFECTS.keys)
    assert found[keys].equals(found[keys].sort_values(keys).reset_index(drop=True))
    assert (found["effect_low"] <= found["effect"]).all()
    assert (found["effect"] <= found["effect_high"]).all()
    assert set(found["effect_origin"]) <= {"randomised", "observational", "assumed"}


def test_an_effect_is_that_of_its_share_of_the_odds(project: Path) -> None:
    found = pd.read_parquet(project / paths.EFFECTS)
    odds = 0.02 / 0.98 * (1 + found["share"].clip(lower=-0.95))
    assert np.allclose(found["effect"], odds / (1 + odds) - 0.02)


def test_two_waves_in_a_row_that_did_not_do_what_was_claimed_lower_the_evidence_in_the_open(
    project: Path,
) -> None:
    before = read_document(project / paths.EFFECTS_REPORT, EffectsReport)
    assert before.arms["email"].origin == "observational"
    path = project / paths.CLAIMS
    path.parent.mkdir(parents=True, exist_ok=True)
    write_document(ClaimsReport(waves=(), consecutive_misses=2), path)
    run_stages(project, effects)
    report = read_document(project / paths.EFFECTS_REPORT, EffectsReport)
    path.unlink()
    assert report.missed_claims == 2
    assert {one.origin for one in report.arms.values()} == {"assumed"}
    told = "The past's messages are not used: 2 waves in a row did not do what was claimed."
    assert told in report.in_words
    found = pd.read_parquet(project / paths.EFFECTS)
    assert set(found["effect_origin"]) == {"assumed"}


def test_without_messages_effects_are_assumed_and_said_to_be(project: Path) -> None:
    (project / paths.table(paths.VALIDATED, "messages")).unlink()
    run_stages(project, effects)
    report = read_document(project / paths.EFFECTS_REPORT, EffectsReport)
    assert "assumed, not measured" in report.in_words[0]
    found = pd.read_parquet(project / paths.EFFECTS)
    assert set(found["effect_origin"]) == {"assumed"}
    assert np.allclose(found["share"], report.prior)
