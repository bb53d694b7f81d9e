"""seal: the offers as they were sent -> data/waves, where they stay as they are.

Called once for each wave, when it is handed over; no DVC stage. What is sealed is what later waves
take the universal control's history from and what they hand over the changes to, and what responses
are measured against: what the wave claims to cause is sealed beside it.
"""

import logging
import shutil
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow.compute as pc

from pipeline.campaigns.claims import claim
from pipeline.foundation import config, paths, stored_tables
from pipeline.foundation.contracts.arms import TREATED
from pipeline.foundation.contracts.hand_overs.claims_report import SealedClaim
from pipeline.foundation.contracts.hand_overs.document import Figure
from pipeline.foundation.contracts.outputs import NEXT_BEST_OFFERS, check
from pipeline.foundation.errors import DataError
from pipeline.foundation.running import run
from pipeline.foundation.wave_seals import check_seals, digest_of, seal_of, write_seal
from pipeline.io.documents import write_document
from pipeline.io.dvc_lock import check_outputs
from pipeline.io.waves import CLAIM_COLUMNS

log = logging.getLogger(__name__)


def main() -> None:
    """Keep the offers, the reasons for them, and what targets hold now, as the wave was sent."""
    offers = paths.table(paths.OFFERS, "next_best_offers")
    wave = _name_of(offers)
    hand_overs = _hand_overs(wave)
    if paths.table(paths.WAVES, wave).exists():
        check_seals()
    else:
        check_outputs(paths.DVC_LOCK, paths.DATA)
        if not seal_of(wave).exists():
            _forget_begun(wave)
    _keep(paths.table(paths.OFFERS, "reasons"), paths.table(paths.WAVE_REASONS, wave))
    _keep(paths.table(paths.OFFERS, "contact_log"), paths.table(paths.WAVE_CONTACTS, wave))
    for path in hand_overs:
        _keep(path, paths.WAVE_HAND_OVERS / path.relative_to(paths.HANDED_OVER))
    sealed = paths.table(paths.WAVES, wave)
    if not sealed.exists():
        claimed = _claim(wave, stored_tables.read_table(offers).to_pandas())
        write_document(claimed, paths.WAVE_CLAIMS / f"{wave}.json")
    is_new = _keep(offers, sealed, before=partial(_write_seal, wave))
    log.info("%s: %s", wave, "sealed" if is_new else "was sealed before, and is the same")


def _forget_begun(wave: str) -> None:
    """Remove what a killed call kept of a wave that was never sealed: it may be decided anew since."""
    for begun in (paths.table(paths.WAVE_REASONS, wave), paths.table(paths.WAVE_CONTACTS, wave)):
        begun.unlink(missing_ok=True)
    shutil.rmtree(paths.WAVE_HAND_OVERS / wave, ignore_errors=True)


def _write_seal(wave: str, copy: Path) -> None:
    """Note what the files of the wave are before the offers, whose file says that it is sealed.

    Args:
        wave: its name.
        copy: of the offers, one file whatever they were, that takes its place after this.
    """
    kept = [
        paths.table(paths.WAVE_REASONS, wave),
        paths.table(paths.WAVE_CONTACTS, wave),
        paths.WAVE_CLAIMS / f"{wave}.json",
        *sorted((paths.WAVE_HAND_OVERS / wave).rglob("*.parquet")),
    ]
    files = {
        path.relative_to(paths.WAVES).as_posix(): [digest_of(path)]
        for path in kept
        if path.exists()
    }
    write_seal(seal_of(wave), files | {f"{wave}.parquet": [digest_of(copy)]})


def _claim(wave: str, offers: pd.DataFrame) -> SealedClaim:
    """Return what the wave claims to cause, and the share of controls that it was drawn with."""
    found = claim(offers) if set(CLAIM_COLUMNS) <= set(offers.columns) else None
    return SealedClaim(
        wave=wave,
        as_of_date=offers["as_of_date"].iloc[0],
        campaign_share=config.load().experiment.campaign_share,
        treated_customers=int((offers["arm"] == TREATED).sum()),
        take_ups=None if found is None else Figure(**asdict(found.take_ups)),
        profit_cents=None if found is None else Figure(**asdict(found.profit_cents)),
        origins={} if found is None else dict(found.origins),
    )


def _name_of(offers: Path) -> str:
    if not offers.exists():
        raise DataError(f"the offers in {offers}", "no such file", "Run dvc repro first.")
    check(offers, NEXT_BEST_OFFERS)
    waves = pc.unique(stored_tables.read_table(offers, columns=["wave"])["wave"]).to_pylist()
    if len(waves) != 1 or not waves[0]:
        raise DataError(f"one wave in {offers}", f"{waves}", "Correct the decide stage.")
    return str(waves[0])


def _hand_overs(wave: str) -> list[Path]:
    """Return what `export` wrote of targets that are handed changes only."""
    others = sorted(path.name for path in paths.HANDED_OVER.glob("*") if path.name != wave)
    if others:
        raise DataError(
            f"in {paths.HANDED_OVER} the hand-over of {wave}",
            ", ".join(others),
            "Run dvc repro, so that what is handed over is what was decided.",
        )
    return sorted(paths.HANDED_OVER.rglob("*.parquet"))


def _keep(source: Path, sealed: Path, before: Callable[[Path], None] | None = None) -> bool:
    """Copy a table to one file in its place; say whether it was new, and refuse to replace another one.

    Args:
        source: the table, in whatever form.
        sealed: its place.
        before: is told of the copy before it is in its place.
    """
    if not source.exists():
        return False
    if sealed.exists():
        if not stored_tables.read_table(sealed).equals(stored_tables.read_table(source)):
            raise DataError(
                f"in {sealed} the wave as it was sent",
                f"another content than that of {source}",
                "A sealed wave does not change. If it was never sent, remove it and seal again.",
            )
        return False
    with paths.replacing(sealed) as copy:
        stored_tables.copy_table(source, copy)
        if before is not None:
            before(copy)
    return True


if __name__ == "__main__":
    run(main)
