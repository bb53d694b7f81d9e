"""From the offers to what the wave caused: seal, answers of the simulated company, measure."""

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from pipeline.campaigns.claims import NOTHING_CLAIMED
from pipeline.campaigns.wave_outcomes import WITHOUT_HOUSEHOLDS
from pipeline.commands import seal, simulate_responses
from pipeline.commands.erasure.marks import Marks
from pipeline.commands.erasure.sealed_waves import bury_in_waves
from pipeline.commands.erasure.searching import Search
from pipeline.foundation import paths
from pipeline.foundation.config import SimulatedParams
from pipeline.foundation.contracts.hand_overs.snapshot_dates import SnapshotDates
from pipeline.foundation.contracts.outputs import NEXT_BEST_OFFERS, REASONS
from pipeline.foundation.contracts.tables import raw_tables
from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.foundation.wave_seals import check_seals, seal_of
from pipeline.io.documents import write_document
from pipeline.io.waves import CLAIM_COLUMNS, read_responses
from pipeline.offers.experiment import campaign_control, universal_control
from pipeline.sources.simulated.sealed_waves import read_sealed_waves
from pipeline.sources.simulated.simulation import simulate
from pipeline.sources.simulated.tables import extract
from pipeline.sources.simulated.timeline import date_of
from pipeline.stages import measure
from tests.campaigns.simulated import decide, last_scene

ROOT = Path(__file__).parents[2]
CUSTOMERS, PERIODS = 800, 14
OFFERS = Path("data/offers/next_best_offers.parquet")


def change(section: str, **values: object) -> None:
    raw: dict[str, Any] = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
    raw[section] |= values
    Path("params.yaml").write_text(yaml.safe_dump(raw), encoding="utf-8")


def report() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(paths.MEASUREMENT_REPORT.read_text(encoding="utf-8"))
    return found


def unmatched() -> pd.DataFrame:
    return pd.read_parquet(paths.table(paths.MEASUREMENT, "unmatched"))


@pytest.fixture(scope="module")
def offers() -> pd.DataFrame:
    """Return what the decide stage writes, for a company of 800: one in ten gets no offer."""
    rows = decide(last_scene(CUSTOMERS, PERIODS))
    universal = universal_control(rows, share=0.1, salt="s", earlier=None)
    has_offer = rows.index % 10 > 0
    asked = rows[has_offer & ~universal]
    withheld = campaign_control(asked, share=0.3, salt="s").reindex(rows.index, fill_value=False)
    arm = np.where(
        universal, "universal_control", np.where(withheld, "campaign_control", "treated")
    )
    offer = ["model", "category", "campaign", "channel", "offer_code", "valid_from", "valid_until"]
    decided = rows.assign(
        arm=pd.Series(arm, index=rows.index).where(has_offer),
        is_universal_control=universal,
        value_cents=rows["value_cents"].astype("Int64"),
    )
    return decided.assign(**{name: decided[name].where(has_offer) for name in offer})


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, offers: pd.DataFrame) -> Path:
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "params.yaml", tmp_path)
    small = {"customers": CUSTOMERS, "periods": PERIODS, "seed": 5, "dirty_share": 0.0}
    change("source", simulated=small)
    change("measure", bootstrap_replicates=20, threads=1)
    for folder in (OFFERS.parent, paths.WAVES, paths.RESPONSES, paths.REPORTS):
        folder.mkdir(parents=True)
    write_offers(offers)
    reasons = pd.DataFrame(
        {
            "model": offers["model"],
            "customer_id": offers["customer_id"],
            "category": offers["category"],
            "position": 1,
            "feature": np.where(offers.index % 2 == 0, "visits", "tenure"),
            "value": "1",
            "contribution": 0.1,
        }
    ).dropna()
    schema = pa.schema(REASONS.columns)
    pq.write_table(
        pa.Table.from_pandas(reasons, schema=schema, preserve_index=False),
        paths.table(paths.OFFERS, "reasons"),
    )
    return tmp_path


def write(frame: pd.DataFrame, path: Path) -> None:
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)


def write_offers(offers: pd.DataFrame) -> None:
    schema = pa.schema(NEXT_BEST_OFFERS.columns)
    full = offers.reindex(columns=schema.names)
    pq.write_table(pa.Table.from_pandas(full, schema=schema, preserve_index=False), OFFERS)


def wave_of(offers: pd.DataFrame) -> str:
    return str(offers["wave"].iloc[0])


def test_a_sealed_wave_is_a_copy_and_sealing_it_again_changes_nothing(
    project: Path, offers: pd.DataFrame
) -> None:
    seal.main()
    sealed = project / paths.table(paths.WAVES, wave_of(offers))
    assert sealed.read_bytes() == OFFERS.read_bytes()
    assert (project / paths.table(paths.WAVE_REASONS, wave_of(offers))).exists()
    seal.main()
    assert sealed.read_bytes() == OFFERS.read_bytes()


def claims_of(wave: str) -> dict[str, Any]:
    path = paths.WAVE_CLAIMS / f"{wave}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_a_wave_that_was_decided_in_parts_is_sealed_as_one_file(
    project: Path, offers: pd.DataFrame
) -> None:
    table = pq.read_table(OFFERS)
    OFFERS.unlink()
    OFFERS.mkdir()
    for place, start in enumerate((0, 300)):
        part = table.slice(start, 300 if start == 0 else None)
        pq.write_table(part, OFFERS / f"part-{place:05d}.parquet")
    seal.main()
    sealed = project / paths.table(paths.WAVES, wave_of(offers))
    assert pq.read_table(sealed).equals(table)
    check_seals()
    seal.main()  # the same again


@pytest.mark.usefixtures("project")
def test_a_wave_without_estimated_effects_is_sealed_with_no_claim_and_says_so(
    offers: pd.DataFrame,
) -> None:
    seal.main()
    simulate_responses.main()
    measure.main()
    sealed = claims_of(wave_of(offers))
    assert sealed["take_ups"] is None
    assert sealed["campaign_share"] == 0.1
    assert report()["waves"][wave_of(offers)]["claim_in_words"] == [NOTHING_CLAIMED]
    assert json.loads(paths.CLAIMS.read_text(encoding="utf-8")) == {
        "consecutive_misses": 0,
        "waves": [],
    }


@pytest.mark.usefixtures("project")
def test_a_claim_is_sealed_with_the_wave_and_put_against_what_it_caused(
    offers: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    change("experiment", campaign_share=0.3)
    claimed = offers.assign(
        effect=0.9,
        effect_low=0.8,
        effect_high=1.0,
        effect_origin="assumed",
        action_probability=1.0,
        is_explored=False,
    )
    added = tuple((name, kind) for name, kind in CLAIM_COLUMNS.items())
    new = [column for column in added if column[0] not in dict(NEXT_BEST_OFFERS.columns)]
    richer = replace(NEXT_BEST_OFFERS, columns=(*NEXT_BEST_OFFERS.columns, *new))
    monkeypatch.setattr(seal, "NEXT_BEST_OFFERS", richer)
    schema = pa.schema(richer.columns)
    full = claimed.reindex(columns=schema.names)
    pq.write_table(pa.Table.from_pandas(full, schema=schema, preserve_index=False), OFFERS)
    seal.main()
    simulate_responses.main()
    measure.main()
    treated = int((offers["arm"] == "treated").sum())
    take_ups = claims_of(wave_of(offers))["take_ups"]
    assert take_ups["value"] == pytest.approx(0.9 * treated)
    found = json.loads(paths.CLAIMS.read_text(encoding="utf-8"))
    assert found["consecutive_misses"] == 1
    (outcome,) = found["waves"]
    assert outcome["is_held"] is False
    assert outcome["claimed"]["value"] == pytest.approx(0.9 * treated)
    page = paths.MEASUREMENT_PAGE.read_text(encoding="utf-8")
    assert "The claim lies outside" in page
    assert "### Claimed and measured effect by channel" in page
    assert "### Policies valued on this wave" in page


@pytest.mark.usefixtures("project")
def test_arms_of_another_size_than_drawn_are_said_before_any_effect(offers: pd.DataFrame) -> None:
    # The offers of this company were drawn with three controls in ten; its parameters say one.
    seal.main()
    simulate_responses.main()
    measure.main()
    found = report()["waves"][wave_of(offers)]["conclusion"]
    assert found["sentences"][0].startswith("The arms are not as large as they were drawn")
    assert found["campaign"] == "unknown"
    assert report()["in_words"] == [f"{wave_of(offers)}: {found['sentences'][0]}"]


def test_a_sealed_wave_is_never_replaced_by_another(project: Path, offers: pd.DataFrame) -> None:
    seal.main()
    before = (project / paths.table(paths.WAVES, wave_of(offers))).read_bytes()
    write_offers(offers.iloc[1:])
    with pytest.raises(DataError, match="A sealed wave does not change"):
        seal.main()
    assert (project / paths.table(paths.WAVES, wave_of(offers))).read_bytes() == before


def test_without_offers_there_is_nothing_to_seal(project: Path) -> None:
    (project / OFFERS).unlink()
    with pytest.raises(DataError, match=r"Run dvc repro first\."):
        seal.main()


@pytest.mark.usefixtures("project")
def test_what_is_not_the_decide_stages_is_not_sealed(offers: pd.DataFrame) -> None:
    write(offers, OFFERS)
    with pytest.raises(DataError, match="the columns customer_id"):
        seal.main()


def test_without_a_wave_and_without_responses_the_report_says_so(project: Path) -> None:
    measure.main()
    assert report()["waves"] == {}
    assert "No wave has been sealed" in report()["in_words"][0]
    assert (project / paths.MEASUREMENT_PAGE).read_text(encoding="utf-8").count("No ") == 2
    assert unmatched().empty


@pytest.mark.usefixtures("project")
def test_a_wave_that_nothing_answers_yet_is_described(offers: pd.DataFrame) -> None:
    seal.main()
    measure.main()
    found = report()["waves"][wave_of(offers)]
    expected = offers["arm"].fillna("no_offer").value_counts().to_dict()
    assert found["arms"] == expected
    assert "conclusion" not in found


@pytest.mark.usefixtures("project")
def test_responses_in_capitals_are_read_and_a_workbook_is_refused_by_name() -> None:
    header = "customer_id,kind,occurred_at\n"
    (paths.RESPONSES / "R.CSV").write_text(f"{header}c1,ordered,2025-03-01 00:00:00\n", "utf-8")
    (paths.RESPONSES / ".DS_Store").touch()
    assert read_responses()["customer_id"].tolist() == ["c1"]
    (paths.RESPONSES / "back.xlsx").touch()
    with pytest.raises(DataError, match=r"found back\.xlsx\. Save it as CSV"):
        measure.main()


@pytest.mark.usefixtures("project")
def test_responses_without_a_sealed_wave_are_refused() -> None:
    (paths.RESPONSES / "back.csv").write_text(
        "customer_id,kind,occurred_at\nc1,ordered,2025-03-01 00:00:00\n", encoding="utf-8"
    )
    with pytest.raises(DataError, match="1 responses and no wave"):
        measure.main()


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "a line of column names"),
        (
            b"customer_id,kind,occurred_at\nc1,ordered,2025-03-01 00:00:00,extra\n",
            "as many fields in every line.*Expected 3 fields in line 2, saw 4",
        ),
        (b"customer_id,kind,occurred_at\n\xff,ordered,2025-03-01 00:00:00\n", "utf-8"),
        (b"customer_id,kind\nc1,ordered\n", "'occurred_at' in table 'responses'"),
        (b"customer_id,kind,occurred_at,sum\n", "only columns of the contract"),
    ],
)
def test_a_file_that_is_no_responses_is_refused_by_name(content: bytes, fault: str) -> None:
    seal.main()
    (paths.RESPONSES / "back.csv").write_bytes(content)
    with pytest.raises(DataError, match=fault):
        measure.main()


@pytest.mark.usefixtures("project")
def test_a_second_copy_of_a_wave_is_refused(offers: pd.DataFrame) -> None:
    seal.main()
    sealed = paths.table(paths.WAVES, wave_of(offers))
    shutil.copy(sealed, paths.table(paths.WAVES, "copy"))
    with pytest.raises(DataError, match="Remove the copy"):
        measure.main()


@pytest.mark.usefixtures("project")
def test_a_wave_that_lost_a_column_is_refused(offers: pd.DataFrame) -> None:
    write(offers.drop(columns="arm"), paths.table(paths.WAVES, wave_of(offers)))
    with pytest.raises(DataError, match="none called arm"):
        measure.main()


@pytest.mark.usefixtures("project")
def test_a_wave_is_measured_end_to_end_against_its_truth(offers: pd.DataFrame) -> None:
    seal.main()
    simulate_responses.main()
    measure.main()
    found = report()["waves"][wave_of(offers)]
    assert report()["responses"]["counted"] == report()["responses"]["rows"] > 50
    assert found["customers"] == int(offers["arm"].notna().sum())
    assert found["truth"].keys() == {"take_up", "profit_cents"}
    taken = found["effects"][0]
    best = taken["adjusted" if taken["is_adjusted"] else "raw"]["difference"]
    assert found["truth"]["take_up"]["is_covered"] is (
        best["low"] <= found["truth"]["take_up"]["value"] <= best["high"]
    )
    assert [part["value"] for part in found["breakdown"]["reason"]] == ["tenure", "visits"]
    page = paths.MEASUREMENT_PAGE.read_text(encoding="utf-8")
    assert "The truth of the simulated company" in page
    assert all(f"- {sentence}" in page for sentence in found["conclusion"]["sentences"])


def live_on() -> None:
    """Write the records of two periods after the wave, as `ingest` and `validate` would."""
    params = SimulatedParams(
        customers=CUSTOMERS, periods=PERIODS, later_periods=2, seed=5, dirty_share=0.0
    )
    company = simulate(params, read_sealed_waves())
    paths.VALIDATED.mkdir()
    for name in ("customers", "products", "product_events"):
        rows = extract(company, raw_tables({})[name])
        pq.write_table(rows, paths.table(paths.VALIDATED, name))
    write_document(snapshots_until(date_of(params.all_periods)), paths.SNAPSHOTS)


def snapshots_until(day: date) -> SnapshotDates:
    """Return the dates of records that cover everything before a day."""
    return SnapshotDates(
        train=(),
        validation=day,
        test=day,
        scoring=day,
        gap_days=0,
        outcome_days=28,
        known_customers=CUSTOMERS,
    )


def shares_of_arms(wave: str) -> dict[str, float]:
    arms = report()["waves"][wave]["arms"]
    return {arm: found["take_up"]["value"] for arm, found in arms.items()}


@pytest.mark.usefixtures("project")
def test_a_wave_without_a_response_file_is_measured_by_the_records(offers: pd.DataFrame) -> None:
    wave = wave_of(offers)
    seal.main()
    simulate_responses.main()
    measure.main()
    by_files = shares_of_arms(wave)
    assert report()["waves"][wave]["notes"] == []
    (paths.RESPONSES / f"{wave}.csv").unlink()
    live_on()
    measure.main()
    by_records = shares_of_arms(wave)
    # The same orders, less the few that were sent back.
    for arm in ("treated", "campaign_control"):
        assert 0.93 * by_files[arm] <= by_records[arm] <= by_files[arm]
    (note,) = report()["waves"][wave]["notes"]
    assert note.startswith("No response file brought an order of this wave")
    assert f"- {note}" in paths.MEASUREMENT_PAGE.read_text(encoding="utf-8")


@pytest.mark.usefixtures("project")
def test_customers_erased_since_are_left_out_of_their_arms_and_counted(
    offers: pd.DataFrame,
) -> None:
    wave = wave_of(offers)
    seal.main()
    simulate_responses.main()
    ids = offers[offers["arm"] == "treated"]["customer_id"].tolist()[:2]
    ids += offers[offers["arm"] == "campaign_control"]["customer_id"].tolist()[:1]
    bury_in_waves(ids, Search(Marks(frozenset(ids))))
    measure.main()
    (note,) = report()["waves"][wave]["notes"]
    assert note.endswith("left out of every figure: 3 in all, 2 treated and 1 controls.")
    treated = report()["waves"][wave]["arms"]["treated"]["customers"]
    assert treated == (offers["arm"] == "treated").sum() - 2


@pytest.mark.usefixtures("project")
def test_records_that_do_not_cover_the_days_of_a_wave_answer_nothing(
    offers: pd.DataFrame,
) -> None:
    seal.main()
    write_document(snapshots_until(offers["valid_until"].max()), paths.SNAPSHOTS)
    measure.main()
    assert "conclusion" not in report()["waves"][wave_of(offers)]


@pytest.mark.usefixtures("project")
def test_a_household_that_changes_after_the_seal_moves_no_result(offers: pd.DataFrame) -> None:
    seal.main()
    simulate_responses.main()
    measure.main()
    before = paths.MEASUREMENT_REPORT.read_bytes()
    moved = offers[["customer_id"]].assign(household_id="everybody in one house")
    paths.VALIDATED.mkdir()
    write(moved, paths.table(paths.VALIDATED, "customers"))
    measure.main()
    assert paths.MEASUREMENT_REPORT.read_bytes() == before


@pytest.mark.usefixtures("project")
def test_a_wave_that_was_sealed_without_households_says_that_each_customer_counts_alone(
    offers: pd.DataFrame,
) -> None:
    seal.main()
    simulate_responses.main()
    sealed = paths.table(paths.WAVES, wave_of(offers))
    pq.write_table(pq.read_table(sealed).drop_columns(["household_id"]), sealed)
    seal_of(wave_of(offers)).unlink()  # as one that was sealed before there were checksums
    measure.main()
    assert report()["waves"][wave_of(offers)]["notes"] == [WITHOUT_HOUSEHOLDS]
    assert f"- {WITHOUT_HOUSEHOLDS}" in paths.MEASUREMENT_PAGE.read_text(encoding="utf-8")


@pytest.mark.usefixtures("project")
def test_odd_rows_are_listed_with_their_file_and_row(offers: pd.DataFrame) -> None:
    seal.main()
    simulate_responses.main()
    rows = [
        "customer_id,offer_code,kind,occurred_at,amount",
        "nobody,,ordered,2024-08-01 10:00:00,10.00",
        ",WRONG,redeemed,2024-08-01 10:00:00,",
        f"{offers['customer_id'].iloc[1]},,ordered,yesterday,ten",
    ]
    (paths.RESPONSES / "by_hand.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    measure.main()
    odd = unmatched()
    assert odd["file"].unique().tolist() == ["by_hand.csv"]
    assert odd["row"].tolist() == [1, 2, 3]
    assert odd["finding"].tolist() == ["unknown_customer", "unknown_code", "unreadable"]
    assert json.loads(odd["unreadable"].iloc[2]) == {"amount": "ten", "occurred_at": "yesterday"}
    assert report()["responses"]["findings"]["unreadable"] == {
        "rows": 1,
        "counted": 0,
        "orders": 1,
    }


@pytest.mark.usefixtures("project")
def test_the_same_wave_and_responses_give_the_same_bytes() -> None:
    seal.main()
    simulate_responses.main()
    measure.main()
    first = [path.read_bytes() for path in (paths.MEASUREMENT_REPORT, paths.MEASUREMENT_PAGE)]
    simulate_responses.main()
    measure.main()
    assert first == [
        path.read_bytes() for path in (paths.MEASUREMENT_REPORT, paths.MEASUREMENT_PAGE)
    ]


@pytest.mark.usefixtures("project")
def test_real_responses_are_not_replaced_by_simulated_ones(offers: pd.DataFrame) -> None:
    seal.main()
    (paths.RESPONSES / f"{wave_of(offers)}.csv").write_text("real", encoding="utf-8")
    with pytest.raises(DataError, match="Move the real ones away"):
        simulate_responses.main()


@pytest.mark.usefixtures("project")
def test_a_real_company_has_no_simulated_customers() -> None:
    change("source", name="files")
    with pytest.raises(ConfigurationError, match="Real customers answer by themselves"):
        simulate_responses.main()


@pytest.mark.usefixtures("project")
def test_a_wave_that_was_not_sealed_is_not_answered() -> None:
    with pytest.raises(DataError, match="Seal it first"):
        simulate_responses.main()
