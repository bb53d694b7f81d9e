import pyarrow as pa
import pytest

from pipeline.foundation.contracts.tables import raw_tables
from pipeline.foundation.errors import DataError
from pipeline.validation.inputs import check_present, check_schema

CONTRACT = raw_tables({})
SCHEMA = CONTRACT["consents"].schema


def test_a_required_table_must_be_there_and_an_optional_one_need_not() -> None:
    check_present(["customers", "products", "product_events"], CONTRACT)
    with pytest.raises(DataError, match=r"found no products\. Run the ingest stage"):
        check_present(["customers", "product_events", "surveys"], CONTRACT)


def test_a_file_with_the_contracts_columns_is_taken() -> None:
    check_schema("consents", SCHEMA, SCHEMA, "Do.")


def test_a_missing_column_and_another_type_are_named() -> None:
    found = SCHEMA.remove(1).set(1, pa.field("granted", pa.string()))
    with pytest.raises(DataError, match=r"no channel \(string\), no granted \(bool\), granted \(s"):
        check_schema("consents", found, SCHEMA, "Do.")


def test_another_order_of_columns_is_refused() -> None:
    with pytest.raises(DataError, match=r"another order: changed_at .* Do this\."):
        check_schema("consents", pa.schema(list(SCHEMA)[::-1]), SCHEMA, "Do this.")
