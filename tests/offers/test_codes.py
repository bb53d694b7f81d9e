"""An offer code says who may use it where, and nobody can make one up."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from pipeline.foundation.errors import ConfigurationError, DataError
from pipeline.offers import codes as offer_codes
from pipeline.offers.codes import (
    ALPHABET,
    campaign_code,
    find_key,
    issue_codes,
    key_fingerprint,
    read_code,
)

KEY = b"a secret of the tests"
CAMPAIGN = "w20260301-up_sell"


def offered(*customers: str, campaign: str = CAMPAIGN, arm: str | None = "treated") -> pd.DataFrame:
    return pd.DataFrame({"customer_id": customers, "campaign": campaign, "arm": arm})


def code_of(customer: str, key: bytes = KEY) -> str:
    return str(issue_codes(offered(customer), key).iloc[0])


def test_a_code_says_its_campaign_and_its_cell() -> None:
    parts = read_code(code_of("c1"), KEY)
    assert parts is not None
    assert (parts.campaign, parts.arm, parts.cell) == (CAMPAIGN, "treated", "T")
    assert parts.campaign_code == campaign_code(CAMPAIGN) == code_of("c1")[:3]
    assert parts.digest == code_of("c1")[4:11]


def test_the_campaign_part_counts_days_from_2020_and_models_within_a_day() -> None:
    assert campaign_code("w20200101-up_sell") == "222"
    assert campaign_code("w20200101-cross_sell") == "223"
    assert campaign_code("w20200109-up_sell") == "232"  # 8 days × 4 models = 32


def test_a_code_is_short_and_holds_no_character_that_is_mistaken_for_another() -> None:
    codes = issue_codes(offered(*map(str, range(3000))), KEY)
    assert set("".join(codes)) <= set(ALPHABET)
    assert not set(ALPHABET) & set("0O1I")
    assert set(codes.str.len()) == {12}


def test_codes_are_unique_to_customer_and_campaign() -> None:
    both = pd.concat([offered("c1", "c2"), offered("c1", "c2", campaign="w20260301-cross_sell")])
    assert issue_codes(both, KEY).is_unique


def test_a_code_depends_on_the_key_and_not_on_the_order_or_the_others() -> None:
    codes = issue_codes(offered("c2", "c1", "c3"), KEY)
    assert codes.tolist() == [code_of("c2"), code_of("c1"), code_of("c3")]
    assert code_of("c1", b"another key") != code_of("c1")


def test_codes_stand_on_the_index_of_the_offers_and_are_empty_without_an_arm() -> None:
    given = offered("c1", "c2").assign(arm=pd.Series(["treated", None])).set_axis([7, 3])
    codes = issue_codes(given, KEY)
    assert codes.index.tolist() == [7, 3]
    assert codes.isna().tolist() == [False, True]
    assert issue_codes(offered("c1", arm=None), KEY).isna().all()


def test_two_customers_of_one_digest_get_two_codes_the_later_id_another_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def few(texts: object, _key: bytes) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
        listed = list(texts)  # type: ignore[call-overload]
        return np.array([5 if text.count("\n") == 1 else 6 for text in listed], dtype=np.uint64)

    monkeypatch.setattr(offer_codes, "_digest", few)
    codes = issue_codes(offered("c2", "c1"), KEY)
    assert codes.str[4:11].tolist() == ["2222228", "2222227"]


def test_every_single_wrong_character_is_found_out() -> None:
    code = code_of("c1")
    for place in range(12):
        for symbol in set(ALPHABET) - {code[place]}:
            assert read_code(code[:place] + symbol + code[place + 1 :], KEY) is None


def test_every_swap_of_two_characters_is_found_out() -> None:
    for code in issue_codes(offered(*map(str, range(20))), KEY):
        for one, other in combinations(range(11), 2):
            swapped = list(code)
            swapped[one], swapped[other] = code[other], code[one]
            if code[one] != code[other]:
                assert read_code("".join(swapped), KEY) is None


@pytest.mark.parametrize("text", ["", "SUMMER10", "O" * 12, "2" * 13, "=cmd|calc", "€" * 12])
def test_what_is_no_code_is_not_read(text: str) -> None:
    assert read_code(text, KEY) is None


def test_a_code_is_read_as_people_write_it() -> None:
    code = code_of("c1")
    assert read_code(f" {code[:4]}-{code[4:8]} {code[8:]}".lower(), KEY) == read_code(code, KEY)


def test_made_up_codes_are_mostly_found_out() -> None:
    random = np.random.default_rng(1)
    digests = random.choice(list(ALPHABET), (3200, 8))
    prefix = code_of("c1")[:4]
    passed = sum(read_code(prefix + "".join(row), KEY) is not None for row in digests)
    assert 60 <= passed <= 140  # one in 32, and none of those was issued


def test_an_arm_campaign_or_repeated_customer_that_cannot_be_is_refused() -> None:
    with pytest.raises(DataError, match="found 'holdout'"):
        issue_codes(offered("c1", arm="holdout"), KEY)
    with pytest.raises(DataError, match="found 'summer'"):
        issue_codes(offered("c1", campaign="summer"), KEY)
    with pytest.raises(DataError, match="found 'w20191231-up_sell'"):
        campaign_code("w20191231-up_sell")
    with pytest.raises(DataError, match="each customer once in a campaign"):
        issue_codes(offered("c1", "c1"), KEY)


def test_no_fingerprint_asks_for_no_codes_and_a_wrong_key_stops_the_run() -> None:
    fingerprint = key_fingerprint(b"abc")
    assert fingerprint == "ba7816bf"  # SHA-256 of abc, as the standard prints it
    assert find_key("whatever", None) is None
    assert find_key("abc", fingerprint) == b"abc"
    with pytest.raises(ConfigurationError, match=r"found no key\. Set the environment variable"):
        find_key(None, fingerprint)
    with pytest.raises(ConfigurationError, match="found a key of fingerprint"):
        find_key("abd", fingerprint)
