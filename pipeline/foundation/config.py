"""The whole of `params.yaml`, typed, frozen and closed: a typo fails at start with its path.

A stage calls `load()` and reads the sections it declares under `params:` in `dvc.yaml`, no others.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

from pipeline.foundation import paths
from pipeline.foundation.addresses import hide_credentials
from pipeline.foundation.errors import ConfigurationError, did_you_mean, known
from pipeline.foundation.parameter_types import (
    AttributeName,
    Cents,
    ContactChannel,
    Count,
    Days,
    Factor,
    FileName,
    HoursOfDay,
    Limit,
    Money,
    Names,
    Replicates,
    Rows,
    Seed,
    Share,
    SomeNames,
    Text,
    Threads,
    TimeZone,
    Unique,
    VariableName,
    Weekdays,
    one_of,
)

ModelName = Literal["up_sell", "cross_sell"]
MODEL_NAMES: tuple[ModelName, ...] = get_args(ModelName)
Language = Literal["en", "es", "pt-PT", "pt-BR"]
LifecycleStage = Literal["prospect", "visitor", "first_purchase", "repeat", "loyal", "inactive"]
LIFECYCLE_STAGES: tuple[LifecycleStage, ...] = get_args(LifecycleStage)
ListName = Literal[
    "manual",
    "complementary_services",
    "reminder",
    "bought_next",
    "cross_sell",
    "best_sellers_last_visited_category",
    "best_sellers_visited_category",
    "best_sellers_visited_brand",
    "best_sellers_top_category",
    "best_sellers",
    "novelties_brand",
    "novelties_category",
    "novelties",
    "review",
]
LIST_NAMES: tuple[ListName, ...] = get_args(ListName)


class Section(BaseModel):
    """A closed, frozen part of the parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)

    @field_validator("*", mode="wrap")
    @classmethod
    def _no_flag_for_a_number(cls, given: object, read: ValidatorFunctionWrapHandler) -> object:
        found = read(given)
        entries = {"": (given, found)}
        if isinstance(given, Mapping) and isinstance(found, Mapping):
            entries = {f" in {key}": (given[key], found[key]) for key in given if key in found}
        for where, (before, after) in entries.items():
            if isinstance(before, bool) and not isinstance(after, bool):
                raise ValueError(f"a number{where}, neither true nor false")  # noqa: TRY004 - pydantic's
        return found


class SimulatedParams(Section):
    """Size and seed of the simulated company."""

    customers: Annotated[int, Field(ge=50, le=10**9)]
    periods: Annotated[int, Field(ge=14, le=1300, description="simulated periods of 28 days")]
    seed: Seed
    later_periods: Annotated[
        int,
        Field(ge=0, le=1300, description="that it lives on, through the waves that were sealed"),
    ] = 0
    dirty_share: Annotated[float, Field(ge=0, le=0.01, description="share of each kind of defect")]
    activity: Annotated[
        float,
        Field(gt=0, le=10, description="visits, views, searches and calls, in times of the usual"),
    ] = 1.0

    @property
    def all_periods(self) -> int:
        """Return how many periods the records cover."""
        return self.periods + self.later_periods


class CompleteJourneyParams(Section):
    """How the grocery tables are read as the contract."""

    households: Annotated[int, Field(ge=50)] | None
    min_households: Count
    repurchase_days: Days


class TableMapping(Section, ABC):
    """How a table of the user's is read as one contract table, wherever it comes from."""

    columns: dict[str, str] = {}  # contract column -> the user's column
    values: dict[str, dict[str, str]] = {}  # contract column -> the user's value -> contract value
    constants: dict[str, str] = {}  # contract column -> one value for every row
    decimal: Literal[".", ","] = "."
    date_format: str = "%Y-%m-%d"
    moment_format: str = "%Y-%m-%d %H:%M:%S"
    timezone: str = "UTC"
    formats: dict[str, str] = {}  # contract column -> its own date or moment format
    rounding: Literal["half_up"] | None = None  # of amounts with more than two decimals
    where: dict[str, list[str]] = {}  # the user's column -> the values of rows to keep; "" is empty
    drop: dict[str, list[str]] = {}  # the user's column -> the values of rows to leave out
    deduplicate: bool | list[str] = False  # true: equal rows; a list: contract columns of one key
    guests: Literal["keep_apart"] | None = None  # product events without a customer: guest_events

    @property
    @abstractmethod
    def place(self) -> str:
        """Return the section of params.yaml that maps such tables."""

    @property
    @abstractmethod
    def origin(self) -> str:
        """Return what is read, as an error names it."""

    @property
    def substitute(self) -> str:
        """Return what may stand for a column that is not there, as the end of a sentence."""
        return ", or give every row one value in constants"


class FileMapping(TableMapping):
    """One of the user's files, read as one contract table."""

    file: str
    delimiter: str = ","
    quote: Annotated[str, Field(min_length=1, max_length=1)] | None = '"'  # null: no cell is quoted
    encoding: str = "utf-8"

    @property
    def place(self) -> str:
        """Return the section of params.yaml that maps files."""
        return "source.files.tables"

    @property
    def origin(self) -> str:
        """Return the file's name."""
        return self.file

    def setting(self, table: str) -> str:
        """Return where params.yaml says how the file of a table is written."""
        return f"{self.place}.{table}"


class ShopFile(FileMapping):
    """One of a shop's exports; all are written alike."""

    def setting(self, _: str) -> str:
        """Return where params.yaml says how the shop's files are written."""
        return "source.files.shop"


class ShopParams(Section):
    """What a shop's exports do not say of themselves; with `source.files.template` only."""

    delimiter: str | None = None  # null: as the shop system writes it
    encoding: str | None = None
    decimal: Literal[".", ","] = "."
    moment_format: str | None = None
    timezone: str = "UTC"  # of times that bring none
    currency: str | None = None  # the one that counts, where orders are in several
    columns: dict[str, str] = {}  # of order_lines: the template's column -> the user's
    contact_details: bool = False  # e-mail and phone are read, for the CRM's files
    tiers: Count = 3  # price bands of a category
    repurchase_days: Annotated[int, Field(ge=1, le=3660)] = 365  # that a product counts as held
    refund_days: Annotated[int, Field(ge=0)] = 30  # after its order, of a refund without a date


class FilesParams(Section):
    """A folder of the user's own files."""

    folder: str
    template: str | None = None
    shop: ShopParams = ShopParams()
    tables: dict[str, FileMapping] = {}


class DatabaseTable(TableMapping):
    """A table of the user's database, or what a query of theirs returns, as one contract table."""

    table: Text | None = None  # schema.table, each part as the database spells it
    sql: Text | None = None

    @model_validator(mode="after")
    def _has_one_origin(self) -> "DatabaseTable":
        if (self.table is None) == (self.sql is None):
            raise ValueError("either table or sql")
        return self

    @property
    def place(self) -> str:
        """Return the section of params.yaml that maps tables of a database."""
        return "source.database.tables"

    @property
    def origin(self) -> str:
        """Return the table's name, or that it is a query."""
        return f"table {self.table}" if self.table else "the query"


class DatabaseParams(Section):
    """The user's own database, which `make pull` reads."""

    url_variable: VariableName
    tables: dict[str, DatabaseTable] = {}
    version: Text | None = None  # a query whose answer changes whenever what is read does


class StoredTable(TableMapping):
    """Parquet that lies in a storage already, as one contract table: read as it is, but for names."""

    path: Annotated[str, Field(pattern=r"^([a-z][a-z0-9]*://|/).+")]  # a file or a folder of parts

    @field_validator("path")
    @classmethod
    def _without_a_password(cls, path: str) -> str:
        if hide_credentials(path) != path:
            raise ValueError("an address without a password: credentials come of the environment")
        return path

    @model_validator(mode="after")
    def _names_alone(self) -> "StoredTable":
        if others := sorted(self.model_fields_set - {"path", "columns"}):
            raise ValueError(
                f"path and columns alone, not {', '.join(others)}: such tables are read as they are"
            )
        return self

    @property
    def substitute(self) -> str:
        """Return nothing: such a table is read as it is."""
        return ", or have it written into the table"

    @property
    def place(self) -> str:
        """Return the section of params.yaml that maps tables of a storage."""
        return "source.stored.tables"

    @property
    def origin(self) -> str:
        """Return the address."""
        return self.path


class StoredParams(Section):
    """The user's tables that stay where they are; `make pull` looks at them."""

    tables: dict[str, StoredTable] = {}


class SourceParams(Section):
    """Which source feeds the pipeline, and each source's own settings."""

    name: str
    customer_attributes: dict[AttributeName, Literal["text", "number"]]
    simulated: SimulatedParams
    complete_journey: CompleteJourneyParams
    files: FilesParams
    database: DatabaseParams
    stored: StoredParams = StoredParams()


class SparkParams(Section):
    """Where Spark runs; everything else of it is said in its own configuration."""

    master: Text | None = None  # spark://host:port, yarn, k8s://...; null: on this machine


class EngineParams(Section):
    """Where tables are computed, and where a cluster keeps them."""

    name: str
    threads: Threads
    memory_gb: Annotated[float, Field(gt=0, le=2**20)]
    spark: SparkParams = SparkParams()
    storage: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*://.+")] | None = None

    @model_validator(mode="after")
    def _stores_where_it_computes(self) -> "EngineParams":
        if self.storage is not None and self.name == "duckdb":
            raise ValueError("storage is Spark's: leave it null, or set name to spark")
        is_elsewhere = not (self.spark.master or "local").startswith("local")
        if self.name == "spark" and self.storage is None and is_elsewhere:
            raise ValueError(
                "a master elsewhere needs engine.storage, which its executors reach too; of a disk "
                "that all machines share, file:///..."
            )
        return self

    def embedded(self) -> "EngineParams":
        """Return the same for what is done on this machine whatever the engine."""
        return EngineParams(name="duckdb", threads=self.threads, memory_gb=self.memory_gb)


class ValidateParams(Section):
    """When the data are too bad, too few or too old to go on."""

    max_quarantined_share: Share
    max_emptied_share: Share = 0.5
    exported_on: date | None = None
    min_rows: dict[str, Count]
    max_null_share: dict[str, Share]  # "<table>.<column>" -> share
    max_stale_days: Days
    batch_rows: Rows


class SnapshotsParams(Section):
    """As-of dates and the outcome window; dates default to what the data allow."""

    every_days: Days
    count: Annotated[int, Field(ge=3, le=1000)]
    outcome_days: Days
    gap_days: Annotated[int, Field(ge=0, le=36_600)]
    as_of_dates: tuple[date, ...] | None
    scoring_as_of_date: date | None
    most_customers: Rows | None
    """At train and validation dates, drawn evenly; None: everybody."""

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
    category_names: dict[Language, dict[str, Text]] = {}
    """Language → category → what marketers call it, as in the middle of a sentence."""


class FeaturesParams(Section):
    """Which feature families are computed."""

    families: SomeNames


class TuneParams(Section):
    """The Optuna study."""

    trials: Annotated[int, Field(ge=1, le=100_000)]
    max_rows: Rows
    max_trees: Annotated[int, Field(ge=1, le=100_000)]
    early_stopping_rounds: Count
    seed: Seed
    threads: Threads
    workers: Annotated[Threads, Field(description="trials at once; above 1 not reproducible")]
    warm_start: dict[ModelName, dict[str, int | float]]


class TrainParams(Section):
    """The final fit."""

    max_rows: Rows
    seed: Seed
    threads: Threads


class EvaluateParams(Section):
    """How sure the figures are, and for whom they are told apart."""

    bootstrap_replicates: Replicates
    seed: Seed
    groups: Names


class OverrideParams(Section):
    """Who lets a refused challenger score all the same, and why."""

    name: Text
    reason: Text
    version: Text | None = None  # of the challenger; without it, of any


class PromoteParams(Section):
    """What a challenger must show before it scores."""

    confidence: Annotated[float, Field(gt=0.5, lt=1)]
    max_auc: Annotated[float, Field(gt=0.5, le=1)]
    min_positives: Count
    min_slope: Annotated[float, Field(ge=0, le=1)]
    max_slope: Annotated[float, Field(ge=1)]
    max_ece_share: Share
    max_cell_error_share: Share
    max_gain_share: Share
    max_lone_share: Share
    max_auc_jump: Annotated[float, Field(ge=0, le=0.5)]
    override: dict[ModelName, OverrideParams] | None


class RetrainingParams(Section):
    """Which models are trained anew, and when one that is not ought to be."""

    models: Annotated[tuple[ModelName, ...], Unique]
    max_age_days: Days
    stop_psi: Annotated[float, Field(gt=0)]
    stop_new_share: Share


class DriftParams(Section):
    """How far the data of the scoring day may have moved before a wave is only sent after a look."""

    stop_silent_days: Days
    stop_volume_ratio: Annotated[float, Field(gt=1, le=1000)]


class EffectsParams(Section):
    """How what a contact causes is estimated."""

    max_rows: Rows
    interval: Annotated[float, Field(gt=0.5, lt=1)]
    seed: Seed
    threads: Threads


class SegmentParams(Section):
    """The rules that name customers, and how sure a forecast's interval is."""

    inactive_days: Days
    loyal_purchases: Annotated[int, Field(ge=2)]
    gaps_worth: Annotated[float, Field(gt=0)]
    confidence: Annotated[float, Field(gt=0.5, lt=1)]
    seed: Seed
    threads: Threads


class IncentivesParams(Section):
    """What the history cannot tell of spend thresholds and vouchers."""

    gift_cost_cents: Cents
    reach: Share
    take_up: Share
    margin_rate: Share
    min_orders: Count
    min_share: Share
    voucher_share: Share


class RecommendParams(Section):
    """Associations, product lists and incentives."""

    max_products: Annotated[int, Field(ge=2)]
    min_count: Annotated[int, Field(ge=2)]
    per_product: Count
    hook_days: Days
    products: Count
    per_list: Count
    novelty_days: Days
    review_from_days: Days
    review_until_days: Days
    content_days: Days
    consumable_days: Days
    manual_file: FileName | None
    lists: dict[LifecycleStage, Annotated[tuple[ListName, ...], Unique]]
    incentives: IncentivesParams

    @field_validator("lists")
    @classmethod
    def _every_stage(
        cls, lists: dict[LifecycleStage, tuple[ListName, ...]]
    ) -> dict[LifecycleStage, tuple[ListName, ...]]:
        missing = sorted(set(LIFECYCLE_STAGES) - {stage for stage, names in lists.items() if names})
        if missing:
            raise ValueError(f"at least one list for each stage; none for {', '.join(missing)}")
        return lists


class ExperimentParams(Section):
    """Who is left alone so that the effect can be measured."""

    universal_share: Annotated[float, Field(ge=0, lt=1, description="of all households")]
    campaign_share: Annotated[float, Field(ge=0, lt=1, description="of the offered households")]
    exploration_share: Annotated[float, Field(ge=0, le=1, description="of the offers")]
    salt: Annotated[str, Field(min_length=1)]
    power: Annotated[float, Field(gt=0.5, lt=1)]
    confidence: Annotated[float, Field(gt=0.5, lt=1)]


class CapacitiesParams(Section):
    """How many offers there may be of each kind; what is not named is not limited."""

    models: dict[Annotated[str, one_of(MODEL_NAMES)], Limit]
    categories: dict[str, Limit]
    channels: dict[ContactChannel, Limit]


class TimeZones(Section):
    """On whose clocks customers live: everybody on one, or each on those of a place."""

    default: TimeZone
    attribute: Text | None = None  # column of customers that says where each lives
    zones: dict[str, TimeZone] = {}  # its value -> their zone; all others have the default

    @model_validator(mode="after")
    def _whole(self) -> "TimeZones":
        if (self.attribute is None) == bool(self.zones):
            raise ValueError(
                "attribute and zones together, such as attribute: region and zones: "
                "{canarias: Atlantic/Canary}, or neither"
            )
        return self


def _one_zone_is_all(given: object) -> object:
    return {"default": given} if isinstance(given, str) else given


class EffectPriorParams(Section):
    """What a contact is taken to cause before anything is measured, as a share of the odds."""

    prior: Annotated[float, Field(gt=-1, le=5)]
    prior_deviation: Annotated[float, Field(gt=0, le=5)]


class DecideParams(Section):
    """What an offer is worth, what a contact costs, and how many there may be."""

    value: Literal["effect", "propensity"]
    confidence: Annotated[float, Field(ge=0.5, lt=1)]
    default_price: Money
    default_margin_rate: Share
    subscription_payments: Annotated[int, Field(ge=1, le=1200)]
    seasons: dict[str, Annotated[tuple[Factor, ...], Field(min_length=12, max_length=12)]]
    levers: dict[str, Factor]
    contact_costs_cents: Annotated[dict[ContactChannel, Cents], Field(min_length=1)]
    timezone: Annotated[TimeZones, BeforeValidator(_one_zone_is_all)]
    contact_hours: dict[ContactChannel, HoursOfDay]
    contact_days: dict[ContactChannel, Weekdays]
    candidates: Annotated[int, Field(ge=1, le=20)]
    capacities: CapacitiesParams
    budget: Money | None
    valid_days: Days
    effect: EffectPriorParams
    offer_key: Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")] | None

    @model_validator(mode="after")
    def _hours_of_channels(self) -> "DecideParams":
        for name, given in (("hours", self.contact_hours), ("days", self.contact_days)):
            for channel in sorted(set(given) - set(self.contact_costs_cents)):
                alike = did_you_mean(channel, self.contact_costs_cents)
                raise ValueError(
                    f"contact_{name} names {channel!r}, which has no cost in contact_costs_cents. "
                    f"{alike}Costs are given for {', '.join(self.contact_costs_cents)}; "
                    f"correct the name where it is mistyped."
                )
        return self


class ContactPolicyParams(Section):
    """Which rules hold, in which order, and where they draw the line."""

    rules: Names
    limits: dict[str, dict[str, Limit | tuple[Limit, ...] | tuple[str, ...]]]


class ResultsParams(Section):
    """The database that results are written back to."""

    url_variable: VariableName
    table_schema: Annotated[Text | None, Field(alias="schema")] = None


class ExportsParams(Section):
    """What the CRM team receives."""

    profiles: SomeNames
    country_code: Annotated[str, Field(pattern=r"^([1-9]\d{0,2}|[A-Z]{2})$")] | None
    language: Language
    reasons: Annotated[int, Field(ge=0, le=10)]
    sensitive_attributes: Names
    database: ResultsParams | None


class MeasureParams(Section):
    """How rankings by propensity and by estimated effect are compared."""

    bootstrap_replicates: Replicates
    seed: Seed
    threads: Threads


class ReportParams(Section):
    """How the pages are written."""

    language: Language
    currency: Annotated[str, Field(pattern=r"^\S{1,4}$")] | None


class TrackParams(Section):
    """Where runs are recorded; `MLFLOW_TRACKING_URI` points elsewhere."""

    experiment: Text


class Params(Section):
    """All parameters."""

    models: Annotated[tuple[ModelName, ...], Unique]
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
    retraining: RetrainingParams
    drift: DriftParams
    effects: EffectsParams
    segment: SegmentParams
    recommend: RecommendParams
    decide: DecideParams
    contact_policy: ContactPolicyParams
    experiment: ExperimentParams
    exports: ExportsParams
    report: ReportParams
    measure: MeasureParams
    track: TrackParams

    @model_validator(mode="after")
    def _has_models(self) -> "Params":
        if not self.models:
            raise ValueError(f"models: at least one of {', '.join(MODEL_NAMES)}")
        return self

    @model_validator(mode="after")
    def _retrains_its_models(self) -> "Params":
        others = sorted(set(self.retraining.models) - set(self.models))
        if others:
            raise ValueError(f"retraining.models: some of models; {', '.join(others)} is not in it")
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
    return parse(_read(path))


def _read(path: Path) -> object:
    """Read YAML as DVC does, which computes by it what has changed: 1.2, and each key once."""
    try:
        text = path.read_text(encoding="utf-8")
        _refuse_nested_aliases(text)
        content = YAML(typ="safe").load(text)
        _refuse_bare_dates(content)
    except (YAMLError, ValueError, RecursionError) as error:
        raise ConfigurationError(
            f"YAML in {path}, each key once and no nested aliases",
            " ".join(str(error).split())[:400],
            f"Correct {path} at the place named.",
        ) from error
    return content


def _refuse_nested_aliases(text: str) -> None:
    """Refuse an alias in what an anchor names: a few lines of them can make a million entries."""
    is_anchored: list[bool] = []  # each mapping and list that is open
    for event in YAML(typ="safe").parse(text):
        if isinstance(event, CollectionStartEvent):
            is_anchored.append(event.anchor is not None)
        elif isinstance(event, CollectionEndEvent):
            is_anchored.pop()
        elif isinstance(event, AliasEvent) and any(is_anchored):
            raise YAMLError(f"an alias in what an anchor names, {event.anchor!r}")


def _refuse_bare_dates(content: object) -> None:
    """Refuse what YAML takes for a date by itself: no command of DVC's goes on with it."""
    if isinstance(content, date):
        raise YAMLError(f"the date {content} without quotes: write '{content}'")
    if isinstance(content, Mapping | list):
        for one in content.values() if isinstance(content, Mapping) else content:
            _refuse_bare_dates(one)


def parse(raw: object) -> Params:
    """Turn parsed YAML into parameters, or say what is wrong, one line per fault."""
    try:
        return Params.model_validate(raw)
    except ValidationError as error:
        faults = "\n".join(f"  {_describe(fault['loc'], fault)}" for fault in error.errors())
        raise ConfigurationError(
            "parameters as pipeline/foundation/config.py declares them",
            f"{error.error_count()} fault(s) in params.yaml:\n{faults}\n",
            "Correct params.yaml.",
        ) from error


def _describe(location: tuple[int | str, ...], fault: object) -> str:
    assert isinstance(fault, dict)  # noqa: S101 - pydantic's own shape, narrowed for mypy
    path = ".".join(str(part) for part in location if part != "[key]")
    if fault["type"] == "extra_forbidden":
        siblings = _keys_at(location[:-1])
        return f"{path}: unknown key. {did_you_mean(str(location[-1]), siblings)}Known: {known(siblings)}"
    if fault["type"] == "missing":
        return f"{path}: missing"
    message = str(fault["msg"]).removeprefix("Value error, ")
    if isinstance(fault["input"], dict):  # the message names the entry at fault
        return hide_credentials(f"{path}: {message}")
    return hide_credentials(f"{path}: {message}; found {fault['input']!r}")


def _keys_at(location: tuple[int | str, ...]) -> list[str]:
    """Return the keys that the section at a location declares."""
    section: type[BaseModel] = Params
    for part in location:
        fields = {field.alias or name: field for name, field in section.model_fields.items()}
        if str(part) in fields:  # anything else is a key of a mapping, already resolved
            section = _section_in(fields[str(part)].annotation) or section
    return [field.alias or name for name, field in section.model_fields.items()]


def _section_in(annotation: object) -> type[BaseModel] | None:
    """Return the section that an annotation holds, be it by itself or inside a mapping."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_section_in(argument) for argument in get_args(annotation))
    return next((found for found in inner if found is not None), None)
