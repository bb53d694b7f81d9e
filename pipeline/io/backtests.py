"""Where the facts of a backtest are handed over: `data/backtests/`, committed, one a source."""

from pipeline.foundation import paths
from pipeline.foundation.config import ModelName
from pipeline.foundation.contracts.hand_overs.backtest_study import BacktestStudy
from pipeline.io.documents import read_document, write_document


def read_backtest(source: str, model: ModelName) -> BacktestStudy | None:
    """Return what the last backtest of this source and model found, if one was made."""
    path = paths.backtest(source, model)
    remedy = f"Restore it with git checkout {path}, or remove it: promote then does without."
    return read_document(path, BacktestStudy, remedy) if path.is_file() else None


def write_backtest(source: str, model: ModelName, study: BacktestStudy) -> None:
    """Write the facts that `promote` holds a challenger against."""
    write_document(study, paths.backtest(source, model))
