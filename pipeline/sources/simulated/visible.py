"""What the company's file says about its customers: blurred, and in part left blank."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.sources.simulated.arrays import Codes, Flags, Floats, Whole, normal, stream, uniform
from pipeline.sources.simulated.people import BUSINESS, People
from pipeline.sources.simulated.timeline import day_of, to_dates

REGIONS = ("centre", "north", "east", "south", "west", "coast", "islands", "highlands")
INCOME_BANDS = ("a_under_15k", "b_15k_30k", "c_30k_45k", "d_45k_70k", "e_over_70k")
_BAND_EDGES = (-1.2, -0.3, 0.5, 1.4)
_GENDERS = ("f", "m", "x")
LANGUAGES = ("es", "en", "pt")
_AGES = (26, 34, 43, 57, 71, 45)  # by stage of life
_HOUSEHOLD_SIZES = (1.4, 2.0, 3.8, 2.0, 1.6, 1.0)


def customers(seed: int, people: People) -> dict[str, pa.Array]:
    """Return the columns of `customers`, one row a customer, in their order."""
    rng = stream(seed, "visible")
    count = len(people)
    is_business = people.stage == BUSINESS
    size = np.array(_HOUSEHOLD_SIZES)[people.stage] + 0.8 * normal(rng, count)
    band = np.searchsorted(_BAND_EDGES, people.income + 0.45 * normal(rng, count))
    gender = rng.choice(len(_GENDERS), count, p=[0.5, 0.485, 0.015])
    ids = customer_ids(count, people.first)
    return {
        "customer_id": ids,
        "household_id": _with_gaps(numbered("H", people.first + people.household), is_business),
        "customer_type": texts(("consumer", "business"), is_business.astype(np.int64)),
        "birth_date": _birth_dates(rng, people, is_business),
        "gender": _with_gaps(texts(_GENDERS, gender), is_business | _some(rng, count, 0.12)),
        "region": _with_gaps(texts(REGIONS, people.region), _some(rng, count, 0.01)),
        "household_size": pa.array(
            np.clip(np.round(size), 1, 8).astype(np.int64),
            mask=is_business | _some(rng, count, 0.1),
        ),
        # Those with much and those with little to tell tell less.
        "income_band": _with_gaps(
            texts(INCOME_BANDS, band), _refuses(rng, people.income) | is_business
        ),
        "signed_up_on": to_dates(day_of(people.joined)),
        "language": texts(LANGUAGES, _languages(rng, people)),
        "email": _with_gaps(_emails(ids), _some(rng, count, 0.04)),
        "phone": _with_gaps(_phones(people.first, count), _some(rng, count, 0.12)),
    }


def customer_ids(count: int, first: int = 0) -> pa.Array:
    """Return the ids of so many customers, in their order, from a number on."""
    return numbered("C", np.arange(first, first + count))


def numbered(prefix: str, numbers: Whole) -> pa.Array:
    """Return ids: a prefix and eight digits."""
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 8, "0")
    return pc.binary_join_element_wise(pa.scalar(prefix), digits, "")


def texts(names: tuple[str, ...], codes: Codes) -> pa.Array:
    """Return the names that codes stand for; NONE is empty."""
    places = pa.array(np.maximum(codes, 0), pa.int64(), mask=codes < 0)
    return pa.array(names, pa.string()).take(places)


def _with_gaps(values: pa.Array, empty: Flags) -> pa.Array:
    return pc.if_else(pa.array(empty), pa.scalar(None, values.type), values)


def _some(rng: np.random.Generator, count: int, share: float) -> Flags:
    return rng.random(count) < share


def _refuses(rng: np.random.Generator, income: Floats) -> Flags:
    return rng.random(len(income)) < 0.1 + 0.05 * np.minimum(income**2, 4)


def _birth_dates(rng: np.random.Generator, people: People, is_business: Flags) -> pa.Array:
    """Return birth dates around the age of a stage of life, counted back from the sign-up."""
    age = np.array(_AGES)[people.stage] + 5.0 * normal(rng, len(people))
    before_records = np.minimum(day_of(people.joined), 0)  # nobody signs up as a child
    days = before_records * 0.3 - np.clip(age, 19, 95) * 365.25
    empty = is_business | _some(rng, len(people), 0.07)
    return to_dates(days.astype(np.int64), empty=empty)


def _languages(rng: np.random.Generator, people: People) -> Whole:
    luck = uniform(rng, len(people))
    portuguese = np.linspace(0.05, 0.3, len(REGIONS))[people.region]
    return np.where(luck < portuguese, 2, np.where(luck < portuguese + 0.12, 1, 0))


def _emails(ids: pa.Array) -> pa.Array:
    """Return addresses of a domain that is reserved for examples."""
    return pc.binary_join_element_wise(pc.utf8_lower(ids), pa.scalar("example.org"), "@")


def _phones(first: int, count: int) -> pa.Array:
    """Return numbers of one block that are assigned in order, and belong to nobody."""
    digits = pc.utf8_lpad(
        pa.array(np.arange(first, first + count) % 1_000_000).cast(pa.string()), 6, "0"
    )
    return pc.binary_join_element_wise(pa.scalar("+34 600"), digits, " ")
