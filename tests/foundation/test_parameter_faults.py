"""A fault in the parameters is told by its name and its likely cause, without the whole section."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.foundation import config
from pipeline.foundation.errors import ConfigurationError

ROOT = Path(__file__).parents[2]


def test_a_mistyped_channel_is_named_and_the_section_is_not_printed() -> None:
    raw: dict[str, Any] = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    costs = raw["decide"]["contact_costs_cents"]
    costs["smss"] = costs.pop("sms")
    with pytest.raises(ConfigurationError) as fault:
        config.parse(raw)
    told = str(fault.value)
    assert "names 'sms', which has no cost in contact_costs_cents. Did you mean 'smss'?" in told
    assert "subscription_payments" not in told
