"""The whole of `params.yaml`, typed, frozen and closed: a typo fails at start with its path.

A stage calls `load()` and reads the sections it declares under `params:` in `dvc.yaml`, no others.
"""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, get_args

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from pipeline import paths
from pipeline.errors import ConfigurationError, did_you_mean, known

ModelName = Literal["up_sell", "cross_sell"]
MODEL_NAMES: tuple[ModelName, ...] = get_args(ModelName)
Language = Literal["en", "es", "pt"]


class Section(BaseModel):
    """A closed, frozen part of the parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


def _without_repeats(names: tuple[str, ...]) -> tuple[str, ...]:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"each name once; found {', '.join(repeated)} more than once")
    return names


Names = Annotated[tuple[str, ...], AfterValidator(_without_repeats)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]
Days = Annotated[int, Field(ge=1)]


class SimulatedParams(Section):
    """Size and seed of the simulated company."""

    customers: Annotated[int, Field(ge=50)]
    periods: Annotated[int, Field(ge=14, description="simulated periods of 28 days")]
    seed: int
    dirty_share: Annotated[float, Field(ge=0, le=0.01, description="share of each kind of defect")]


class CompleteJourneyParams(Section):
    """How the grocery tables are read as the contract."""

    households: Annotated[int, Field(ge=50)] | None
    min_households: Count
    repurchase_days: Days


class FileMapping(Section):
    """One of the user's files, read as one contract table."""

    file: str
    columns: dict[str, str] = {}  # contract column -> the user's column
    values: dict[str, dict[str, str]] = {}  # contract column -> the user's value -> contract value
    constants: dict[str, str] = {}  # contract column -> one value for every row
    delimiter: str = ","
    encoding: str = "utf-8"
    decimal: Literal[".", ","] = "."
    date_format: str = "%Y-%m-%d"
    moment_format: str = "%Y-%m-%d %H:%M:%S"
    timezone: str = "UTC"


class FilesParams(Section):
    """A folder of the user's own files."""

    folder: str
    tables: dict[str, FileMapping] = {}


class SourceParams(Section):
    """Which source feeds the pipeline, and each source's own settings."""

    name: str
    customer_attributes: dict[str, Literal["text", "number"]]
    simulated: SimulatedParams
    complete_journey: CompleteJourneyParams
    files: FilesParams


class EngineParams(Section):
    """Where tables are computed."""

    name: str
    threads: Count
    memory_gb: Annotated[float, Field(gt=0)]


class ValidateParams(Section):
    """When the data are too bad, too few or too old to go on."""

    max_quarantined_share: Share
    min_rows: dict[str, Count]
    max_null_share: dict[str, Share]  # "<table>.<column>" -> share
    max_stale_days: Days
    batch_rows: Annotated[int, Field(ge=1000)]


class SnapshotsParams(Section):
    """As-of dates and the outcome window; dates default to what the data allow."""

    every_days: Days
    count: Annotated[int, Field(ge=3)]
    outcome_days: Days
    gap_days: Annotated[int, Field(ge=0)]
    as_of_dates: tuple[date, ...] | None
    scoring_as_of_date: date | None

    @field_validator("as_of_dates")
    @classmethod
    def _increasing(cls, dates: tuple[date, ...] | None) -> tuple[date, ...] | None:
        if dates is not None and (list(dates) != sorted(set(dates)) or len(dates) < 3):
            raise ValueError("at least three dates, each later than the one before")
        return dates


class CandidateParams(Section):
    """Which categories one model may offer; empty `include` means every category."""

    include: Names
    exclude: Names


class ProductsParams(Section):
    """What may be offered, and how many outcomes a candidate needs to be learnt."""

    min_outcomes: Count
    up_sell: CandidateParams
    cross_sell: CandidateParams


class FeaturesParams(Section):
    """Which feature families are computed."""

    families: Names


class TuneParams(Section):
    """The Optuna study."""

    trials: Count
    max_rows: Annotated[int, Field(ge=1000)]
    max_trees: Count
    early_stopping_rounds: Count
    seed: int
    threads: Count
    workers: Annotated[int, Field(ge=1, description="trials at once; above 1 not reproducible")]


class TrainParams(Section):
    """The final fit."""

    max_rows: Annotated[int, Field(ge=1000)]
    seed: int
    threads: Count


class EvaluateParams(Section):
    """How sure the figures are."""

    bootstrap_replicates: Annotated[int, Field(ge=20)]
    seed: int


class PromoteParams(Section):
    """What a challenger must show before it scores."""

    confidence: Annotated[float, Field(gt=0.5, lt=1)]
    max_auc: Annotated[float, Field(gt=0.5, le=1)]


class ExportsParams(Section):
    """What the CRM team receives."""

    profiles: Names
    language: Language
    reasons: Annotated[int, Field(ge=0, le=10)]
    sensitive_attributes: Names


class TrackParams(Section):
    """Where runs are recorded; `MLFLOW_TRACKING_URI` points elsewhere."""

    experiment: str


class Params(Section):
    """All parameters."""

    models: Annotated[tuple[ModelName, ...], AfterValidator(_without_repeats)]
    source: SourceParams
    engine: EngineParams
    validate_: Annotated[ValidateParams, Field(alias="validate")]
    snapshots: SnapshotsParams
    products: ProductsParams
    features: FeaturesParams
    tune: TuneParams
    train: TrainParams
    evaluate: EvaluateParams
    promote: PromoteParams
    exports: ExportsParams
    track: TrackParams

    @model_validator(mode="after")
    def _has_models(self) -> "Params":
        if not self.models:
            raise ValueError(f"models: at least one of {', '.join(MODEL_NAMES)}")
        return self


def load(path: Path = paths.PARAMS) -> Params:
    """Read and check the parameters.

    Raises:
        ConfigurationError: the file is missing or says what it may not say; one line per fault.
    """
    if not path.exists():
        raise ConfigurationError(
            f"the parameters in {path}", "no such file", "Run from the project's root."
        )
    return parse(yaml.safe_load(path.read_text(encoding="utf-8")))


def parse(raw: object) -> Params:
    """Turn parsed YAML into parameters, or say what is wrong, one line per fault."""
    try:
        return Params.model_validate(raw)
    except ValidationError as error:
        faults = "\n".join(f"  {_describe(fault['loc'], fault)}" for fault in error.errors())
        raise ConfigurationError(
            "parameters as pipeline/config.py declares them",
            f"{error.error_count()} fault(s) in params.yaml:\n{faults}\n",
            "Correct params.yaml.",
        ) from error


def _describe(location: tuple[int | str, ...], fault: object) -> str:
    assert isinstance(fault, dict)  # noqa: S101 - pydantic's own shape, narrowed for mypy
    path = ".".join(str(part) for part in location)
    if fault["type"] == "extra_forbidden":
        siblings = _keys_at(location[:-1])
        return f"{path}: unknown key. {did_you_mean(str(location[-1]), siblings)}Known: {known(siblings)}"
    if fault["type"] == "missing":
        return f"{path}: missing"
    return f"{path}: {fault['msg']}; found {fault['input']!r}"


def _keys_at(location: tuple[int | str, ...]) -> list[str]:
    """Return the keys that the section at a location declares."""
    section: type[BaseModel] = Params
    for part in location:
        fields = {field.alias or name: field for name, field in section.model_fields.items()}
        annotation = fields[str(part)].annotation if str(part) in fields else None
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            section = annotation
        elif annotation is not None:
            section = FileMapping  # the only sections that stand inside a mapping
    return [field.alias or name for name, field in section.model_fields.items()]
