import pandas as pd

from pipeline.studies.answer import markdown, page


def test_a_figure_stands_with_its_limits_and_a_difference_with_its_sign() -> None:
    frame = pd.DataFrame(
        {
            "variant": ["all"],
            "rows": [12345],
            "auc": [0.75],
            "auc_low": [0.7],
            "auc_high": [0.8],
            "log_loss_difference": [0.00123],
            "base_rate": [0.0199],
        }
    )
    assert markdown(frame, ["variant", "rows"], ["auc", "log_loss_difference", "base_rate"]) == (
        "| variant | rows | auc | log loss difference | base rate |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| all | 12,345 | 0.7500 <sub>0.7000 to 0.8000</sub> | +0.00123 | 1.99% |"
    )


def test_a_figure_that_is_not_known_is_a_dash() -> None:
    frame = pd.DataFrame({"auc": [None], "auc_low": [None], "auc_high": [None]})
    assert markdown(frame, [], ["auc"]).endswith("| – |")


def test_a_page_has_one_sentence_a_line() -> None:
    assert page("Title", ["One.", "Two."], ["| a |"]) == "# Title\n\nOne.\nTwo.\n\n| a |\n"
