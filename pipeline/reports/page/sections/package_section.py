"""What became of every row of the delivery packages, and why customers are not in them."""

from collections.abc import Mapping

from pipeline.foundation.contracts.hand_overs.package_manifest import PackageManifest
from pipeline.reports.formatting import count, listed
from pipeline.reports.page.parts import Block, Cell, PageTable, Row
from pipeline.reports.page.rule_words import arm, reason


def describe_packages(manifests: Mapping[str, PackageManifest]) -> list[Block]:
    """Return a block for each package, and one for the customers who are not to be contacted.

    Args:
        manifests: by folder.
    """
    blocks = [_tell_package(folder, found) for folder, found in sorted(manifests.items())]
    return [*blocks, _tell_suppressed(manifests)] if manifests else []


def _tell_package(folder: str, manifest: PackageManifest) -> Block:
    lacking = [f"{name} was not written: {why}." for name, why in manifest.not_written.items()]
    return Block(
        folder,
        [
            manifest.loading,
            _tell_wave(manifest),
            *lacking,
        ],
        tables=[
            PageTable(
                "Rows in = left out + rejected + handed over; rejected rows are in rejects.csv",
                [
                    Cell("File", is_number=False),
                    *(Cell(head) for head in ("Rows in", "Left out", "Rejected", "Handed over")),
                ],
                [
                    Row(
                        [
                            Cell(name, _tell_left_out(found.left_out), is_number=False),
                            Cell(count(found.rows_in)),
                            Cell(count(sum(found.left_out.values()))),
                            Cell(count(found.rejected)),
                            Cell(count(found.rows_out)),
                        ]
                    )
                    for name, found in manifest.accounts.items()
                ],
            )
        ],
    )


def _tell_wave(manifest: PackageManifest) -> str:
    content = f"Content {manifest.content_id}"
    if not manifest.arms:
        return f"{content}. Nobody has an offer."
    arms = [f"{arm(name).lower()} {count(found)}" for name, found in manifest.arms.items()]
    return (
        f"{content}; wave {listed(manifest.waves)}, valid from {manifest.valid_from} until "
        f"{manifest.valid_until}. Customers with an offer: {listed(arms)}."
    )


def _tell_left_out(left_out: Mapping[str, int]) -> str:
    said = ", ".join(f"{count(found)} {why}" for why, found in left_out.items())
    return f"left out: {said}" if said else ""


def _tell_suppressed(manifests: Mapping[str, PackageManifest]) -> Block:
    suppressed = {folder: found.suppressed for folder, found in sorted(manifests.items())}
    names = {name for found in suppressed.values() for name in found}
    most = {name: max(found.get(name, 0) for found in suppressed.values()) for name in names}
    return Block(
        "Who is not to be contacted, by the manifests",
        ["Nobody of these is in a file to be sent; all of them count in the funnel above."],
        tables=[
            PageTable(
                "Customers by reason, the most frequent first",
                [Cell("Reason", is_number=False), *(Cell(folder) for folder in suppressed)],
                [
                    Row(
                        [
                            Cell(reason(name), f"`{name}`", is_number=False),
                            *(Cell(count(found.get(name, 0))) for found in suppressed.values()),
                        ]
                    )
                    for name in sorted(names, key=lambda one: (-most[one], one))
                ],
            )
        ],
    )
