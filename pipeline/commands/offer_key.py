"""offer-key: the fingerprint of the key of offer codes, for `decide.offer_key`.

Called as `python -m pipeline.commands.offer_key`, with the key in PROPENSITY_OFFER_KEY; without one
it proposes a new key. The key is a secret and belongs in no file of the project; its fingerprint is none.
"""

import logging
import os
import secrets

from pipeline.foundation.running import run
from pipeline.offers.codes import key_fingerprint

log = logging.getLogger(__name__)

KEY_BYTES = 32


def main() -> None:
    """Tell the key's fingerprint, and a new key if there is none."""
    secret = os.environ.get("PROPENSITY_OFFER_KEY")
    if not secret:
        secret = secrets.token_hex(KEY_BYTES)
        log.info("A new key, to be kept secret: export PROPENSITY_OFFER_KEY=%s", secret)
    log.info('In params.yaml: decide.offer_key: "%s"', key_fingerprint(secret.encode()))


if __name__ == "__main__":
    run(main)
