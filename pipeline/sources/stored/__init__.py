"""The user's own tables that lie in a storage already, as `make pull` saw them last.

`source.stored.tables` names for each contract table where its parquet is, and its columns where names
differ. No row is copied: what goes into data/raw is a manifest, and `validate` reads the rows where
they are. The stage looks at no storage: runs and experiments are about the same data until somebody
looks again, and data that changed without that are refused.
"""

from pipeline.foundation.config import SourceParams
from pipeline.foundation.contracts.tables import raw_tables
from pipeline.sources.base import RawData
from pipeline.sources.files.mapping import check_mappings
from pipeline.sources.stored.seen import check_asked_for, check_tables, digest_of, read_seen


def read(params: SourceParams) -> RawData:
    """Return the manifests of the tables, as they were seen last.

    Raises:
        ConfigurationError: the parameters do not fit the contract.
        DataError: nobody looked yet, or at something else than the parameters ask for.
    """
    tables = params.stored.tables
    check_tables(tables)
    check_mappings(tables, raw_tables(params.customer_attributes), "source.stored.tables")
    seen = read_seen()
    check_asked_for(params, seen)
    places = ", ".join(f"{name} at {tables[name].path}" for name in sorted(tables))
    statement = f"The user's own tables where they lie: {places}; digest {digest_of(seen)[:12]}."
    return RawData({}, statement, stored=seen.tables)
