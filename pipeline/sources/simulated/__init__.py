"""A simulated company: all seven tables, of any size, and the truth about its customers.

Twelve categories of subscriptions, durables and consumables. Customers have tastes, incomes, stages
of life and loyalties that the tables show through noise alone. Hazards are fixed within each period
of 28 days, so the probability of every outcome is known exactly (`truth`).
Same parameters, same bytes.
"""

from pipeline.foundation.config import SourceParams
from pipeline.foundation.contracts.tables import RAW_TABLES, raw_tables
from pipeline.sources.base import RawData
from pipeline.sources.simulated.dirt import soil
from pipeline.sources.simulated.sealed_waves import read_sealed_waves
from pipeline.sources.simulated.simulation import simulate
from pipeline.sources.simulated.tables import extract
from pipeline.sources.simulated.timeline import START, date_of
from pipeline.sources.simulated.truth import effects, propensities


def read(params: SourceParams) -> RawData:
    """Simulate the company that the parameters describe."""
    own = params.simulated
    company = simulate(own, read_sealed_waves())
    contract = raw_tables(params.customer_attributes)
    return RawData(
        tables={
            table.name: soil(
                extract(company, contract[table.name]), table.name, own.dirty_share, own.seed
            )
            for table in RAW_TABLES
        },
        statement=(
            f"A simulated company of {own.customers:,} customers from {START} to the morning of "
            f"{date_of(own.all_periods)} (seed {own.seed}). Nobody in it exists, and the true "
            "propensities are known."
        ),
        truth={"propensities": propensities(company), "effects": effects(company.last)},
    )
