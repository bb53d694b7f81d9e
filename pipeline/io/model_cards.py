"""Where the model card is written, from what the stages handed over."""

from pipeline.foundation import paths
from pipeline.foundation.config import ModelName
from pipeline.foundation.contracts.hand_overs.features_report import FeaturesReport
from pipeline.foundation.contracts.hand_overs.populations import Populations
from pipeline.foundation.contracts.hand_overs.promotion_verdict import PromotionVerdict
from pipeline.foundation.contracts.hand_overs.provenance import Provenance
from pipeline.foundation.contracts.hand_overs.saved_model import CalibratorFile, SavedModelFile
from pipeline.io.documents import read_document
from pipeline.io.evaluations import read_evaluation
from pipeline.io.snapshots import read_snapshots
from pipeline.reports.card.model_card import CardInputs, write_card


def write_model_card(model: ModelName) -> None:
    """Write the card of the model just trained and of the verdict on it."""
    folder = paths.MODELS / model
    card = write_card(
        CardInputs(
            name=model,
            statement=read_document(paths.PROVENANCE, Provenance).statement,
            evaluation=read_evaluation(model),
            verdict=read_document(paths.verdict(model), PromotionVerdict),
            saved=read_document(folder / "model.json", SavedModelFile),
            calibrator=read_document(folder / "calibrator.json", CalibratorFile),
            as_of_dates=read_snapshots().by_split(),
            population=read_document(paths.CANDIDATES, Populations).models[model],
            switched_off=read_document(paths.COMPUTED_FAMILIES, FeaturesReport).switched_off,
        )
    )
    paths.MODEL_CARDS.mkdir(parents=True, exist_ok=True)
    (paths.MODEL_CARDS / f"{model}.md").write_text(card, encoding="utf-8")
