"""Override of the gate: somebody lets a refused challenger score, by name and with a reason."""

import logging
from dataclasses import dataclass

from pipeline.foundation.config import ModelName, PromoteParams
from pipeline.foundation.contracts.hand_overs.promotion_verdict import GateOverride

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Override:
    """Who lets a refused challenger score all the same, and why."""

    name: str
    reason: str

    def to_document(self) -> GateOverride:
        """Return the override as it is handed over."""
        return GateOverride(name=self.name, reason=self.reason)


def find_override(promotion: PromoteParams, model: ModelName, version: str) -> Override | None:
    """Return the override that speaks of this challenger; one of another version does not."""
    found = (promotion.override or {}).get(model)
    if found is None:
        return None
    if found.version not in {None, version}:
        logger.warning("%s: the override of version %s does not hold here", model, found.version)
        return None
    return Override(found.name, found.reason)
