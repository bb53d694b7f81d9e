"""What is handed over is read back as it was, or stands among the rejects with its reason.

Every profile writes the same hostile offers; each file is read back by the rules of its target.
"""

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

import pandas as pd
import pyarrow as pa
import pytest

from pipeline.exports import profiles
from pipeline.exports.package import Package, write_package
from pipeline.exports.profile import File, FileColumn, Profile, SourceTable, TargetLimits
from pipeline.foundation.choices import PROFILES
from tests.exports.offers import offer, offers
from tests.exports.shelf import Shelf

NAMES = PROFILES.names()
MACHINES = [name for name in NAMES if name != "generic"]

NAMES_OF_PRODUCTS = (
    'the "big" one',
    "two\nlines",
    "carriage\rreturn",
    "a,b;c\td|e",
    "🚀 naïve café",
    "שלום עולם، مرحبا",
    "=cmd|' /C calc'!A0",
    "+5 GB extra",
    "-20 °C jacket",
    "@home Router",
    "@SUM(A1)",
    "\t=1",
    "#N/A",
    "NULL",
    " spaces around ",
    "'quoted'",
    "007",
    "long " * 10_000,
)
CUSTOMERS = (
    "0015g00000AbCdE",  # Salesforce's ids of 15 characters differ by case
    "0015g00000AbCde",
    "0015g00000AbCdEAAV",
    "000123",
    "me@shop.example",
    "-7",
    "c 1",
    "=c1",
)
PHONES = ("+34 600 000 001", "0034600000002", "600000003", None)


def hostile() -> pa.Table:
    """Return an offer for each hostile product name and each hostile id."""
    names = [*NAMES_OF_PRODUCTS, *("plain" for _ in CUSTOMERS)]
    ids = [*(f"n{place:02d}" for place in range(len(NAMES_OF_PRODUCTS))), *CUSTOMERS]
    rows = offers(*(offer(one, "up_sell", "loan", "treated") for one in ids))
    phones = [PHONES[place % len(PHONES)] for place in range(len(ids))]
    emails = [f"Person.{place}+x@Gmail.com" for place in range(len(ids))]
    reasons = ["Bought twice", None, 'Likes "tea", black']
    return (
        rows.append_column("product_name", pa.array(names))
        .append_column("is_sendable", pa.array([True] * len(ids)))
        .append_column("lifecycle_stage", pa.array(["repeat"] * len(ids)))
        .append_column("rfm_segment", pa.array(["champions"] * len(ids)))
        .append_column("email", pa.array(emails))
        .append_column("phone", pa.array(phones))
        .append_column("sms_phone", pa.array(phones))
        .append_column("call_phone", pa.array(phones[::-1]))
        .append_column("reason_1", pa.array([reasons[place % 3] for place in range(len(ids))]))
        .append_column("reason_2", pa.nulls(len(ids), pa.string()))
    )


def with_column(rows: pa.Table, name: str, values: Sequence[object]) -> pa.Table:
    """Return the rows with other values in a column."""
    place = rows.column_names.index(name)
    return rows.set_column(place, name, pa.array(values, rows.schema.field(name).type))


def offers_only(name: str) -> Profile:
    """Return a profile with the files that are made of offers, for two reasons."""
    profile = profiles.find(name)
    files = tuple(file for file in profile.files if file.rows == "offers")
    return replace(profile, files=files).expand(["up_sell"], 2)


def deliver(profile: Profile, rows: pa.Table) -> tuple[Package, Shelf]:
    shelf = Shelf()
    tables: Mapping[SourceTable, pa.Table] = {"offers": rows}
    return write_package(profile, tables, shelf.open, {}, None), shelf


def read_back(profile: Profile, parts: Sequence[bytes]) -> list[dict[str, str]]:
    """Return the rows as the target reads them."""
    dialect = profile.dialect
    quoting: Literal[0, 3] = csv.QUOTE_NONE if dialect.quoting == "none" else csv.QUOTE_MINIMAL
    rows: list[dict[str, str]] = []
    for part in parts:
        text = io.StringIO(part.decode(dialect.encoding), newline="")
        rows += csv.DictReader(text, delimiter=dialect.delimiter, quoting=quoting, strict=True)
    return rows


def expected(row: Mapping[str, object], column: FileColumn, profile: Profile) -> str:
    """Return the cell as it was meant; worked out here without the writer's own code."""
    value = row[column.source]
    if column.normalise:
        return expected_contact(value, column)
    if value is None:
        return profile.dialect.empty_cell
    match column.format:
        case "date":
            return pd.Timestamp(str(value)).strftime(profile.dialect.date_format)
        case "money":
            return f"{float(str(value)) / 100:.2f}"
        case "decimal":
            return f"{value:.{column.decimals}f}"
    is_guarded = profile.dialect.formulas == "prefix" and column.format == "text"
    is_marked = is_guarded and not column.is_verbatim and str(value)[:1] in tuple("=+-@\t\r")
    return f"'{value}" if is_marked else str(value)


def expected_contact(value: object, column: FileColumn) -> str:
    phone = str(value).replace(" ", "").replace("0034", "+34")
    person = str(value).lower()
    text = {
        "email": person,
        "email_without_gmail_dots": person.replace("person.", "person"),
        "phone": phone if phone.startswith("+") else "",
        "phone_digits": phone[1:] if phone.startswith("+") else "",
    }[str(column.normalise)]
    return hashlib.sha256(text.encode()).hexdigest() if text and column.is_hashed else text


@pytest.mark.parametrize("name", NAMES)
def test_every_row_is_read_back_as_it_was_or_is_rejected_with_its_reason(name: str) -> None:
    profile, given = offers_only(name), hostile()
    package, shelf = deliver(profile, given)
    (file,) = profile.files
    parts = [shelf.read(part) for part in package.delivered[file.name].parts]
    rejects = read_rejects(shelf)
    gone = {row["id"] for row in rejects if row["consequence"] == "row left out"}
    emptied = {(row["id"], row["column"]) for row in rejects}
    kept = [row for row in given.to_pylist() if row["customer_id"] not in gone]
    found = read_back(profile, parts)
    assert found == [
        {
            column.header: profile.dialect.empty_cell
            if (row["customer_id"], column.header) in emptied
            else expected(row, column, profile)
            for column in file.columns
        }
        for row in kept
    ]
    assert len(found) + len(gone) == len(given)
    assert all(row["reason"] for row in rejects)


def read_rejects(shelf: Shelf) -> list[dict[str, str]]:
    text = io.StringIO(shelf.read("rejects.csv").decode(), newline="")
    rows = list(csv.DictReader(text))
    return [{**row, "id": unguarded(row["id"])} for row in rows]


def unguarded(text: str) -> str:
    """Return a text without the mark that keeps a spreadsheet from running it."""
    return text.removeprefix("'")


@pytest.mark.parametrize("name", NAMES)
def test_rows_in_are_rows_left_out_rejected_and_handed_over(name: str) -> None:
    package, shelf = deliver(offers_only(name), hostile())
    accounts = json.loads(shelf.read("manifest.json"))["accounts"]
    for file, account in accounts.items():
        parts = package.delivered[file].parts.values()
        assert account["rows_out"] == sum(part.rows for part in parts)
        left = sum(account["left_out"].values()) + account["rejected"]
        assert account["rows_in"] == left + account["rows_out"] == len(hostile())


@pytest.mark.parametrize(
    "name", [name for name in MACHINES if "product_name" in str(profiles.find(name))]
)
def test_no_formula_reaches_a_machine_and_a_name_that_begins_with_a_sign_does(name: str) -> None:
    profile = offers_only(name)
    _, shelf = deliver(profile, hostile())
    faults = [row for row in read_rejects(shelf) if row["reason"].startswith("begins like")]
    at_fault = {row["id"]: row["consequence"] for row in faults}
    runs = ["=cmd|' /C calc'!A0", "@SUM(A1)", "\t=1"]
    assert at_fault == {
        **{f"n{NAMES_OF_PRODUCTS.index(text):02d}": "cell left empty" for text in runs},
        "=c1": "row left out",
    }


@pytest.mark.parametrize("name", NAMES)
def test_pandas_reads_the_same_as_the_csv_module(name: str) -> None:
    profile = offers_only(name)
    package, shelf = deliver(profile, hostile())
    (file,) = profile.files
    parts = [shelf.read(part) for part in package.delivered[file.name].parts]
    frames = [
        pd.read_csv(
            io.BytesIO(part),
            sep=profile.dialect.delimiter,
            encoding=profile.dialect.encoding,
            quoting=csv.QUOTE_NONE if profile.dialect.quoting == "none" else csv.QUOTE_MINIMAL,
            dtype=str,
            keep_default_na=False,
            lineterminator="\n",
        )
        for part in parts
    ]
    assert pd.concat(frames).to_dict("records") == read_back(profile, parts)


@pytest.mark.parametrize("name", NAMES)
def test_a_small_limit_splits_any_profile_without_losing_a_row(name: str) -> None:
    profile = replace(offers_only(name), limits=TargetLimits(field_characters=100))
    (file,) = profile.files
    whole, shelf = deliver(profile, hostile())
    rows = read_back(profile, [shelf.read(part) for part in whole.delivered[file.name].parts])
    small = replace(profile, limits=TargetLimits(field_characters=100, file_bytes=1500))
    split, shelf = deliver(small, hostile())
    parts = [shelf.read(part) for part in split.delivered[file.name].parts]
    assert len(parts) > 1
    assert max(map(len, parts)) <= 1500
    assert read_back(small, parts) == rows


@pytest.mark.parametrize("name", NAMES)
def test_the_same_offers_give_the_same_bytes_and_content_id(name: str) -> None:
    (one, first), (other, second) = (deliver(offers_only(name), hostile()) for _ in range(2))
    assert first.files == second.files
    assert one.content_id == other.content_id


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("arm", ["campaign_control", "universal_control", None])
def test_nobody_but_the_treated_is_handed_over(name: str, arm: str | None) -> None:
    rows = hostile()
    untreated = with_column(rows, "arm", [arm] * len(rows))
    package, shelf = deliver(offers_only(name), untreated)
    assert not any(
        part.rows for entry in package.delivered.values() for part in entry.parts.values()
    )
    assert not [one for one in CUSTOMERS if one.encode() in b"".join(shelf.files.values())]


@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_is_given_only_what_is_to_be_sent(name: str) -> None:
    profile = profiles.find(name)
    assert all(file.rows == "offers" and file.only_sendable for file in profile.files)
    assert profile.dialect.formulas == "reject"


@pytest.mark.parametrize("name", NAMES)
def test_no_profile_has_more_columns_than_its_target_takes(name: str) -> None:
    profile = profiles.find(name).expand(["up_sell", "cross_sell"], 10)
    limit = profile.limits.columns or 1000
    assert all(len(file.columns) <= limit for file in profile.files)


def test_salesforce_clears_a_field_and_braze_keeps_it() -> None:
    row = hostile().slice(16, 1)
    for name, cell in {"salesforce": "#N/A", "braze": ""}.items():
        nameless = with_column(row, "product_name", [None])
        profile = offers_only(name)
        package, shelf = deliver(profile, nameless)
        (part,) = (part for entry in package.delivered.values() for part in entry.parts)
        (found,) = read_back(profile, [shelf.read(part)])
        header = {"salesforce": "Offer_Product__c", "braze": "offer_product"}[name]
        assert found[header] == cell


def test_a_text_that_reads_as_the_target_s_empty_value_is_rejected() -> None:
    _, shelf = deliver(offers_only("salesforce"), hostile())
    place = NAMES_OF_PRODUCTS.index("#N/A")
    reasons = {row["id"]: row["reason"] for row in read_rejects(shelf)}
    assert reasons[f"n{place:02d}"] == "reads as #N/A, no value"


def test_a_field_longer_than_the_target_takes_is_rejected() -> None:
    place = len(NAMES_OF_PRODUCTS) - 1
    for name, limit in {"salesforce": "32,000 characters", "mailchimp": "255 bytes"}.items():
        _, shelf = deliver(offers_only(name), hostile())
        reasons = {row["id"]: row["reason"] for row in read_rejects(shelf)}
        assert reasons[f"n{place:02d}"] == f"is longer than {limit}"


def test_a_phone_that_cannot_be_written_leaves_its_cell_empty_and_is_named() -> None:
    _, shelf = deliver(offers_only("klaviyo"), hostile())
    (fault, *_) = (row for row in read_rejects(shelf) if row["column"] == "Phone Number")
    assert fault == {
        "file": "profiles.csv",
        "id": "n02",
        "column": "Phone Number",
        "reason": "is no phone number with its country code",
        "consequence": "cell left empty",
    }


def test_of_customers_with_one_address_the_best_offer_goes_out() -> None:
    addresses = ["A@b.example", " a@B.example", "other@b.example"]
    rows = with_column(hostile().slice(17, 3), "email", addresses)
    rows = with_column(rows, "priority_cents", [10.0, 20.0, 5.0])
    rows = with_column(rows, "product_name", ["x", "y", "z"])
    package, shelf = deliver(offers_only("mailchimp"), rows)
    assert package.delivered["audience.csv"].account.rows_out == 2
    (fault,) = read_rejects(shelf)
    assert fault["id"] == "n17"
    assert fault["reason"] == "stands in another row, which goes before this one"


def test_without_a_preference_the_first_row_of_a_customer_goes_out() -> None:
    once = hostile().slice(18, 1)
    twice = pa.concat_tables([once, with_column(once, "product_name", ["second"])])
    profile = offers_only("braze")
    _, shelf = deliver(profile, twice)
    (found,) = read_back(profile, [shelf.read("users_001.csv")])
    assert found["offer_product"] == "plain"


def test_offers_on_a_channel_that_the_target_does_not_serve_are_left_out() -> None:
    rows = hostile().slice(13, 4)
    mixed = with_column(rows, "channel", ["email", "sms", "mail", "phone"])
    served = {
        name: deliver(offers_only(name), mixed)[0].delivered for name in ("klaviyo", "mailchimp")
    }
    assert served["klaviyo"]["profiles.csv"].account.left_out["reached on another channel"] == 2
    assert served["mailchimp"]["audience.csv"].account.left_out["reached on another channel"] == 3


def test_a_row_left_with_no_address_at_all_is_rejected() -> None:
    rows = with_column(hostile().slice(2, 1), "email", [None])
    package, shelf = deliver(offers_only("google_customer_match"), rows)
    assert package.delivered["audience.csv"].account.rejected == 1
    assert read_rejects(shelf)[-1]["reason"] == "has no email or phone that can be written"


def test_mailchimp_s_headers_serve_as_merge_tags() -> None:
    (file,) = offers_only("mailchimp").files
    tags = [column.header for column in file.columns[1:]]
    assert all(len(tag) <= 10 and tag.isalnum() and tag.isupper() for tag in tags)


def test_salesforce_s_own_fields_are_custom_fields() -> None:
    (file,) = offers_only("salesforce").files
    assert all(column.header.endswith("__c") for column in file.columns)


def test_ad_audiences_hand_over_hashes_and_no_offer() -> None:
    headers: dict[str, list[str]] = {}
    for name in ("google_customer_match", "meta_custom_audience"):
        (file,) = offers_only(name).files
        headers[name] = [column.header for column in file.columns]
        assert isinstance(file, File)
        assert all(column.is_hashed for column in file.columns if column.normalise)
    assert headers["google_customer_match"] == ["Email", "Phone"]
    assert headers["meta_custom_audience"] == ["email", "phone", "extern_id"]
