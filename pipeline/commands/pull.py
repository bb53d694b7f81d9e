"""pull: the user's own database, or what is to be told of their stored tables -> data/pulled.

`ingest` reads it from there. No DVC stage: runs and experiments are about the same data until somebody
pulls again, and what did not change leaves every file as it was
(docs/adr/0014-the-database-is-pulled.md, docs/adr/0024-tables-that-stay-are-looked-at.md).
"""

import logging

from pipeline.foundation import config
from pipeline.foundation.engines import open_engine
from pipeline.foundation.errors import ConfigurationError
from pipeline.foundation.running import run
from pipeline.sources.database.pulling import pull
from pipeline.sources.stored.looking import look

log = logging.getLogger(__name__)


def main() -> None:
    """Read the tables that source.database names, or look at those that source.stored does."""
    params = config.load()
    if params.source.name == "database":
        with open_engine(params.engine.embedded()) as engine:
            is_new = pull(params.source, engine)
    elif params.source.name == "stored":
        with open_engine(params.engine) as engine:
            is_new = look(params.source, engine)
    else:
        raise ConfigurationError(
            "source.name database, whose tables are pulled, or stored",
            repr(params.source.name),
            "Set it in params.yaml, or run dvc repro: other sources need no pull.",
        )
    log.info(
        "%s",
        "the stages will run anew"
        if is_new
        else "the same as last time; dvc repro has nothing to do",
    )


if __name__ == "__main__":
    run(main)
