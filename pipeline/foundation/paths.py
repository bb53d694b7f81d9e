"""Every path of the project, relative to its root. DVC runs each stage from there."""

import fcntl
import glob
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

PARAMS = Path("params.yaml")
QUALITY_PAGE = Path("docs/quality.md")
"""Of the documents, the one whose figures are written by `make figures`."""
DATA = Path("data")
REPORTS = Path("reports")

INCOMING = DATA / "incoming"
PULLED = DATA / "pulled"
PULLED_TABLES = PULLED / "tables"
PULLED_VERSION = PULLED / "version.json"
ERASED = DATA / "erased"
ERASED_LIST = ERASED / "customers"
ERASED_SALT = ERASED / "salt"
RAW = DATA / "raw"
PROVENANCE = RAW / "provenance.json"
TRUTH = DATA / "truth"
TRUE_PROPENSITIES = TRUTH / "propensities.parquet"
TRUE_EFFECTS = TRUTH / "effects.parquet"
VALIDATED = DATA / "validated"
SOURCE_TABLES = VALIDATED / "source_tables.json"
QUARANTINE = DATA / "quarantine"
EMPTIED_CELLS = QUARANTINE / "cells"
POPULATION = DATA / "population"
SNAPSHOTS = POPULATION / "snapshots.json"
CANDIDATES = POPULATION / "candidates.json"
KNOWN_CUSTOMERS = POPULATION / "known_customers.parquet"
PAST_RATES = POPULATION / "past_rates.parquet"
HOLDINGS = POPULATION / "holdings.parquet"
FEATURES = DATA / "features"
COMPUTED_FAMILIES = FEATURES / "families.json"
TUNING = DATA / "tuning"
MODELS = DATA / "models"
EVALUATION = DATA / "evaluation"
CHAMPION = DATA / "champion"
BACKTESTS = DATA / "backtests"
SCORES = DATA / "scores"
PARAMETERS_CHECKED = DATA / "parameters" / "checked.txt"
SEGMENTS = DATA / "segments" / "customers.parquet"
PRODUCT_LISTS = DATA / "recommendations" / "product_lists.parquet"
PRODUCT_ASSOCIATIONS = DATA / "recommendations" / "product_associations.parquet"
EFFECTS = DATA / "effects" / "effects.parquet"
EFFECT_MODEL = DATA / "effects" / "model.json"
OFFERS = DATA / "offers"
EXPORTS = DATA / "exports"
HANDED_OVER = DATA / "handed_over"
WAVES = DATA / "waves"
WAVE_REASONS = WAVES / "reasons"
WAVE_CONTACTS = WAVES / "contacts"
WAVE_CLAIMS = WAVES / "claims"
WAVE_HAND_OVERS = WAVES / "handed_over"
RESPONSES = DATA / "responses"
MEASUREMENT = DATA / "measurement"
CLAIMS = MEASUREMENT / "claims.json"
TEMPORARY = DATA / "tmp"

METRICS = REPORTS / "metrics"
PLOTS = REPORTS / "plots"
EVALUATION_REPORTS = REPORTS / "evaluation"
VERDICTS = REPORTS / "verdicts"
MONITORING = REPORTS / "monitoring"
MODEL_CARDS = REPORTS / "model_cards"
STUDIES = REPORTS / "studies"
VALIDATION_REPORT = REPORTS / "validation.json"
DRIFT_REPORT = REPORTS / "drift.json"
POPULATION_REPORT = REPORTS / "population.json"
FEATURES_REPORT = REPORTS / "features.json"
SEGMENTS_REPORT = REPORTS / "segments.json"
ASSOCIATIONS_REPORT = REPORTS / "associations"
OFFERS_REPORT = REPORTS / "offers"
EFFECTS_REPORT = REPORTS / "effects.json"
MEASUREMENT_REPORT = REPORTS / "measurement.json"
MEASUREMENT_PAGE = REPORTS / "measurement.md"
FUNNEL = REPORTS / "funnel.json"
POLICIES_REPORT = REPORTS / "policies.json"
CAMPAIGN_PAGE = REPORTS / "index.html"
MODELS_PAGE = REPORTS / "models.html"
DOCUMENT_PAGES = REPORTS / "pages"

TRACKING = Path("mlruns")
TRACKED = TRACKING / "tracked.json"
DVC_LOCK = Path("dvc.lock")
MONTHLY_LOCK = TEMPORARY / "monthly.lock"


LOCK = ".lock"
OWN = "process-"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a place beside a file, which replaces the file once it is written whole.

    Two processes that write the same file have a place each; what a killed one left goes. A table
    may be a folder of parts, before or after; a rename replaces no folder, so it goes first.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.partial"):
        if not _is_alive(left.name.split(".")[-2]):
            _remove(left)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    _remove(partial)
    try:
        yield partial
    except BaseException:
        _remove(partial)
        raise
    if path.is_dir():
        shutil.rmtree(path)
    elif partial.is_dir():
        path.unlink(missing_ok=True)
    partial.replace(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _is_alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except ValueError:
        return True  # nobody's number: not one of ours
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def holding(lock: Path, *, waits: bool = True) -> Iterator[bool]:
    """Hold a lock, and say whether it is held; the system frees that of a process that dies."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def scratch(name: str) -> Iterator[Path]:
    """Give an empty folder in data/tmp, and leave none behind; a second one of its name waits."""
    folder = TEMPORARY / name
    with holding(TEMPORARY / f"{name}{LOCK}"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


class OwnFolder(TemporaryDirectory[str]):
    """Scratch space of this process alone in data/tmp: what a killed one left goes at the next start."""

    def __init__(self) -> None:
        """Make the folder; its lock is held before anybody can see it."""
        TEMPORARY.mkdir(parents=True, exist_ok=True)
        super().__init__(prefix=OWN, dir=TEMPORARY.absolute())
        unseen = Path(self.name, "lock")
        self._lock = unseen.open("w", encoding="utf-8")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        unseen.rename(Path(self.name, LOCK))

    def cleanup(self) -> None:
        """Remove the folder, and let go of its lock."""
        super().cleanup()
        self._lock.close()


@contextmanager
def replacing_folder(folder: Path) -> Iterator[Path]:
    """Give an empty folder, which takes the place of another once everything is written.

    A kill leaves the former folder or the new one, each whole; between the two renames it leaves
    none, and `put_back` gives the former one its place again. A second replacement waits.
    """
    with holding(_aside(folder, LOCK.removeprefix("."))):
        put_back(folder)
        fresh, former = _aside(folder, "fresh"), _aside(folder, "former")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        try:
            yield fresh
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            folder.rename(former)
        fresh.rename(folder)
        shutil.rmtree(former, ignore_errors=True)


def put_back(folder: Path) -> None:
    """Undo a replacement that was killed between its two renames; nothing otherwise."""
    former = _aside(folder, "former")
    if former.is_dir() and not folder.exists():
        former.rename(folder)
    shutil.rmtree(former, ignore_errors=True)


def _aside(folder: Path, role: str) -> Path:
    """Return where a folder lies while it is replaced: no other folder's, and on the same disk."""
    return TEMPORARY / f"{'.'.join(folder.parts)}.{role}"


def table(folder: Path, name: str) -> Path:
    """Return the parquet file of one table in a folder."""
    return folder / f"{name}.parquet"


def champion(source: str, model: str) -> Path:
    """Return the folder of the model that scores; every source has its own."""
    return CHAMPION / source / model


def baselines(model: str) -> Path:
    """Return the folder of the rules that were trained beside a model."""
    return MODELS / model / "baselines"


def predictions(model: str) -> Path:
    """Return what every scorer predicted of a model's out-of-time test rows."""
    return EVALUATION / model / "predictions.parquet"


def evaluation(model: str) -> Path:
    """Return the evaluation of a model as later stages read it."""
    return EVALUATION / model / "evaluation.json"


def verdict(model: str) -> Path:
    """Return the verdict on the model just trained as later stages read it."""
    return DATA / "verdicts" / f"{model}.json"


def monitoring(model: str) -> Path:
    """Return how the champion of a model does on the latest outcomes."""
    return MONITORING / f"{model}.json"


def backtest(source: str, model: str) -> Path:
    """Return the facts of the last backtest; every source has its own."""
    return BACKTESTS / source / f"{model}.json"


def pasts(model: str) -> Path:
    """Return how a model would have done at past dates."""
    return MODELS / model / "pasts.json"


def reference(model: str) -> Path:
    """Return how the training rows of a model were spread, which drift is measured against."""
    return MODELS / model / "reference.json"


def simulated_truth(wave: str) -> Path:
    """Return what the simulated company knows of a wave whose responses it made up."""
    return RESPONSES / f"{wave}.truth.json"


def study(source: str, question: str, model: str) -> Path:
    """Return where a study's files begin; every source has its own."""
    return STUDIES / source / f"{question}_{model}"


def policy_study(source: str, seed: int) -> Path:
    """Return what the policy study keeps of one company."""
    return STUDIES / source / "policy" / f"{seed}.json"


def waves_study(source: str, seed: int) -> Path:
    """Return what the study of waves in a row keeps of one company."""
    return STUDIES / source / "waves" / f"{seed}.json"


def benchmark(question: str) -> Path:
    """Return where a benchmark writes its figures."""
    return STUDIES / "benchmarks" / f"{question}.json"
