"""What a page is made of, ready to be shown: every text worded, every number formatted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """One cell of a table."""

    text: str
    note: str = ""
    """Shown small below the text, such as an interval."""
    is_number: bool = True


@dataclass(frozen=True)
class Row:
    """One row; the first cell is its heading."""

    cells: Sequence[Cell]
    is_strong: bool = False


@dataclass(frozen=True)
class PageTable:
    """A table with its caption."""

    caption: str
    head: Sequence[Cell]
    rows: Sequence[Row]


@dataclass(frozen=True)
class Picture:
    """A drawing, and the same in words for those who do not see it."""

    svg: str
    alt: str
    caption: str


@dataclass(frozen=True)
class GateLine:
    """One rule of the gate."""

    mark: str
    said: str
    """What the mark says to whoever does not see it."""
    reason: str


@dataclass(frozen=True)
class Detail:
    """A part that is closed until a reader opens it."""

    summary: str
    sentences: Sequence[str] = ()
    tables: Sequence[PageTable] = ()


@dataclass(frozen=True)
class Block:
    """What stands under one heading: sentences, then drawings, tables and what opens."""

    title: str
    sentences: Sequence[str] = ()
    pictures: Sequence[Picture] = ()
    tables: Sequence[PageTable] = ()
    details: Sequence[Detail] = ()


@dataclass(frozen=True)
class PageSection:
    """A part of the page that is not about one model."""

    anchor: str
    title: str
    lead: str
    facts: Sequence[tuple[str, str]] = ()
    blocks: Sequence[Block] = ()
    links: Sequence[tuple[str, str]] = ()
    """(what it is, where it lies, seen from the page)."""


@dataclass(frozen=True)
class ModelSection:
    """All that is said of one model."""

    anchor: str
    title: str
    question: str
    is_model: bool
    """False where a rule scores in the model's place."""
    verdict: str
    facts: Sequence[tuple[str, str]]
    """(what, value): the headline."""
    simplest: str
    """How much better than the simplest scorers, a rule and a logistic regression."""
    in_short: Sequence[str]
    findings: Sequence[GateLine]
    metrics: PageTable
    pictures: Sequence[Picture]
    calibration_words: str
    calibration: Sequence[PageTable]
    """Whether probabilities come true, part by part."""
    categories: PageTable
    categories_words: str
    """Which of them are off beyond chance."""
    groups: Sequence[PageTable]
    """Whom the model picks, by declared groups of customers."""
    groups_words: str
    naive: PageTable
    naive_words: str
    expectations: PageTable
    left_out: Sequence[str]
    pooled: Sequence[str]
    importance: PageTable
    links: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Brief:
    """What the first screen says: figures, cautions, and the few tables that belong to them."""

    facts: Sequence[tuple[str, str, str]]
    """(what, value, its interval or what it is of)."""
    sentences: Sequence[str]
    tables: Sequence[PageTable]
    loads: Sequence[tuple[str, str]]
    """(file to load, what to do with it)."""


@dataclass(frozen=True)
class PlannerChannel:
    """One channel of the planner, as it opens."""

    name: str
    label: str
    cost: str
    """Of one contact, as an input takes it."""
    share: str
    """Per cent of the expected sales that are assumed to be caused."""
    contacts: str
    spent: str
    profit: str


@dataclass(frozen=True)
class Planner:
    """The planner as it opens; the script of the page computes everything else."""

    contacts: int
    groups: int
    effects: Sequence[tuple[str, str]]
    """(factor on the estimated effect, what it is); an empty factor takes the assumed shares."""
    channels: Sequence[PlannerChannel]
    figures: Sequence[tuple[str, str, str]]
    """(id, what, value)."""
    note: str
    """Why the best cut-off is not the wave; empty where it is."""
    words: Mapping[str, str]
    """What the script writes, by the name it knows it by; places in braces are the script's."""
    data: str
    """The groups of customers as JSON."""


@dataclass(frozen=True)
class CampaignPage:
    """The page for those who run the campaign: reports/index.html."""

    title: str
    source: str
    statement: str
    as_of_date: str
    brief: Brief
    planner: Planner | None
    sections: Sequence[PageSection]
    packages: Sequence[Block]
    glossary: Sequence[tuple[str, str]]
    models: str
    """Where the page of the models lies, seen from this one."""


@dataclass(frozen=True)
class ModelsPage:
    """The page for those who look inside: reports/models.html."""

    title: str
    source: str
    statement: str
    as_of_date: str
    facts: Sequence[tuple[str, str]]
    models: Sequence[ModelSection]
    snapshots: PageTable
    quality: PageTable
    quality_words: Sequence[str]
    drift: PageTable
    drift_words: Sequence[str]
    missing: Sequence[str]
    deliveries: PageTable
    glossary: Sequence[tuple[str, str]]
    campaign: str
    """Where the page of the campaign lies, seen from this one."""
