"""What other rooms hand over becomes parameters, figures and columns of a model."""

from pathlib import Path

import pytest

from pipeline.foundation.contracts.hand_overs.saved_model import SavedModelFile
from pipeline.foundation.contracts.hand_overs.tuning import TuningTrials
from pipeline.tracking.dotted_names import flatten
from pipeline.tracking.model_records import model_params, record_model, record_trials


def saved_model(**given: object) -> SavedModelFile:
    content = {"name": "m", "kind": "k", "version": "v", "base_rate": 0.1, "made_from": {}}
    return SavedModelFile.model_validate(content | given)


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
    (record,) = record_trials(TuningTrials.model_validate({"trials": [trial]}))
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
    model = record_model(saved_model(**saved), Path("folder"))
    assert model.columns == columns
    assert model.text_columns == texts


def test_the_example_of_a_model_is_made_up_from_its_columns() -> None:
    """No customer's row is shown: numbers are 1, texts the first that the fit saw."""
    columns = [
        {"name": "visits", "type": "number"},
        {"name": "category", "type": "text", "vocabulary": ["loan", "mobile"]},
    ]
    found = record_model(saved_model(features=columns), Path("folder"))
    assert found.example == {"visits": 1.0, "category": "loan"}


def test_parameters_are_those_of_the_object_that_built_the_model() -> None:
    saved = saved_model(
        kind="boosted_trees",
        trees=12,
        params={"num_leaves": 7},
        made_from={
            "rows": 400,
            "calibration_log_losses": {"none": 0.5},
            "tuned": {"params": {"num_leaves": 8}},
        },
        features=[{"name": "visits"}, {"name": "category"}],
    )
    assert model_params(saved) == {
        "num_leaves": "7",
        "made_from.rows": "400",
        "kind": "boosted_trees",
        "trees": "12",
        "base_rate": "0.1",
        "features": "2",
    }
