"""The fingerprint that parameters hold is told of the key that the environment holds."""

import logging

import pytest

from pipeline.commands import offer_key
from pipeline.offers.codes import find_key


def test_the_fingerprint_told_is_the_one_that_codes_ask_for(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PROPENSITY_OFFER_KEY", "not for production")
    with caplog.at_level(logging.INFO, "pipeline"):
        offer_key.main()
    told = caplog.messages[-1].split('"')[1]
    assert find_key("not for production", told) == b"not for production"
    assert "not for production" not in caplog.text


def test_without_a_key_a_new_one_is_proposed_each_time(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("PROPENSITY_OFFER_KEY", raising=False)
    with caplog.at_level(logging.INFO, "pipeline"):
        offer_key.main()
        offer_key.main()
    first, _, second, _ = (message.split("=")[-1] for message in caplog.messages)
    assert first != second
    assert len(first) == 64
