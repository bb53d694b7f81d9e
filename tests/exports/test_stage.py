"""The export stage: from files to packages, all of them or none, the same bytes every time."""

import csv
import hashlib
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from pipeline.commands import seal
from pipeline.foundation import paths
from pipeline.foundation.choices import PROFILES
from pipeline.foundation.contracts.outputs import (
    KNOWN_CUSTOMERS,
    PERMITTED_CHANNELS,
    PRODUCT_ASSOCIATIONS,
    PRODUCT_LISTS,
    PROPENSITIES,
    REASONS,
    SEGMENTS,
    Output,
)
from pipeline.foundation.errors import DataError
from pipeline.io import delivery_parts
from pipeline.io.documents import write_document
from pipeline.stages import export
from tests.exports.offers import DAY, no_offer, offer, offers
from tests.reports.inputs import funnel, verdict
from tests.scoring_day import snapshots_of

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
        "propensity_low": propensity / 2,
        "propensity_high": None,
        "rank": 1,
        "top_percent": 1,
        "decile": 1,
        "base_rate": 0.05,
        "model_version": f"{model}-v1",
    }


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with all that the stage reads: four customers, one of them new."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "params.yaml", tmp_path)
    people = ["c1", "c2", "c3", "new"]
    emails = [f"{name}@b.example" for name in people]
    customers = pa.table({"customer_id": people, "email": emails, "phone": ["600 000 000"] * 4})
    Path("data/validated").mkdir(parents=True)
    pq.write_table(customers, "data/validated/customers.parquet")
    products = pa.table({"product_id": ["loan1", "mobile1"], "name": ["Préstamo, rápido", None]})
    pq.write_table(products, "data/validated/products.parquet")
    write_table(
        "data/segments/customers.parquet",
        SEGMENTS,
        [
            {
                "customer_id": "c1",
                "as_of_date": DAY,
                "lifecycle_stage": "repeat",
                "rfm_segment": "loyal",
                "value_12m_cents": 12345,
                "next_purchase_on": DAY,
                "return_rate": 0.0417,
            }
        ],
    )
    Path("data/offers").mkdir()
    pq.write_table(
        offers(
            offer("c1", "up_sell", "loan", "treated"),
            offer("c2", "cross_sell", "mobile", "campaign_control"),
            no_offer("c3", "nothing_eligible"),
        ),
        "data/offers/next_best_offers.parquet",
    )
    for model in ("up_sell", "cross_sell"):
        decided = verdict("promoted" if model == "up_sell" else "fallback")
        changes = {
            "champion": decided.champion.model_copy(update={"version": f"{model}-v1"}),
            "scored_by": "model" if model == "up_sell" else "rfm",
            "in_words": f"In words of {model}.",
        }
        champion = paths.champion("simulated", model) / "verdict.json"
        write_document(decided.model_copy(update=changes), champion)
        saved = {"name": model, "kind": "blend", "version": f"{model}-v1", "base_rate": 0.1}
        seen = {"made_from": {"segments_seen": ["loan"]}}
        champion.with_name("model.json").write_text(json.dumps(saved | seen), encoding="utf-8")
    known = [
        {"as_of_date": DAY, "customer_id": name, "known_from": None} for name in ("c1", "c2", "c3")
    ]
    write_table("data/population/known_customers.parquet", KNOWN_CUSTOMERS, known)
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
    write_table("data/offers/reasons.parquet", REASONS, [reason])
    left_out = {"up_sell": [{"category": "tea", "outcomes": 3}], "cross_sell": []}
    models = {
        name: {"candidates": [], "left_out": some, "rows": {}} for name, some in left_out.items()
    }
    write_json("data/population/candidates.json", {"models": models})
    write_document(snapshots_of(DAY), paths.SNAPSHOTS)
    write_json("data/validated/source_tables.json", {"missing_tables": ["surveys"]})
    families = {"families": {}, "switched_off": {"surveys": "no table surveys"}}
    write_json("data/features/families.json", families)
    write_document(funnel(), paths.FUNNEL)
    return tmp_path


def read_csv(name: str, profile: str = "generic") -> list[dict[str, str]]:
    with (EXPORTS.with_name(profile) / name).open(encoding="utf-8", newline="") as file:
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
    assert first["up_sell_reason_1"] == "Has had loan for 41 days"
    assert first["up_sell_reason_2"] == ""
    assert first["up_sell_model_version"] == "up_sell-v1"
    assert second["cross_sell_category"] == "mobile"
    assert third["cross_sell_note"] == "Already holds a product of every category on offer."
    assert new["cross_sell_note"] == "Was not yet a customer on the as-of date."


@pytest.mark.usefixtures("project")
def test_a_customer_has_stage_segment_value_and_return_rate() -> None:
    export.main()
    first, second, *_ = read_csv("customers.csv")
    assert (first["lifecycle_stage"], first["rfm_segment"]) == ("repeat", "loyal")
    assert (first["value_12m"], first["return_rate"]) == ("123.45", "0.0417")
    assert first["next_purchase_on"] == DAY.isoformat()
    assert second["lifecycle_stage"] == second["value_12m"] == ""


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
def test_the_manifest_repeats_what_the_wave_can_show_and_how_large_controls_should_be() -> None:
    export.main()
    manifest = json.loads((EXPORTS / "manifest.json").read_text(encoding="utf-8"))
    advice = funnel().sample_size
    assert sorted(manifest["sample_size"]) == sorted(advice)
    for name, one in advice.items():
        assert manifest["sample_size"][name] == one.model_dump(mode="json")


@pytest.mark.usefixtures("project")
def test_everyone_has_a_decision_or_the_reason_why_not() -> None:
    export.main()
    first, second, third, new = read_csv("customers.csv")
    assert first["is_sendable"] == "true"
    assert (first["arm"], first["suppression_reason"]) == ("treated", "")
    assert first["offer_product_name"] == "Préstamo, rápido"
    assert first["offer_value"] == "120.50"
    assert first["offer_reason_1"] == "Has had loan for 41 days"
    assert first["offer_code"] == "CODE-c1"
    assert second["is_sendable"] == "false"
    assert second["suppression_reason"] == "campaign_control"
    assert third["suppression_reason"] == "nothing_eligible"
    assert new["suppression_reason"] == "not_yet_a_customer"


@pytest.mark.usefixtures("project")
def test_nobody_left_alone_has_what_it_takes_to_send_an_offer() -> None:
    export.main()
    _, control, *_ = read_csv("customers.csv")
    assert control["offer_category"] == "mobile"
    for name in ("channel", "weekday", "hour", "device", "offer_code", "valid_from", "valid_until"):
        assert control[name] == ""
    assert [row["customer_id"] for row in read_csv("offers.csv")] == ["c1"]


@pytest.mark.usefixtures("project")
def test_the_manifest_counts_what_became_of_the_offers() -> None:
    export.main()
    manifest = json.loads((EXPORTS / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["waves"] == ["w20260301"]
    assert (manifest["valid_from"], manifest["valid_until"]) == ("2026-03-02", "2026-03-29")
    assert manifest["arms"] == {"campaign_control": 1, "treated": 1}
    assert manifest["suppressed"] == {"campaign_control": 1, "nothing_eligible": 1}
    assert manifest["accounts"]["offers.csv"] == {
        "rows_in": 3,
        "left_out": {"not to be contacted": 2},
        "rejected": 0,
        "rows_out": 1,
    }


@pytest.mark.usefixtures("project")
def test_product_lists_are_handed_over_where_they_are_and_named_as_missing_where_not() -> None:
    write_table("data/recommendations/product_lists.parquet", PRODUCT_LISTS, [listed("c1")])
    export.main()
    assert [row["list"] for row in read_csv("product_lists.csv")] == ["best_sellers"]
    manifest = json.loads((EXPORTS / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["not_written"] == {
        "product_associations.csv": "there are no product associations"
    }


@pytest.mark.usefixtures("project")
def test_too_few_orders_for_a_pair_or_a_list_hand_over_files_of_a_header() -> None:
    write_table("data/recommendations/product_lists.parquet", PRODUCT_LISTS, [])
    write_table("data/recommendations/product_associations.parquet", PRODUCT_ASSOCIATIONS, [])
    export.main()
    assert read_csv("product_lists.csv") == read_csv("product_associations.csv") == []
    manifest = json.loads((EXPORTS / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["not_written"] == {}
    assert manifest["files"]["product_associations.csv"]["rows"] == 0


@pytest.mark.usefixtures("project")
def test_candidates_without_rows_are_no_hand_over() -> None:
    write_table("data/scores/propensities.parquet", PROPENSITIES, [])
    with pytest.raises(DataError, match=r"rows in .*propensities"):
        export.main()


@pytest.mark.usefixtures("project")
def test_no_list_of_products_reaches_a_control_group() -> None:
    rows = [listed(name) for name in ("c1", "c2", "c3", "new")]
    write_table("data/recommendations/product_lists.parquet", PRODUCT_LISTS, rows)
    left_alone = no_offer("c3", "nothing_eligible") | {"is_universal_control": True}
    pq.write_table(
        offers(
            offer("c1", "up_sell", "loan", "treated"),
            offer("c2", "cross_sell", "mobile", "campaign_control"),
            left_alone,
            no_offer("new", "consent"),
        ),
        "data/offers/next_best_offers.parquet",
    )
    export.main()
    found = [(row["customer_id"], row["is_sendable"]) for row in read_csv("product_lists.csv")]
    assert found == [("c1", "true"), ("new", "false")]
    manifest = json.loads((EXPORTS / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["accounts"]["product_lists.csv"]["left_out"] == {"in a control group": 2}


def listed(customer: str) -> dict[str, Any]:
    return {
        "customer_id": customer,
        "as_of_date": DAY,
        "list": "best_sellers",
        "position": 1,
        "product_id": "loan1",
        "category": "loan",
    }


def choose(*profiles: str, country_code: str | None = None) -> None:
    params = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
    params["exports"] |= {"profiles": list(profiles), "country_code": country_code}
    Path("params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")


def consent(*given: tuple[str, str]) -> None:
    """Write what `decide` leaves: who consents to which channel."""
    columns = {
        "customer_id": [customer for customer, _ in given],
        "channel": [channel for _, channel in given],
        "has_consent": [True] * len(given),
        "is_permitted": [True] * len(given),
    }
    schema = pa.schema(PERMITTED_CHANNELS.columns)
    pq.write_table(pa.table(columns, schema=schema), "data/offers/permitted_channels.parquet")


@pytest.mark.usefixtures("project")
def test_an_audience_holds_only_those_to_contact_and_only_what_they_consent_to() -> None:
    choose("klaviyo", "meta_custom_audience", country_code="34")
    consent(("c1", "email"), ("c2", "email"), ("c3", "phone"))
    export.main()
    (row,) = read_csv("audience.csv", "meta_custom_audience")
    assert row["extern_id"] == "c1"
    assert row["email"] == hashlib.sha256(b"c1@b.example").hexdigest()
    assert row["phone"] == ""
    (profile,) = read_csv("profiles_001.csv", "klaviyo")
    assert (profile["Email"], profile["Phone Number"]) == ("c1@b.example", "")


@pytest.mark.usefixtures("project")
def test_without_a_consent_on_record_no_contact_detail_leaves_the_house() -> None:
    choose("google_customer_match")
    consent()
    export.main()
    assert read_csv("audience.csv", "google_customer_match") == []
    text = Path("data/exports/google_customer_match/manifest.json").read_text(encoding="utf-8")
    left_out = json.loads(text)["accounts"]["audience.csv"]["left_out"]
    assert left_out == {
        "not to be contacted": 2,
        "without email or phone, or without consent to use it": 1,
    }


@pytest.mark.usefixtures("project")
def test_a_re_send_is_known_by_its_content_id() -> None:
    export.main()
    first = json.loads((EXPORTS / "manifest.json").read_text(encoding="utf-8"))
    write_json(
        "data/validated/source_tables.json", {"missing_tables": []}
    )  # not part of what is loaded
    export.main()
    again = json.loads((EXPORTS / "manifest.json").read_text(encoding="utf-8"))
    assert again["missing_tables"] != first["missing_tables"]
    assert again["content_id"] == first["content_id"]
    pq.write_table(
        offers(offer("c2", "cross_sell", "mobile", "treated")),
        "data/offers/next_best_offers.parquet",
    )
    export.main()
    other = json.loads((EXPORTS / "manifest.json").read_text(encoding="utf-8"))
    assert other["content_id"] != first["content_id"]


def decide_on(day: date, *rows: dict[str, Any]) -> None:
    """Write the offers of a wave, all else as it was."""
    wave = f"w{day:%Y%m%d}"
    dated = {"as_of_date": day, "wave": wave, "campaign": f"{wave}-up_sell", "valid_from": day}
    Path("data/offers").mkdir(exist_ok=True)
    pq.write_table(offers(*(row | dated for row in rows)), "data/offers/next_best_offers.parquet")
    for path in ("data/scores/propensities.parquet", "data/population/known_customers.parquet"):
        table = pq.read_table(path)
        place = table.column_names.index("as_of_date")
        days = pa.array([day] * len(table), pa.date32())
        pq.write_table(table.set_column(place, "as_of_date", days), path)
    write_document(snapshots_of(day), paths.SNAPSHOTS)


@pytest.mark.usefixtures("project")
def test_braze_is_handed_what_the_last_sealed_wave_has_not_given_it() -> None:
    choose("braze")
    row = offer("c1", "up_sell", "loan", "treated")
    decide_on(DAY, row)
    export.main()
    seal.main()
    first = Path("data/exports/braze/users_001.csv").read_bytes()
    export.main()
    assert Path("data/exports/braze/users_001.csv").read_bytes() == first  # what is sent again
    decide_on(date(2026, 3, 29), row | {"hour": 9}, offer("c2", "up_sell", "loan", "treated"))
    export.main()
    old, new = read_csv("users_001.csv", "braze")
    given = {name: value for name, value in old.items() if value}
    assert given == {
        "external_id": "c1",
        "offer_campaign": "w20260329-up_sell",
        "offer_hour": "9",
        "offer_valid_from": "2026-03-29",
    }
    assert new["offer_product_id"] == "loan1"
    manifest = json.loads(Path("data/exports/braze/manifest.json").read_text(encoding="utf-8"))
    assert manifest["changes"]["users.csv"]["unchanged_values"] == 7
    held = json.loads(Path("data/handed_over/w20260329/held.json").read_text(encoding="utf-8"))
    assert held == {"braze": {"users.csv": 2}}


@pytest.mark.usefixtures("project")
def test_a_wave_is_not_sealed_with_the_hand_over_of_another() -> None:
    choose("braze")
    export.main()
    decide_on(date(2026, 3, 29), offer("c1", "up_sell", "loan", "treated"))
    with pytest.raises(DataError, match=r"hand-over of w20260329.*found w20260301.*Run dvc repro"):
        seal.main()
    assert not list(Path("data").glob("waves/*"))


@pytest.mark.usefixtures("project")
def test_a_wave_without_any_offer_is_handed_over_as_such() -> None:
    rows = [no_offer(name, "nothing_eligible") for name in ("c1", "c2", "c3")]
    pq.write_table(offers(*rows), "data/offers/next_best_offers.parquet")
    write_table("data/offers/reasons.parquet", REASONS, [])
    choose("generic", "salesforce", "google_customer_match")
    consent()
    export.main()
    assert read_csv("offers.csv") == []
    assert read_csv("contacts_001.csv", "salesforce") == []
    manifest = json.loads((EXPORTS / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["valid_until"] is None
    assert manifest["suppressed"] == {"nothing_eligible": 3}


@pytest.mark.usefixtures("project")
def test_offers_of_another_day_stop_the_export() -> None:
    old = offers(offer("c1", "up_sell", "loan", "treated", as_of_date=date(2026, 2, 1)))
    pq.write_table(old, "data/offers/next_best_offers.parquet")
    with pytest.raises(DataError, match=r"found 2026-02-01\. Run the decide stage again"):
        export.main()


@pytest.mark.usefixtures("project")
def test_every_column_is_in_the_data_dictionary() -> None:
    export.main()
    described = {(row["file"], row["column"]) for row in read_csv("data_dictionary.csv")}
    for name in ("customers.csv", "offers.csv", "propensities.csv"):
        assert {(name, header) for header in read_csv(name)[0]} <= described


@pytest.mark.usefixtures("project")
def test_generic_hands_over_no_contact_detail() -> None:
    export.main()
    assert not [path for path in EXPORTS.iterdir() if b"@b.example" in path.read_bytes()]


@pytest.mark.usefixtures("project")
def test_the_same_inputs_give_the_same_bytes() -> None:
    export.main()
    first = {path.name: path.read_bytes() for path in EXPORTS.iterdir()}
    export.main()
    assert {path.name: path.read_bytes() for path in EXPORTS.iterdir()} == first


@pytest.mark.usefixtures("project")
def test_a_few_customers_at_a_time_are_handed_over_as_all_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    choose(*PROFILES.names(), country_code="ES")
    consent(("c1", "email"), ("c1", "sms"), ("c2", "email"))
    write_table(
        "data/recommendations/product_lists.parquet",
        PRODUCT_LISTS,
        [listed("c1"), listed("c3"), listed("new")],
    )
    export.main()
    whole = files()
    monkeypatch.setattr(delivery_parts, "CUSTOMERS", 1)
    monkeypatch.setattr(delivery_parts, "ROWS", 2)
    export.main()
    assert files() == whole
    assert len(whole) > 4 * len(PROFILES.names())


def files() -> dict[str, bytes]:
    root = Path("data/exports")
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*.*")}


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
