"""A profile is a declaration; every one of them keeps the same rules."""

import pytest

from pipeline.exports import profiles
from pipeline.exports.profile import File, FileColumn
from pipeline.foundation.choices import PROFILES
from pipeline.foundation.errors import ConfigurationError

NAMES = PROFILES.names()


def test_a_misspelt_profile_is_answered_with_the_closest_name() -> None:
    with pytest.raises(ConfigurationError, match=r"found 'generik'. Did you mean 'generic'\?"):
        profiles.find("generik")


@pytest.mark.parametrize("name", NAMES)
def test_a_profile_has_its_module_s_name(name: str) -> None:
    assert profiles.find(name).name == name


@pytest.mark.parametrize("name", NAMES)
def test_no_profile_names_a_header_or_file_twice(name: str) -> None:
    profile = profiles.find(name)
    files = [file.expand(["up_sell", "cross_sell"], 3) for file in profile.files]
    assert len({file.name for file in files}) == len(files)
    for file in files:
        headers = [column.header for column in file.columns]
        assert len(set(headers)) == len(headers)
        assert not any("{" in text for c in file.columns for text in (c.header, c.meaning, c.empty))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_kept_of_a_hand_over_of_changes_has_one_id_and_no_contact_detail(name: str) -> None:
    profile = profiles.find(name)
    assert not (profile.only_changes and profile.needs_contact_details)
    if profile.only_changes:
        assert [sum(column.is_id for column in file.columns) for file in profile.files] == [1]


def test_generic_hands_over_neither_email_nor_phone() -> None:
    columns = [column for file in profiles.find("generic").files for column in file.columns]
    assert not {column.source for column in columns} & {"email", "phone"}


def test_columns_of_a_model_are_repeated_model_by_model() -> None:
    file = File(
        "f.csv",
        "customers",
        "one row per customer",
        (
            FileColumn("id", "id", "text", "Id."),
            FileColumn("{model}_category", "{model}_category", "text", "Category."),
            FileColumn("{model}_reason_{position}", "{model}_reason_{position}", "text", "Reason."),
        ),
    )
    assert [column.header for column in file.expand(["a", "b"], 2).columns] == [
        "id",
        "a_category",
        "a_reason_1",
        "a_reason_2",
        "b_category",
        "b_reason_1",
        "b_reason_2",
    ]
