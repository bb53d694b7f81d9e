"""data/population/candidates.json: what each model may offer, and how many rows it asks about."""

from collections.abc import Mapping

from pipeline.foundation.contracts.hand_overs.document import Document
from pipeline.foundation.contracts.hand_overs.population_report import PopulationOfModel


class Populations(Document):
    """The populations of all models."""

    models: Mapping[str, PopulationOfModel]
