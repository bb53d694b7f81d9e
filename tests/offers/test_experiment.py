import hashlib

import numpy as np
import pandas as pd
import pytest

from pipeline.foundation.errors import ConfigurationError
from pipeline.offers.experiment import campaign_control, universal_control
from pipeline.statistics.power import detectable_uplift, sample_size

SALT = "2026"


def people(count: int, per_household: int = 2) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": [f"C{number:05d}" for number in range(count)],
            "household_id": [f"H{number // per_household}" for number in range(count)],
        }
    )


def offered(count: int) -> pd.DataFrame:
    random = np.random.default_rng(3)
    return people(count, per_household=1).assign(
        campaign=random.choice(["w1-up_sell", "w1-cross_sell"], count, p=[0.2, 0.8]),
        propensity=random.random(count),
    )


def universal(customers: pd.DataFrame, earlier: pd.DataFrame | None = None) -> "pd.Series[bool]":
    return universal_control(customers, share=0.05, salt=SALT, earlier=earlier)


def test_the_universal_control_is_a_salted_sha_256_below_the_share() -> None:
    digest = hashlib.sha256(b"2026|household H7").digest()
    place = int.from_bytes(digest[:8], "big") / 2**64
    customers = people(1, 1).assign(household_id="H7")
    for share in (place + 1e-9, place - 1e-9):
        drawn = universal_control(customers, share=share, salt=SALT, earlier=None)
        assert bool(drawn.iloc[0]) is (place < share)


def test_about_one_household_in_twenty_is_withheld_from_all_marketing() -> None:
    drawn = universal(people(40_000))
    assert drawn.mean() == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / 20_000))


def test_households_are_withheld_together() -> None:
    customers = people(9_000, per_household=3)
    assert universal(customers).groupby(customers["household_id"]).nunique().eq(1).all()


def test_a_customer_without_household_is_drawn_alone() -> None:
    customers = people(5_000).assign(household_id=None)
    assert 0.03 < universal(customers).mean() < 0.07


def test_the_draw_does_not_depend_on_who_else_is_there_or_in_which_order() -> None:
    customers = people(2_000)
    some = customers.sample(frac=0.5, random_state=1)
    assert universal(some).equals(universal(customers).loc[some.index])


def test_another_salt_draws_others() -> None:
    customers = people(4_000)
    other = universal_control(customers, share=0.05, salt="2027", earlier=None)
    assert (universal(customers) & other).mean() < 0.02


def test_whoever_was_in_an_earlier_wave_keeps_the_place_under_any_share_and_salt() -> None:
    customers = people(2_000, per_household=1)
    first = customers.assign(is_universal_control=universal(customers))
    again = universal_control(customers, share=0.5, salt="new", earlier=first)
    assert again.equals(first["is_universal_control"])


def test_who_joins_a_household_takes_its_place() -> None:
    customers = pd.DataFrame({"customer_id": ["old", "new"], "household_id": ["H1", "H1"]})
    for place in (True, False):
        earlier = pd.DataFrame({"customer_id": ["old"], "is_universal_control": [place]})
        drawn = universal_control(customers, share=float(not place), salt=SALT, earlier=earlier)
        assert drawn.tolist() == [place, place]


def test_every_campaign_and_every_decile_gives_its_tenth() -> None:
    rows = offered(4_000)
    drawn = campaign_control(rows, share=0.1, salt=SALT)
    assert abs(int(drawn.sum()) - 400) <= 2
    decile = rows.groupby("campaign")["propensity"].transform(
        lambda campaign: pd.qcut(campaign, 10, labels=False)
    )
    cells = drawn.groupby([rows["campaign"], decile]).agg(["sum", "size"])
    assert (cells["sum"] - 0.1 * cells["size"]).abs().max() <= 1.2


def test_a_campaign_control_is_the_same_in_any_order_of_the_rows() -> None:
    rows = offered(1_000)
    mixed = rows.sample(frac=1, random_state=2)
    drawn = campaign_control(rows, share=0.1, salt=SALT)
    assert campaign_control(mixed, share=0.1, salt=SALT).sort_index().equals(drawn)


def test_another_wave_draws_other_campaign_controls() -> None:
    rows = offered(4_000)
    later = rows.assign(campaign=rows["campaign"].str.replace("w1", "w2"))
    both = campaign_control(rows, share=0.1, salt=SALT) & campaign_control(
        later, share=0.1, salt=SALT
    )
    assert both.mean() < 0.02


def test_a_household_is_one_unit_of_the_campaign_control_too() -> None:
    rows = offered(3_000).assign(household_id=people(3_000, per_household=3)["household_id"])
    drawn = campaign_control(rows, share=0.1, salt=SALT)
    assert drawn.groupby(rows["household_id"]).nunique().eq(1).all()
    assert abs(int(drawn.sum()) - 300) <= 3


def test_every_place_in_a_campaign_is_withheld_with_the_same_probability() -> None:
    waves, size = 2_000, 45
    rows = people(waves * size, per_household=1).assign(
        campaign=[f"w{wave:04d}" for wave in range(waves) for _ in range(size)],
        propensity=np.tile(np.linspace(0, 1, size), waves),
    )
    drawn = campaign_control(rows, share=0.1, salt=SALT)
    shares = drawn.groupby(rows["propensity"]).mean()
    assert shares.between(0.1 - 0.03, 0.1 + 0.03).all()  # 4.5 standard errors


def test_nobody_and_everybody_can_be_withheld() -> None:
    rows = offered(50)
    assert not campaign_control(rows, share=0.0, salt=SALT).any()
    assert campaign_control(rows, share=1.0, salt=SALT).all()
    assert campaign_control(rows.iloc[:0], share=0.1, salt=SALT).empty


def test_the_sample_size_of_equal_arms_is_the_one_in_the_books() -> None:
    # 10% against 15%, 80% power, 95% confidence: 686 in each arm (Fleiss, without correction).
    assert sample_size(0.10, 0.05, 0.5, 0.8, 0.95) == 1372


def test_a_small_control_needs_a_larger_wave() -> None:
    assert sample_size(0.02, 0.005, 0.1, 0.8, 0.95) > 2.5 * sample_size(0.02, 0.005, 0.5, 0.8, 0.95)


def test_the_power_is_what_it_says() -> None:
    customers = sample_size(0.05, 0.02, 0.2, 0.8, 0.95)
    random = np.random.default_rng(5)
    controls = customers // 5
    treated = random.binomial(customers - controls, 0.07, 20_000) / (customers - controls)
    untreated = random.binomial(controls, 0.05, 20_000) / controls
    pooled = 0.8 * treated + 0.2 * untreated
    spread = np.sqrt(pooled * (1 - pooled) / (0.16 * customers))
    assert (np.abs(treated - untreated) > 1.96 * spread).mean() == pytest.approx(0.8, abs=0.02)


@pytest.mark.parametrize("customers", [500, 5_000, 100_000])
def test_the_detectable_uplift_is_the_sample_size_read_backwards(customers: int) -> None:
    uplift = detectable_uplift(0.03, customers, 0.1, 0.8, 0.95)
    assert uplift is not None
    assert sample_size(0.03, uplift, 0.1, 0.8, 0.95) == pytest.approx(customers, abs=1)


def test_a_handful_of_customers_shows_nothing() -> None:
    assert detectable_uplift(0.03, 4, 0.1, 0.8, 0.95) is None


def test_an_impossible_question_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"expected an uplift other than 0 .*0\.9 \+ 0\.2"):
        sample_size(0.9, 0.2, 0.1, 0.8, 0.95)
    with pytest.raises(ConfigurationError, match=r"found 0 and 0\.1"):
        sample_size(0.0, 0.2, 0.1, 0.8, 0.95)
    with pytest.raises(ConfigurationError, match=r"found 0\.1 and 1"):
        detectable_uplift(0.1, 1_000, 1.0, 0.8, 0.95)
