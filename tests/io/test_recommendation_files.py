"""CSV for people: a spreadsheet that opens it runs nothing."""

from pathlib import Path

import pandas as pd

from pipeline.io.recommendation_files import write_csv_tables


def test_a_name_that_a_spreadsheet_would_run_begins_with_an_apostrophe(tmp_path: Path) -> None:
    names = ["=HYPERLINK(1)", "+cmd|' /C calc'!A0", "-20 °C jacket", "tea", None]
    table = pd.DataFrame({"product": names, "count": [-1, 2, 3, 4, 5]})
    write_csv_tables({"pairs": table}, tmp_path)
    assert (tmp_path / "pairs.csv").read_text(encoding="utf-8").splitlines() == [
        "product,count",
        "'=HYPERLINK(1),-1",
        "'+cmd|' /C calc'!A0,2",
        "-20 °C jacket,3",
        "tea,4",
        ",5",
    ]


def test_other_tables_keep_their_bytes(tmp_path: Path) -> None:
    table = pd.DataFrame({"a": ["x", None], "b": [1 / 3, float("nan")], "c": [True, False]})
    write_csv_tables({"t": table}, tmp_path)
    expected = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    assert (tmp_path / "t.csv").read_text(encoding="utf-8") == expected
