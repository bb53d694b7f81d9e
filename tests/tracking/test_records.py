"""JSON of other rooms becomes parameters and figures by dotted name."""

from pathlib import Path

import pytest

from pipeline.tracking.records import flatten, model_params, read_model, read_trials


def test_numbers_are_named_by_their_path_and_everything_else_is_left_out() -> None:
    nested = {"auc": {"value": 0.7, "low": None}, "rows": 3, "kind": "x", "ok": True, "by": [1]}
    assert flatten(nested) == {"auc.value": 0.7, "rows": 3.0}


def test_a_trial_keeps_its_parameters_and_how_it_ended() -> None:
    trial = {
        "number": 4,
        "state": "pruned",
        "value": 0.25,
        "trees": 20,
        "params": {"num_leaves": 7, "lambda_l2": 0.5},
    }
    (record,) = read_trials([trial])
    assert record.params == {"num_leaves": "7", "lambda_l2": "0.5"}
    assert record.metrics == {"validation_log_loss": 0.25, "trees": 20.0}
    assert record.state == "pruned"


@pytest.mark.parametrize(
    ("saved", "columns", "texts"),
    [
        (
            {
                "features": [
                    {"name": "visits", "type": "number"},
                    {"name": "category", "type": "text", "vocabulary": ["loan"]},
                ]
            },
            ("visits", "category"),
            {"category"},
        ),
        ({"columns": [{"name": "visits"}]}, ("visits",), set()),
        ({"column": "category"}, ("category",), {"category"}),
    ],
)
def test_the_columns_that_a_model_reads_are_known_for_every_kind(
    saved: dict[str, object], columns: tuple[str, ...], texts: set[str]
) -> None:
    model = read_model({"version": "v", "kind": "k", **saved}, Path("folder"))
    assert model.columns == columns
    assert model.text_columns == texts


def test_parameters_are_those_of_the_object_that_built_the_model() -> None:
    saved = {
        "kind": "boosted_trees",
        "trees": 12,
        "base_rate": 0.1,
        "params": {"num_leaves": 7},
        "made_from": {
            "rows": 400,
            "calibration_log_losses": {"none": 0.5},
            "tuned": {"params": {"num_leaves": 8}},
        },
        "features": [{"name": "visits"}, {"name": "category"}],
    }
    assert model_params(saved) == {
        "num_leaves": "7",
        "made_from.rows": "400",
        "made_from.calibration_log_losses.none": "0.5",
        "kind": "boosted_trees",
        "trees": "12",
        "base_rate": "0.1",
        "features": "2",
    }
