"""Offer codes: unique to a customer and campaign, not guessable, checkable at the till.

A code is twelve characters: `<campaign: 3><cell: 1><digest: 7><check: 1>`. The campaign part is a
number, the wave's day and the model; the cell is the arm's letter; the digest is the keyed digest
of campaign and customer. The check character lies in a field of 32 elements, where each place has
another weight, so that every single wrong character and every swap of two is found out; it begins
at a number made of the key, so that codes of another key are mostly found out too.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.foundation.config import MODEL_NAMES
from pipeline.foundation.contracts.arms import CAMPAIGN_CONTROL, TREATED, UNIVERSAL_CONTROL
from pipeline.foundation.errors import ConfigurationError, DataError, known

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 characters; without 0 and O, 1 and I, which people mistake for each other."""
LENGTH = 12

_CELLS: Mapping[str, str] = {TREATED: "T", CAMPAIGN_CONTROL: "C", UNIVERSAL_CONTROL: "U"}
_ARMS = {letter: arm for arm, letter in _CELLS.items()}
_FIRST_DAY = date(2020, 1, 1)
_MODELS_AT_MOST = 4
_DAYS = 32**3 // _MODELS_AT_MOST
_DIGEST = slice(4, 11)
_SYMBOLS = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
_BITS = np.arange(30, -1, -5, dtype=np.uint64)  # where each of the digest's seven symbols begins

Symbols = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class CodeParts:
    """What stands inside a code."""

    campaign_code: str
    campaign: str
    """`<wave>-<model>`, as in the offers."""
    cell: str
    arm: str
    digest: str


def find_key(secret: str | None, fingerprint: str | None) -> bytes | None:
    """Return the key that the parameters ask for; none where they ask for no codes.

    Args:
        secret: the environment variable PROPENSITY_OFFER_KEY.
        fingerprint: `decide.offer_key` of the parameters.

    Raises:
        ConfigurationError: a key is asked for and missing, or is another one.
    """
    if fingerprint is None:
        return None
    if not secret:
        raise ConfigurationError(
            f"the key of fingerprint {fingerprint} in PROPENSITY_OFFER_KEY",
            "no key",
            "Set the environment variable, or decide.offer_key: null for no offer codes.",
        )
    key = secret.encode()
    if key_fingerprint(key) != fingerprint:
        raise ConfigurationError(
            f"the key of fingerprint {fingerprint} in PROPENSITY_OFFER_KEY",
            f"a key of fingerprint {key_fingerprint(key)}",
            "Set the right key, or decide.offer_key to this fingerprint if the key has changed.",
        )
    return key


def key_fingerprint(key: bytes) -> str:
    """Return what may be known of a key: the first eight hex digits of its SHA-256."""
    return hashlib.sha256(key).hexdigest()[:8]


def issue_codes(offered: pd.DataFrame, key: bytes) -> pd.Series:
    """Return each row's code, on the index of `offered`; empty where no arm is.

    A code depends on the key, the campaign, the arm and the customer alone. Should two customers
    of a campaign meet in one digest, the later customer_id takes the next digest that is free.

    Args:
        offered: customer_id, campaign (`<wave>-<model>`), arm; each customer once in a campaign.
        key: the secret.

    Raises:
        DataError: an arm or campaign is none, or a customer stands twice in a campaign.
    """
    codes = pd.Series(None, index=offered.index, dtype="str", name="offer_code")
    rows = np.flatnonzero(offered["arm"].notna())
    if not rows.size:
        return codes
    armed = offered.iloc[rows].reset_index(drop=True)
    _check(armed)
    codes.iloc[rows] = _spell(_prefixes(armed), _unique_digests(armed, key), key)
    return codes


def read_code(code: str, key: bytes) -> CodeParts | None:
    """Return what stands inside a code, or None where no code of this key can be such.

    Lower case, spaces and hyphens do not matter. What comes back is well-formed, which is not yet
    issued: that only the wave knows.
    """
    plain = code.upper().replace(" ", "").replace("-", "")
    if len(plain) != LENGTH or any(symbol not in ALPHABET for symbol in plain):
        return None
    symbols = np.array([[ALPHABET.index(symbol) for symbol in plain]], dtype=np.uint8)
    arm = _ARMS.get(plain[3])
    campaign = _campaign_of(plain[:3])
    if arm is None or campaign is None or symbols[0, -1] != _check_symbol(symbols[:, :-1], key)[0]:
        return None
    return CodeParts(plain[:3], campaign, plain[3], arm, plain[_DIGEST])


def campaign_code(campaign: str) -> str:
    """Return the three characters that stand for `<wave>-<model>`, a wave being w + yyyymmdd.

    Raises:
        DataError: the text is no such campaign, or its day lies before 2020 or after mid 2042.
    """
    wave, _, model = campaign.partition("-")
    try:
        day = (date.fromisoformat(wave.removeprefix("w")) - _FIRST_DAY).days
        place = MODEL_NAMES[:_MODELS_AT_MOST].index(model)
    except ValueError:
        day, place = -1, 0
    if not 0 <= day < _DAYS:
        raise DataError(
            f"a campaign such as w20260301-{MODEL_NAMES[0]}, the model {known(MODEL_NAMES)}",
            repr(campaign),
            "Correct the decide stage.",
        )
    number = day * _MODELS_AT_MOST + place
    return "".join(ALPHABET[number >> bits & 31] for bits in (10, 5, 0))


def _campaign_of(code: str) -> str | None:
    number = sum(ALPHABET.index(symbol) << bits for symbol, bits in zip(code, (10, 5, 0)))  # noqa: B905 - three each
    day, place = divmod(number, _MODELS_AT_MOST)
    if place >= len(MODEL_NAMES):
        return None
    return f"w{_FIRST_DAY + timedelta(days=day):%Y%m%d}-{MODEL_NAMES[place]}"


def _check(armed: pd.DataFrame) -> None:
    strangers = set(armed["arm"].unique()) - set(_CELLS)
    if strangers:
        raise DataError(f"arms {known(_CELLS)}", repr(min(strangers)), "Correct the decide stage.")
    if armed.duplicated(["customer_id", "campaign"]).any():
        raise DataError(
            "each customer once in a campaign", "one twice", "Correct the decide stage."
        )


def _prefixes(armed: pd.DataFrame) -> Symbols:
    """Return rows × 4 symbols: campaign and cell, each different pair spelt once."""
    pairs, places = np.unique(
        (armed["campaign"] + " " + armed["arm"]).to_numpy(str), return_inverse=True
    )
    spelt = [
        campaign_code(campaign) + _CELLS[arm]
        for campaign, arm in (pair.split(" ") for pair in pairs)
    ]
    return np.array([[ALPHABET.index(s) for s in prefix] for prefix in spelt], np.uint8)[places]


def _unique_digests(armed: pd.DataFrame, key: bytes) -> npt.NDArray[np.uint64]:
    """Return one digest of 35 bits a row, no two alike, whatever the order of the rows."""
    order = armed["customer_id"].to_numpy(str).argsort(kind="stable")
    named = (armed["campaign"] + "\n" + armed["customer_id"]).iloc[order]
    texts = named.to_numpy(object)
    digests = _digest(texts, key)
    attempt = 0
    while (again := np.flatnonzero(pd.Series(digests).duplicated())).size:
        attempt += 1
        digests[again] = _digest((f"{text}\n{attempt}" for text in texts[again]), key)
    placed = np.empty_like(digests)
    placed[order] = digests
    return placed


def _digest(texts: Iterable[str], key: bytes) -> npt.NDArray[np.uint64]:
    """Return 35 bits of the keyed digest of each text."""
    joined = b"".join(hmac.digest(key, text.encode(), "sha256")[:8] for text in texts)
    return np.frombuffer(joined, dtype=">u8").astype(np.uint64) >> np.uint64(29)


def _spell(prefixes: Symbols, digests: npt.NDArray[np.uint64], key: bytes) -> npt.NDArray[np.str_]:
    bodies = (digests[:, None] >> _BITS & np.uint64(31)).astype(np.uint8)
    symbols = np.hstack([prefixes, bodies])
    whole = np.hstack([symbols, _check_symbol(symbols, key)[:, None]])
    ascii_codes = np.ascontiguousarray(_SYMBOLS[whole])
    return ascii_codes.view(f"S{LENGTH}").ravel().astype(str)


def _check_symbol(symbols: Symbols, key: bytes) -> Symbols:
    """Return start + Σ aⁱ·symbolᵢ in GF(32), where a generates the field: no two weights agree."""
    weighted = _POWERS[(_LOGARITHMS[symbols] + np.arange(1, symbols.shape[1] + 1)) % 31]
    terms = np.where(symbols == 0, 0, weighted).astype(np.uint8)
    start = hmac.digest(key, b"check", "sha256")[0] & 31
    sums: Symbols = np.bitwise_xor.reduce(terms, axis=1)
    return sums ^ np.uint8(start)


def _field() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Return powers of a and their logarithms in GF(32) = GF(2)[a] / (a⁵ + a² + 1)."""
    powers = [1]
    for _ in range(30):
        doubled = powers[-1] << 1
        powers.append(doubled ^ 0b100101 if doubled & 32 else doubled)
    logarithms = np.zeros(32, dtype=np.int64)
    logarithms[powers] = np.arange(31)
    return np.array(powers, dtype=np.uint8), logarithms


_POWERS, _LOGARITHMS = _field()
