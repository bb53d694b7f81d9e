"""Hand-overs are read as what their models say, and written back to the same bytes."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel

from pipeline.foundation import paths
from pipeline.foundation.contracts.hand_overs.backtest_study import BacktestStudy
from pipeline.foundation.contracts.hand_overs.document import Document, Figure
from pipeline.foundation.contracts.hand_overs.evaluation_report import EvaluationReport
from pipeline.foundation.contracts.hand_overs.features_report import FeaturesReport
from pipeline.foundation.contracts.hand_overs.funnel_report import FunnelReport
from pipeline.foundation.contracts.hand_overs.headline_metrics import HeadlineMetrics
from pipeline.foundation.contracts.hand_overs.measurement_report import MeasurementReport
from pipeline.foundation.contracts.hand_overs.population_report import PopulationReport
from pipeline.foundation.contracts.hand_overs.promotion_verdict import PromotionVerdict
from pipeline.foundation.contracts.hand_overs.segments_report import SegmentsReport
from pipeline.foundation.contracts.hand_overs.validation_report import ValidationReport
from pipeline.foundation.errors import DataError
from pipeline.io.backtests import read_backtest
from pipeline.io.documents import read_document, write_document

ROOT = Path(__file__).parents[2]
WRITTEN: tuple[tuple[str, type[BaseModel]], ...] = (
    ("reports/population.json", PopulationReport),
    ("reports/features.json", FeaturesReport),
    ("reports/validation.json", ValidationReport),
    ("reports/evaluation/*.json", EvaluationReport),
    ("reports/metrics/*.json", HeadlineMetrics),
    ("reports/verdicts/*.json", PromotionVerdict),
    ("data/champion/*/*/verdict.json", PromotionVerdict),
    ("reports/funnel.json", FunnelReport),
    ("reports/segments.json", SegmentsReport),
    ("reports/measurement.json", MeasurementReport),
    ("reports/studies/*/backtest_*.json", BacktestStudy),
)


class Price(Document):
    cents: int
    since: date
    note: str | None = None


def test_a_document_that_is_read_and_written_has_the_same_bytes(tmp_path: Path) -> None:
    read = 0
    for pattern, model in WRITTEN:
        for path in sorted(ROOT.glob(pattern)):
            write_document(read_document(path, model), tmp_path / "again.json")
            assert (tmp_path / "again.json").read_bytes() == path.read_bytes(), path
            read += 1
    assert read >= len(WRITTEN)


def test_what_was_never_given_is_left_out_and_what_is_unknown_is_null(tmp_path: Path) -> None:
    path = tmp_path / "price.json"
    write_document(Price(cents=250, since=date(2026, 3, 1)), path)
    assert path.read_text() == '{\n  "cents": 250,\n  "since": "2026-03-01"\n}\n'
    write_document(Figure(value=None, low=None, high=None), path)
    assert path.read_text() == '{\n  "high": null,\n  "low": null,\n  "value": null\n}\n'


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ('{"cents": 250, "since": "2026-03-01", "sinse": 1}', r"sinse: Extra inputs"),
        ('{"since": "2026-03-01"}', r"cents: Field required"),
        ('{"cents": "250", "since": "2026-03-01"}', r"cents: Input should be a valid integer"),
        ('{"cents": ', r"the file: Invalid JSON"),
    ],
)
def test_a_document_of_another_shape_is_refused_with_the_key_at_fault(
    tmp_path: Path, written: str, found: str
) -> None:
    path = tmp_path / "price.json"
    path.write_text(written)
    with pytest.raises(
        DataError, match=rf"expected Price in .*price\.json; found {found}.*dvc repro"
    ):
        read_document(path, Price)


def test_a_document_that_is_not_there_says_what_writes_it(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"found no such file\. Run dvc repro"):
        read_document(tmp_path / "price.json", Price)


def test_a_backtest_is_no_output_of_a_stage_so_its_remedy_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = paths.backtest("simulated", "up_sell")
    path.parent.mkdir(parents=True)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match=r"Restore it with git checkout data/backtests"):
        read_backtest("simulated", "up_sell")
    path.unlink()
    assert read_backtest("simulated", "up_sell") is None
