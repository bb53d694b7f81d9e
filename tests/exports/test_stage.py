"""The export stage: from files to packages, all of them or none, the same bytes every time."""

import csv
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.contracts.outputs import POPULATION, PROPENSITIES, REASONS, Output
from pipeline.errors import DataError
from pipeline.stages import export

DAY = date(2026, 3, 1)
ROOT = Path(__file__).parents[2]
EXPORTS = Path("data/exports/generic")


def write_table(path: str, output: Output, rows: list[dict[str, Any]]) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=pa.schema(output.columns)), path)


def write_json(path: str, content: object) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(json.dumps(content), encoding="utf-8")


def score(model: str, category: str, customer: str, propensity: float) -> dict[str, Any]:
    return {
        "model": model,
        "category": category,
        "customer_id": customer,
        "as_of_date": DAY,
        "score": propensity,
        "propensity": propensity,
        "rank": 1,
        "percentile": 1,
        "decile": 1,
        "base_rate": 0.05,
        "model_version": f"{model}-v1",
    }


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with all that the stage reads: four customers, one of them new."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "params.yaml", tmp_path)
    customers = pa.table({"customer_id": ["c1", "c2", "c3", "new"], "email": ["a@b.example"] * 4})
    Path("data/validated").mkdir(parents=True)
    pq.write_table(customers, "data/validated/customers.parquet")
    for model in ("up_sell", "cross_sell"):
        asked = [
            {"as_of_date": DAY, "customer_id": name, "category": "loan", "split": "scoring"}
            for name in ("c1", "c2", "c3")
        ]
        write_table(f"data/population/{model}.parquet", POPULATION, asked)
        verdict = {
            "champion": {"version": f"{model}-v1"},
            "scored_by": "model" if model == "up_sell" else "rfm",
            "in_words": f"In words of {model}.",
        }
        write_json(f"reports/verdicts/{model}.json", verdict)
    scores = [
        score("cross_sell", "loan", "c2", 0.1),
        score("cross_sell", "mobile", "c2", 0.2),
        score("up_sell", "loan", "c1", 0.01),
    ]
    write_table("data/scores/propensities.parquet", PROPENSITIES, scores)
    reason = {
        "model": "up_sell",
        "customer_id": "c1",
        "category": "loan",
        "position": 1,
        "feature": "product_history__category_held_days",
        "value": "41",
        "contribution": 0.3,
    }
    write_table("data/scores/reasons.parquet", REASONS, [reason])
    left_out = {"up_sell": [{"category": "tea", "outcomes": 3}], "cross_sell": []}
    write_json(
        "reports/population.json",
        {
            "as_of_dates": {"scoring": [DAY.isoformat()]},
            "models": {name: {"left_out": some} for name, some in left_out.items()},
        },
    )
    write_json("reports/validation.json", {"missing_tables": ["surveys"]})
    write_json("reports/features.json", {"switched_off": {"surveys": "no table surveys"}})
    return tmp_path


def read_csv(name: str) -> list[dict[str, str]]:
    with (EXPORTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.usefixtures("project")
def test_every_valid_customer_has_one_row_with_the_best_of_each_model() -> None:
    export.main()
    rows = read_csv("customers.csv")
    assert [row["customer_id"] for row in rows] == ["c1", "c2", "c3", "new"]
    first, second, third, new = rows
    assert first["up_sell_category"] == "loan"
    assert first["up_sell_propensity"] == "0.010000"
    assert first["up_sell_lift"] == "0.20"
    assert first["up_sell_reason_1"] == "Has held loan for 41 days"
    assert first["up_sell_reason_2"] == ""
    assert first["up_sell_model_version"] == "up_sell-v1"
    assert second["cross_sell_category"] == "mobile"
    assert third["cross_sell_note"] == "Already holds a product of every category on offer."
    assert new["cross_sell_note"] == "Was not yet a customer on the day of looking."


@pytest.mark.usefixtures("project")
def test_the_manifest_says_who_scored_and_what_is_missing() -> None:
    export.main()
    manifest = json.loads((EXPORTS / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["as_of_date"] == "2026-03-01"
    assert manifest["models"]["cross_sell"]["scored_by"] == "rfm"
    assert manifest["models"]["cross_sell"]["in_words"] == "In words of cross_sell."
    assert manifest["models"]["up_sell"]["left_out"] == [{"category": "tea", "outcomes": 3}]
    assert manifest["missing_tables"] == ["surveys"]
    assert manifest["switched_off_feature_families"] == {"surveys": "no table surveys"}
    assert manifest["files"]["customers.csv"]["rows"] == 4
    assert manifest["files"]["propensities.csv"]["rows"] == 3
    assert manifest["files"]["rejects.csv"]["rows"] == 0


@pytest.mark.usefixtures("project")
def test_every_column_is_in_the_data_dictionary() -> None:
    export.main()
    described = {(row["file"], row["column"]) for row in read_csv("data_dictionary.csv")}
    for name in ("customers.csv", "propensities.csv"):
        assert {(name, header) for header in read_csv(name)[0]} <= described


@pytest.mark.usefixtures("project")
def test_no_contact_detail_is_handed_over() -> None:
    export.main()
    assert all(b"a@b.example" not in path.read_bytes() for path in EXPORTS.iterdir())


@pytest.mark.usefixtures("project")
def test_the_same_inputs_give_the_same_bytes() -> None:
    export.main()
    first = {path.name: path.read_bytes() for path in EXPORTS.iterdir()}
    export.main()
    assert {path.name: path.read_bytes() for path in EXPORTS.iterdir()} == first


@pytest.mark.usefixtures("project")
def test_a_run_that_fails_leaves_the_last_packages_as_they_were(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    export.main()
    before = {path.name: path.read_bytes() for path in EXPORTS.iterdir()}

    def stop(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("pipeline.exports.package.describe", stop)
    with pytest.raises(OSError, match="the disk is full"):
        export.main()
    assert {path.name: path.read_bytes() for path in EXPORTS.iterdir()} == before


@pytest.mark.usefixtures("project")
def test_a_score_of_nobody_known_stops_the_export() -> None:
    write_table(
        "data/scores/propensities.parquet", PROPENSITIES, [score("up_sell", "loan", "ghost", 0.1)]
    )
    with pytest.raises(DataError, match="such as 'ghost'"):
        export.main()
