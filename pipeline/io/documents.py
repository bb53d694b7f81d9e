"""How stages read and write hand-overs: small JSON documents with a model for each.

The models stand in `pipeline.foundation.contracts.hand_overs`.
"""

import json
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.foundation import paths
from pipeline.foundation.errors import DataError

Model = TypeVar("Model", bound=BaseModel)


_REMADE = "Another version of the code wrote it, or a hand: run dvc repro, which writes it."


def read_document(path: Path, model: type[Model], remedy: str = _REMADE) -> Model:
    """Read a hand-over back.

    Args:
        path: of the file.
        model: what it must be.
        remedy: where it is none of those that stages write.

    Raises:
        DataError: the file is not there, is no JSON, or is not what the model says.
    """
    expected = f"{model.__name__} in {path}"
    if not path.exists():
        raise DataError(expected, "no such file", "Run dvc repro, which writes it.")
    try:
        return model.model_validate_json(path.read_bytes(), strict=True)
    except ValidationError as error:
        found = "; ".join(
            f"{'.'.join(str(part) for part in one['loc']) or 'the file'}: {one['msg']}"
            for one in error.errors(include_url=False, include_input=False)
        )
        raise DataError(expected, found, remedy) from error


def write_document(document: BaseModel, path: Path) -> None:
    """Write a hand-over, sorted and whole or not at all; a field never given is left out."""
    content = document.model_dump(mode="json", exclude_unset=True)
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False)
    with paths.replacing(path) as partial:
        partial.write_text(text + "\n", encoding="utf-8")
