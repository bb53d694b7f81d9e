"""The contact policy's parameters are checked against the rules before anything runs."""

import pytest

from pipeline.foundation.errors import ConfigurationError
from pipeline.offers.policy_settings import check_rules, longest_window


@pytest.mark.parametrize(
    ("names", "limits", "message"),
    [
        (["concent"], {}, "Did you mean 'consent'"),
        (["consent"], {"minimum_agee": {"years": 3}}, "'minimum_agee'"),
        (["minimum_age"], {}, "minimum_age with years; found nothing"),
        (["minimum_age"], {"minimum_age": {"year": 3}}, "with years; found year"),
        (["unsubscribed"], {"unsubscribed": {"days": 3}}, "with nothing; found days"),
    ],
)
def test_a_mistyped_policy_is_refused(
    names: list[str], limits: dict[str, dict[str, object]], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        check_rules(names, limits)


def test_contacts_are_read_as_far_back_as_the_longest_window_of_a_rule_that_holds() -> None:
    limits: dict[str, dict[str, object]] = {
        "frequency_cap": {"days": (7, 28), "messages": (2, 4)},
        "same_message": {"days": 14},
        "bounced": {"times": 2, "days": 180},
        "minimum_age": {"years": 18},
    }
    assert longest_window(["minimum_age", "same_message", "frequency_cap"], limits) == 28
    assert longest_window(["minimum_age", "bounced"], limits) == 180
    assert longest_window(["minimum_age"], limits) == 0
