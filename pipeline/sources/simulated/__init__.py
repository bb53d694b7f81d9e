"""A simulated company: all seven tables, of any size, and the truth about its customers.

Twelve categories of subscriptions, durables and consumables. Customers have tastes, incomes, stages
of life and loyalties that the tables show through noise alone. Hazards are fixed within each period
of 28 days, so the probability of every outcome is known exactly (`truth`).
Same parameters, same bytes. A large company is made branch by branch (`blocks`).
"""

from collections.abc import Generator, Iterator, Mapping

from pipeline.foundation.config import SimulatedParams, SourceParams
from pipeline.foundation.contracts.tables import PRODUCTS, RAW_TABLES, Table, raw_tables
from pipeline.sources.base import Piece, RawData
from pipeline.sources.simulated.blocks import CUSTOMERS, blocks_of
from pipeline.sources.simulated.dirt import soil
from pipeline.sources.simulated.sealed_waves import read_sealed_waves
from pipeline.sources.simulated.simulation import Company, simulate
from pipeline.sources.simulated.tables import extract
from pipeline.sources.simulated.timeline import START, date_of
from pipeline.sources.simulated.truth import effects, propensities


def read(params: SourceParams) -> RawData:
    """Simulate the company that the parameters describe."""
    own = params.simulated
    return RawData(
        tables={},
        statement=(
            f"A simulated company of {own.customers:,} customers from {START} to the morning of "
            f"{date_of(own.all_periods)} (seed {own.seed}). Nobody in it exists, and the true "
            "propensities are known."
        ),
        streamed=draw(own, raw_tables(params.customer_attributes)),
    )


def draw(
    params: SimulatedParams, contract: Mapping[str, Table], size: int = CUSTOMERS
) -> Iterator[Piece]:
    """Return the company's tables, one block of so many customers after the other."""
    contacted = read_sealed_waves()
    before: Mapping[str, int] = dict.fromkeys((table.name for table in RAW_TABLES), 0)
    for block in blocks_of(params, size):
        # The block goes with the call: two at a time would be in memory otherwise.
        before = yield from _tables(
            simulate(params, contacted, block), contract, before, params.dirty_share
        )


def _tables(
    company: Company, contract: Mapping[str, Table], before: Mapping[str, int], dirty_share: float
) -> Generator[Piece, None, Mapping[str, int]]:
    """Return a block's tables, and after them how many rows of each there are by then."""
    counts = dict(before)
    for name in before:
        if name != PRODUCTS.name or company.block.number == 0:
            rows = extract(company, contract[name], before[name])
            counts[name] = before[name] + len(rows)
            yield Piece(name, soil(rows, name, dirty_share, company.block.seed))
    yield Piece("propensities", propensities(company), is_truth=True)
    yield Piece("effects", effects(company.last), is_truth=True)
    return counts
