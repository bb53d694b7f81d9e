import numpy as np
import pandas as pd

from pipeline.campaigns.wave_policies import tell_policies, value_policies
from tests.campaigns.waves import drawn


def half_moved(seed: int = 3) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a wave in which a contact moves one half by 0.2 and nobody else, and the true effects.

    A contact costs 60 cents and a take-up is worth 1,000: each of the moved is worth 140, each
    other is lost at 60. Contacting all earns 40 an offer, contacting the moved 70.
    """
    rows = drawn(seed, 20_000, uplift=0.0)
    is_moved = np.arange(len(rows)) % 2 == 0
    treated = (rows["arm"] == "treated").to_numpy()
    caused = treated & is_moved & (np.random.default_rng(seed).random(len(rows)) < 0.2)
    took = np.where(caused & (rows["take_up"] == 0), 1, rows["take_up"])
    rows = rows.assign(take_up=took, contact_cost_cents=60, profit_cents=took * 1000 - 60 * treated)
    effects = rows[["customer_id", "propensity"]].assign(
        estimated_effect=np.where(is_moved, 0.2, 0.0)
    )
    return rows, effects


def test_a_policy_that_leaves_alone_whom_a_contact_does_not_move_is_worth_more() -> None:
    rows, effects = half_moved()
    found = value_policies(rows, effects, control_share=0.3)
    assert list(found) == ["used", "propensity", "no_contact", "next"]
    assert found["next"].contacted_share == 0.5
    # One in ten takes up anyway, so 0.9 of the caused take-ups are new: 0.18 x 1,000 / 2 = 90.
    for name, truth in {"used": 30, "next": 60, "no_contact": 0}.items():
        for estimator in ("ips", "snips", "dr"):
            gain = getattr(found[name].incremental_cents, estimator)
            assert gain.low <= truth <= gain.high, f"{name}, {estimator}"
    used, best = (found[name].incremental_cents.dr for name in ("used", "next"))
    assert (used.value or 0) < (best.value or 0)


def test_the_order_of_rows_values_no_policy_otherwise() -> None:
    rows, effects = half_moved()
    mixed = rows.sample(frac=1, random_state=1)
    assert value_policies(rows, effects, 0.3) == value_policies(mixed, effects, 0.3)


def test_without_an_estimate_of_effects_the_next_policy_is_left_out() -> None:
    rows, _ = half_moved()
    assert list(value_policies(rows, None, 0.3)) == ["used", "propensity", "no_contact"]


def test_without_controls_no_policy_is_valued_and_that_is_said() -> None:
    rows, effects = half_moved()
    found = value_policies(rows[rows["arm"] == "treated"], effects, 0.3)
    assert found == {}
    assert tell_policies(found) == "Without contacts and controls no policy can be valued."


def test_the_values_are_told_with_their_intervals() -> None:
    rows, effects = half_moved()
    told = tell_policies(value_policies(rows, effects, 0.3))
    assert "the policy used, which contacts every offer (100 in 100) 0." in told
    assert "the next policy, which contacts where the effect" in told


def explored(seed: int, customers: int = 20_000) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a wave that offers tea, which moves nobody, and by exploration coffee, which does.

    Coffee is the likelier, 0.15 against 0.1, so propensity ranking would offer it to all; a contact
    adds 0.2 to it. A take-up is worth 1,000, a contact costs 10: coffee earns 190, tea loses 10.
    """
    random, share = np.random.default_rng(seed), 0.2
    rows = drawn(seed, customers, uplift=0.0)
    is_coffee = random.random(len(rows)) < share / 2
    treated = (rows["arm"] == "treated").to_numpy()
    rate = np.where(is_coffee, 0.15 + 0.2 * treated, 0.1)
    took = (random.random(len(rows)) < rate).astype(np.int64)
    rows = rows.assign(
        category=np.where(is_coffee, "coffee", "tea"),
        propensity=np.where(is_coffee, 0.15, 0.1),
        value_cents=1000,
        contact_cost_cents=10,
        take_up=took,
        profit_cents=took * 1000 - 10 * treated,
        action_probability=np.where(is_coffee, share / 2, 1 - share / 2),
    )
    keys = ["customer_id", "model", "channel", "value_cents", "contact_cost_cents"]
    options = [
        rows[keys].assign(category=name, propensity=rate, effect=0.0, action_probability=chance)
        for name, rate, chance in (("tea", 0.1, 1 - share / 2), ("coffee", 0.15, share / 2))
    ]
    return rows, pd.concat(options, ignore_index=True)


def test_another_offer_is_valued_by_the_rows_in_which_it_was_drawn() -> None:
    rows, contacts = explored(5)
    found = value_policies(rows, None, control_share=0.3, contacts=contacts)
    for name, truth in {"used": 10, "propensity": 190, "no_contact": 0}.items():
        for estimator in ("ips", "dr"):
            gain = getattr(found[name].incremental_cents, estimator)
            assert gain.low <= truth <= gain.high, f"{name}, {estimator}"
    dr = found["propensity"].incremental_cents.dr
    assert (dr.low or 0) > (found["used"].incremental_cents.dr.high or 0)
    # One row in ten tells of it, and is worth as much less.
    assert found["propensity"].profit_cents.effective_share < 0.12


def test_limits_of_another_offers_value_hold_it_as_often_as_they_say() -> None:
    held = []
    for seed in range(30):
        rows, contacts = explored(seed, customers=2_000)
        found = value_policies(rows, None, 0.3, contacts)["propensity"]
        limits = found.incremental_cents.dr
        held.append((limits.low or 0) <= 190 <= (limits.high or 0))
    assert sum(held) >= 25  # of 30 at 0.95: fewer in three of 1,000 series
