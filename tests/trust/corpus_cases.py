"""The corpus of bad inputs as cases, and what the pipeline answers to one.

A case is an edit of a small sound input and what must come of it: `valid`, rows in quarantine or
values emptied with their rules, or `refused` with words of the sentence. Anything else, a traceback
first of all, is a fault of the pipeline.
"""

import binascii
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from pipeline.foundation import config, paths
from pipeline.foundation.contracts.hand_overs.document import Document
from pipeline.foundation.contracts.names_in_parameters import check_names
from pipeline.foundation.contracts.tables import raw_tables
from pipeline.foundation.engines import Engine
from pipeline.foundation.errors import PipelineError
from pipeline.foundation.wave_seals import check_seals, digest_of, seal_of, write_seal
from pipeline.io.documents import read_document
from pipeline.io.recommendation_files import read_manual_selection
from pipeline.io.waves import read_responses, read_waves
from pipeline.models.scorers import load_scorer
from pipeline.sources import read_source
from pipeline.validation import judgement

CORPUS = Path(__file__).parent / "corpus"
PARAMS = Path(__file__).parents[2] / "params.yaml"
SOUND: Mapping[str, str] = {
    "customers": "customer_id,region\nc1,north\nc2,south\n",
    "products": "product_id,category,tier,price\np1,tea,1,2.50\np2,tv,2,300\n",
    "product_events": "customer_id,product_id,kind,occurred_at,amount\n"
    "c1,p1,acquired,2025-01-05 10:00:00,2.50\nc2,p2,acquired,2025-01-06 11:00:00,300\n",
    "interactions": "customer_id,channel,kind,occurred_at\nc1,web,visit,2025-01-04 09:00:00\n",
    "surveys": "survey_id,customer_id,instrument,sent_at,score\ns1,c1,nps,2025-01-03,9\n",
    "messages": "message_id,customer_id,campaign_id,channel,sent_at\nm1,c1,x,email,2025-01-03\n",
    "consents": "customer_id,channel,granted,changed_at\nc1,email,true,2025-01-02\n",
}
REQUIRED = ("customers", "products", "product_events")
_REFERRED: Mapping[str, tuple[str, ...]] = {
    "products": (),
    "customers": (),
    "surveys": ("customers",),
    "consents": ("customers",),
    **dict.fromkeys(("product_events", "interactions", "messages"), ("customers", "products")),
}
UNTIL = datetime(2025, 2, 4)  # noqa: DTZ001 - moments are UTC without a zone


@dataclass(frozen=True)
class Case:
    """One bad input."""

    name: str
    kind: str
    given: Mapping[str, Any]
    becomes: str
    """`valid N`, `quarantined RULE N` and `emptied RULE N` in a row, or `refused WORDS`."""
    origin: str = field(default="", compare=False)


class Anything(Document):
    """A document of one number."""

    number: int


def read_cases() -> list[Case]:
    """Return the cases of all files, in their order."""
    return [
        Case(f"{path.stem}-{name}", path.stem, given, given.get("becomes", ""), path.name)
        for path in sorted(CORPUS.glob("*.yaml"))
        for name, given in yaml.safe_load(path.read_text(encoding="utf-8")).items()
    ]


def answer(case: Case, folder: Path, engine: Engine) -> str:
    """Return what the pipeline says of a case, run in a folder of its own."""
    try:
        return _ANSWERS[case.kind](case.given, folder, engine)
    except PipelineError as error:
        said = " ".join(str(error).replace(str(folder), "FOLDER").split())
        return f"refused {said.removeprefix('expected ')}"


def is_as_told(case: Case, found: str) -> bool:
    """Say whether an answer is the one that the case tells: of a sentence, how it begins."""
    if case.becomes.startswith("refused "):
        return found.startswith(case.becomes)
    return found == case.becomes


def _tables(given: Mapping[str, Any], folder: Path, engine: Engine) -> str:
    table, name = given["table"], given.get("file", f"{given['table']}.csv")
    for other, text in SOUND.items():
        (folder / f"{other}.csv").write_text(text, encoding="utf-8")
    _lay(given, folder / name)
    tables: dict[str, dict[str, Any]] = {one: {"file": f"{one}.csv"} for one in REQUIRED}
    tables[table] = {"file": name, **given.get("mapping", {})}
    raw = _params() | {}
    raw["source"] |= {
        "name": "files",
        "customer_attributes": given.get("attributes", {}),
        "files": {"folder": str(folder), "tables": tables},
    }
    params = config.parse(raw)
    if params.source.customer_attributes:
        own = params.source.model_copy(update={"files": config.load(PARAMS).source.files})
        check_names(params.model_copy(update={"source": own}))
    source = params.source
    data = read_source(source)
    contract = raw_tables(source.customer_attributes)
    valid = {
        one: engine.table(data.tables[one].select(contract[one].names)) for one in _REFERRED[table]
    }
    rows = engine.table(data.tables[table])
    judged = engine.materialize(judgement.judge(rows, contract[table], valid, UNTIL))
    kept = engine.arrow(judged.filter(judged["rule"].isnull())).num_rows
    quarantined = engine.arrow(judgement.quarantined_rows(judged))
    emptied = engine.arrow(judgement.emptied_cells(judged, contract[table]))
    assert kept + quarantined.num_rows == data.tables[table].num_rows
    return _count(kept, quarantined, emptied)


def _count(kept: int, quarantined: pa.Table, emptied: pa.Table) -> str:
    parts = [f"valid {kept}"] if kept else []
    for word, rows in (("quarantined", quarantined), ("emptied", emptied)):
        for rule, count in sorted(Counter(rows["rule"].to_pylist()).items()):
            parts.append(f"{word} {rule} {count}")
    return ", ".join(parts) or "nothing"


def _lay(given: Mapping[str, Any], path: Path) -> None:
    if "columns" in given:
        arrays = {
            name: pa.array(values, _type(type_))
            for name, (type_, values) in given["columns"].items()
        }
        pq.write_table(pa.table(arrays), path)
    elif "hex" in given:
        path.write_bytes(binascii.unhexlify(given["hex"].replace(" ", "")))
    elif "link" in given:
        path.unlink(missing_ok=True)
        path.symlink_to(given["link"])
    elif "text" in given:
        text = given["text"] * given.get("times", 1)
        for mark, (piece, times) in given.get("long", {}).items():
            text = text.replace(mark, piece * times)
        path.write_text(text, encoding=given.get("written", "utf-8"), newline="")


def _type(name: str) -> pa.DataType:
    known = {
        "list": pa.list_(pa.string()),
        "struct": pa.struct([("a", pa.int64())]),
        "map": pa.map_(pa.string(), pa.int64()),
        "timestamp": pa.timestamp("us"),
        "timestamp_zone": pa.timestamp("us", "Europe/Madrid"),
        "decimal": pa.decimal128(38, 10),
        "float16": pa.float16(),
        "time": pa.time64("us"),
        "duration": pa.duration("s"),
    }
    return known[name] if name in known else pa.type_for_alias(name)


def _params_case(given: Mapping[str, Any], folder: Path, _: Engine) -> str:
    path = folder / "params.yaml"
    if "set" in given:
        raw = _params()
        for place, value in given["set"].items():
            _put(raw, place.split("."), value)
        path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    elif "edit" in given:
        text = PARAMS.read_text(encoding="utf-8")
        old, new = given["edit"]
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    else:
        _lay(given, path)
    params = config.load(path)
    check_names(params)
    return "valid"


def _put(raw: dict[str, Any], place: list[str], value: object) -> None:
    for part in place[:-1]:
        if not isinstance(raw.get(part), dict):
            raw[part] = {}
        raw = raw[part]
    raw[place[-1]] = value


def _params() -> dict[str, Any]:
    raw: dict[str, Any] = yaml.safe_load(PARAMS.read_text(encoding="utf-8"))
    return raw


def _responses(given: Mapping[str, Any], _: Path, __: Engine) -> str:
    paths.RESPONSES.mkdir(parents=True)
    _lay(given, paths.RESPONSES / given.get("file", "back.csv"))
    rows = read_responses()
    unread = int(rows["_unparsed"].notna().sum())
    return f"valid {len(rows) - unread}" + (f", unreadable {unread}" if unread else "")


def _manual(given: Mapping[str, Any], _: Path, __: Engine) -> str:
    paths.INCOMING.mkdir(parents=True)
    _lay(given, paths.INCOMING / "picks.csv")
    rows = read_manual_selection(given.get("name", "picks.csv"))
    return f"valid {len(rows)}"


def _waves(given: Mapping[str, Any], _: Path, __: Engine) -> str:
    paths.WAVES.mkdir(parents=True)
    path = paths.WAVES / "w1.parquet"
    columns = {name: pa.array(["w1" if name == "wave" else "x"]) for name in _WAVE}
    pq.write_table(pa.table(columns | {"customer_id": pa.array(["c1"])}), path)
    write_seal(seal_of("w1"), {"w1.parquet": [digest_of(path)]})
    _damage(given, path if given.get("file", "wave") == "wave" else seal_of("w1"))
    check_seals()
    return f"valid {len(read_waves())}"


_WAVE = [
    "customer_id",
    "as_of_date",
    "wave",
    "arm",
    "model",
    "category",
    "product_id",
    "propensity",
    "value_cents",
    "contact_cost_cents",
    "channel",
    "campaign",
    "offer_code",
    "valid_from",
    "valid_until",
]


def _documents(given: Mapping[str, Any], folder: Path, _: Engine) -> str:
    path = folder / "document.json"
    path.write_text('{"number": 1}\n', encoding="utf-8")
    _damage(given, path)
    return f"valid {read_document(path, Anything).number}"


def _models(given: Mapping[str, Any], folder: Path, _: Engine) -> str:
    source = PARAMS.parent / paths.champion("simulated", "up_sell")
    for path in source.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    _damage(given, folder / given["file"])
    load_scorer(folder)
    return "valid"


def _damage(given: Mapping[str, Any], path: Path) -> None:
    """Cut a file short, flip a bit of it, remove it or put something else in its place."""
    content = path.read_bytes()
    if "cut" in given:
        path.write_bytes(content[: int(len(content) * given["cut"])])
    elif "flip" in given:
        place = int((len(content) - 1) * given["flip"])
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
    elif "gone" in given:
        path.unlink()
    else:
        _lay(given, path)


_ANSWERS = {
    "tables": _tables,
    "parquet": _tables,
    "params": _params_case,
    "responses": _responses,
    "manual": _manual,
    "waves": _waves,
    "documents": _documents,
    "models": _models,
}
