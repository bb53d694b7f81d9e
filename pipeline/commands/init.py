"""init: the files of a folder, or a database -> the mapping that reads them, in params.yaml.

Called when one begins with one's own data; no DVC stage. What is not plain is not written but asked.
"""

import argparse
import logging
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.commands.mapping_proposal.database_reading import read_database
from pipeline.commands.mapping_proposal.folder_proposal import propose, propose_tables
from pipeline.commands.mapping_proposal.proposal import Proposal
from pipeline.commands.mapping_proposal.proposal_page import proposal_page
from pipeline.foundation import config
from pipeline.foundation.config import Params
from pipeline.foundation.contracts.tables import Table, raw_tables
from pipeline.foundation.errors import ConfigurationError
from pipeline.foundation.running import run
from pipeline.io.params_file import change_params

log = logging.getLogger(__name__)


def main() -> None:
    """Look at the folder, show what it holds, and write what is sure."""
    arguments = _arguments()
    params = config.load()
    contract = raw_tables(params.source.customer_attributes)
    if arguments.database:
        _of_database(arguments.database, params, contract, replace=arguments.replace)
        return
    if (params.source.files.tables or params.source.files.template) and not arguments.replace:
        raise ConfigurationError(
            "no mapping in source.files yet",
            ", ".join(params.source.files.tables) or str(params.source.files.template),
            "Keep it, or let a new proposal take its place: make init REPLACE=1.",
        )
    folder = Path(arguments.folder or params.source.files.folder)
    proposal = propose(folder, contract)
    sys.stdout.write(proposal_page(proposal))
    write_proposal(folder, proposal)
    log.info(
        "params.yaml now reads %s: %s. Answer the %d questions there, then: make check-data",
        folder,
        ", ".join(f"{table.table} from {table.file}" for table in proposal.tables) or "nothing",
        len(proposal.questions),
    )


def _of_database(
    variable: str, params: Params, contract: Mapping[str, Table], *, replace: bool
) -> None:
    """Look at a database's tables, show what they hold, and write what is sure."""
    if params.source.database.tables and not replace:
        raise ConfigurationError(
            "no mapping in source.database yet",
            ", ".join(params.source.database.tables),
            "Keep it, or let a new proposal take its place: make init DATABASE=… REPLACE=1.",
        )
    proposal = propose_tables(read_database(variable), contract)
    sys.stdout.write(proposal_page(proposal))
    tables = {table.table: dict(table.mapping) for table in proposal.tables}

    def change(content: dict[str, Any]) -> None:
        content["source"]["name"] = "database"
        content["source"]["database"] |= {"url_variable": variable, "tables": tables}

    change_params(change)
    log.info(
        "params.yaml now reads the database of %s: %s. Answer the %d questions there, then: make pull "
        "check-data",
        variable,
        ", ".join(f"{table.table} from {table.file}" for table in proposal.tables) or "nothing",
        len(proposal.questions),
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="init", description=__doc__)
    parser.add_argument("folder", nargs="?", help="of your files; source.files.folder if not given")
    parser.add_argument(
        "--database", help="the environment variable that holds a database's URL, in place of files"
    )
    parser.add_argument("--replace", action="store_true", help="the mapping that is there already")
    return parser.parse_args()


def write_proposal(folder: Path, proposal: Proposal) -> None:
    """Write the source, its folder and its mapping into params.yaml, and nothing else."""

    def change(content: dict[str, Any]) -> None:
        files = content["source"]["files"]
        content["source"]["name"] = "files"
        files["folder"] = folder.as_posix()
        files["template"] = proposal.template
        files["shop"] = dict(proposal.shop)
        is_shop = proposal.template is not None
        files["tables"] = (
            {} if is_shop else {table.table: dict(table.mapping) for table in proposal.tables}
        )

    change_params(change)


if __name__ == "__main__":
    run(main)
