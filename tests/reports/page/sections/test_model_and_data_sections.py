"""What the page says follows from what the stages before wrote."""

import pytest

from pipeline.foundation.contracts.hand_overs.evaluation_report import EvaluationReport
from pipeline.foundation.contracts.hand_overs.package_manifest import WrittenFile
from pipeline.reports.formatting import in_order_of_age, number, share, signed
from pipeline.reports.language.words import Words
from pipeline.reports.page.cells import interval_cell
from pipeline.reports.page.model_inputs import ModelInputs
from pipeline.reports.page.model_pictures import draw_pictures, families_of
from pipeline.reports.page.parts import ModelSection, PageTable
from pipeline.reports.page.score_summary import summarize_scores
from pipeline.reports.page.sections.data_section import (
    describe_deliveries,
    describe_quality,
    describe_snapshots,
    tell_missing,
    tell_quality,
)
from pipeline.reports.page.sections.model_section import describe_model
from tests.reports.inputs import (
    UNKNOWN,
    evaluation,
    features,
    interval,
    manifest,
    model_inputs,
    plots,
    population,
    scores,
    validation,
    verdict,
)


def section(inputs: ModelInputs) -> ModelSection:
    return describe_model("up_sell", inputs, pictures=[], card="card.md")


def texts(table: PageTable) -> list[list[str]]:
    return [[Words()(cell.text) for cell in row.cells] for row in table.rows]


def test_scorers_stand_in_the_order_of_their_log_loss_and_the_one_in_use_is_marked() -> None:
    metrics = section(model_inputs()).metrics
    assert [row[0] for row in texts(metrics)] == [
        "Truth (known to the simulator)",
        "Trained model",
        "Recency, frequency, value",
    ]
    assert [row.is_strong for row in metrics.rows] == [False, True, False]
    assert metrics.rows[1].cells[0].note == "scores now"


def test_figures_come_with_their_limits() -> None:
    cell = section(model_inputs()).metrics.rows[1].cells[1]
    assert (cell.text, cell.note) == ("0.712", "0.356 to 1.424")


def test_the_verdict_is_told_without_the_figures_that_stand_with_the_gate() -> None:
    told = section(model_inputs())
    assert told.verdict == "This is decided."
    assert [finding.mark for finding in told.findings] == ["✗", "✓", "?"]


def test_a_rule_that_scores_is_named_and_its_own_figures_are_shown() -> None:
    told = section(model_inputs(verdict=verdict("fallback", "rfm")))
    facts = dict(told.facts)
    assert not told.is_model
    assert facts["Scored by"] == "a rule: Recency, frequency, value"
    assert facts["Lift in the top tenth"] == "1.50"
    assert any("the trained model, which does not score" in one for one in told.in_short)


def test_an_earlier_model_that_goes_on_scoring_is_not_given_the_new_ones_figures() -> None:
    told = section(model_inputs(verdict=verdict("kept")))
    assert "AUC" not in dict(told.facts)
    assert any("of the new model, which was refused" in one for one in told.in_short)
    assert not any(row.is_strong for row in told.metrics.rows)


def test_whoever_overrode_the_gate_is_named_with_the_reason() -> None:
    overridden = verdict(override={"name": "Ana", "reason": "No rule is left."})
    told = section(model_inputs(verdict=overridden))
    assert told.verdict == "This is decided. Overridden by Ana. Reason given: No rule is left."


def test_groups_that_differ_beyond_chance_are_named() -> None:
    assert section(model_inputs()).groups_words == (
        "Observed and predicted rates differ significantly (95% interval and exact Poisson test) "
        "for: gender m (1.40 (1.10 to 1.70); 90 outcomes, 64.3 expected)."
    )


def test_rates_are_told_by_decile_and_category_and_a_part_without_rows_is_not_shown() -> None:
    told = section(model_inputs())
    assert [texts(one) for one in told.calibration] == [
        [
            ["1", "600", "30", "4.00%", "5.00%", "0.90"],
            ["2", "600", "30", "4.00%", "5.00%", "1.10"],
        ]
    ]
    assert [row[-1] for row in texts(told.categories)] == ["1.25", "–"]
    assert told.calibration_words.startswith("Calibration slope 0.25 (0.12 to 0.50)")


def test_the_page_can_do_without_a_known_truth() -> None:
    told = section(model_inputs(evaluation=evaluation(achievable_gain_share=None)))
    assert not any("simulator" in one for one in told.in_short)


def test_left_out_categories_are_named_with_their_outcomes() -> None:
    assert [Words()(one) for one in section(model_inputs()).left_out] == [
        "Tea (3 outcomes in training)"
    ]


def test_expectations_come_from_the_best_tenth() -> None:
    table = summarize_scores(scores()).by_category
    loan, mobile = table.to_dict("records")
    assert (loan["category"], loan["customers"], loan["top_customers"]) == ("loan", 10, 1)
    assert loan["top_propensity"] == 0.5
    assert mobile["top_responders"] == pytest.approx(0.6)


def test_every_propensity_stands_in_the_histogram() -> None:
    assert summarize_scores(scores()).counts.sum() == 12


def test_nobody_scored_leaves_an_empty_histogram() -> None:
    assert summarize_scores(scores().iloc[:0]).counts.sum() == 0


def test_importance_is_added_up_by_family() -> None:
    families = families_of(plots()["importance"])
    assert list(families.index) == ["surveys", "product_history"]
    assert families.tolist() == pytest.approx([0.7, 0.3])


def test_pictures_are_told_in_words() -> None:
    pictures = draw_pictures("up_sell", model_inputs())
    assert len(pictures) == 8
    assert "best tenth of the list holds 32% of all responders" in pictures[0].alt
    assert "1: 3.2, 2: 2.0" in pictures[1].alt


def test_age_bands_stand_in_the_order_of_age_and_the_unknown_last() -> None:
    bands = ["25 to 34", "65 and over", "unknown", "under 25"]
    assert sorted(bands, key=in_order_of_age) == ["under 25", "25 to 34", "65 and over", "unknown"]


def test_snapshots_stand_in_the_order_of_time_and_the_future_is_not_counted() -> None:
    table = describe_snapshots(population())
    assert texts(table)[0] == ["Training", "2025-11-01 to 2025-12-01 (2)", "9", "4", "9", "4"]
    assert texts(table)[-1] == ["Scoring", "2026-03-01", "5", "ahead", "5", "ahead"]


def test_quarantined_rows_are_told_by_rule() -> None:
    assert texts(describe_quality(validation())) == [
        ["customers", "12", "10", "2", "16.67%", "not_null:customer_id 1, unique:customer_id 1"]
    ]


def test_expectations_that_are_not_met_are_named() -> None:
    assert tell_quality(validation()) == [
        "1 of 2 expectations are met.",
        (
            "The oldest date of any table, sign-ups included, is 2024-01-01; purchases and "
            "cancellations reach to 2026-02-28."
        ),
        "Not met in customers: at least 50 rows.",
    ]


def test_missing_tables_and_families_are_named() -> None:
    told = tell_missing(validation(), features(surveys="no table surveys"))
    assert told == [
        "The source has no table surveys.",
        "Feature family surveys is switched off: no table surveys.",
    ]


def test_files_are_listed_with_rows_and_hash() -> None:
    file = WrittenFile(rows=1234, bytes=99, sha256="ab" * 32)
    delivered = {"data/exports/generic": manifest(files={"customers.csv": file})}
    assert texts(describe_deliveries(delivered)) == [
        ["data/exports/generic/customers.csv", "1,234", "99", "abababababababab…"]
    ]


def test_numbers_are_written_for_readers() -> None:
    assert share(0.12345, 2) == "12.35%"
    assert number(-1234.5, 1) == "\N{MINUS SIGN}1,234.5"
    assert signed(0.25, 2) == "+0.25"
    assert number(None) == share(None) == signed(None) == "–"
    assert interval_cell(UNKNOWN).text == "–"


def with_regression(*, lift: float, log_loss: float) -> ModelSection:
    """Return the section of a model of lift 3.20 and log loss 0.10 beside a logistic regression."""
    content = evaluation().model_dump(mode="json", exclude_unset=True)
    of_model = content["scorers"]["model"] | {"log_loss": interval(0.1)}
    regression = of_model | {"lift_at_10": interval(lift), "log_loss": interval(log_loss)}
    content["scorers"] |= {"model": of_model, "logistic": regression}
    return section(model_inputs(evaluation=EvaluationReport.model_validate(content)))


def test_a_model_that_nearly_ties_in_its_best_tenth_is_told_by_the_whole_list() -> None:
    tied = with_regression(lift=3.1, log_loss=0.11).simplest  # 3.20 / 3.10 = 1.03
    assert "nearly tie; the gate goes by the whole list: log loss 0.1000 against 0.1100" in tied


@pytest.mark.parametrize(("lift", "log_loss"), [(3.0, 0.11), (3.1, 0.09)])
def test_no_tie_is_told_where_there_is_none_or_the_list_is_no_better(
    lift: float, log_loss: float
) -> None:
    assert "nearly tie" not in with_regression(lift=lift, log_loss=log_loss).simplest
