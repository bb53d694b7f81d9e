"""parameters: params.yaml, checked before any other stage removes what it wrote the last time.

DVC deletes a stage's outputs before it starts it: a typo that the stage itself finds has by then cost
the user the last result. What this stage writes is always the same, so that nothing runs again for a
parameter that is only checked.
"""

import logging

from pipeline.foundation import config, paths
from pipeline.foundation.contracts.names_in_parameters import check_names
from pipeline.foundation.running import run
from pipeline.offers.policy_settings import check_rules

log = logging.getLogger(__name__)

CHECKED = "Every parameter is one that pipeline/foundation/config.py declares.\n"


def main() -> None:
    """Check the parameters and note that they hold."""
    given = config.load()  # all of them: the whole file is what the stage depends on
    check_names(given)
    check_rules(given.contact_policy.rules, given.contact_policy.limits)
    with paths.replacing(paths.PARAMETERS_CHECKED) as partial:
        partial.write_text(CHECKED, encoding="utf-8")
    log.info("%s: every parameter is known and within its bounds", paths.PARAMS)


if __name__ == "__main__":
    run(main)
