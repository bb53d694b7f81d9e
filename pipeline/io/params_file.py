"""params.yaml changed by a command: comments and order of the file stay."""

from collections.abc import Callable
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.representer import RoundTripRepresenter

from pipeline.foundation import paths


class _PlainNulls(RoundTripRepresenter):
    """Writes null as the file does, not as nothing."""

    def represent_none(self, _: object) -> ScalarNode:
        """Return the word."""
        node: ScalarNode = self.represent_scalar("tag:yaml.org,2002:null", "null")
        return node


_PlainNulls.add_representer(type(None), _PlainNulls.represent_none)


def change_params(change: Callable[[dict[str, Any]], None]) -> None:
    """Change the parameters in place and leave all else of the file as it is."""
    yaml = YAML()
    yaml.Representer = _PlainNulls
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    content: dict[str, Any] = yaml.load(paths.PARAMS.read_text(encoding="utf-8"))
    change(content)
    with paths.replacing(paths.PARAMS) as partial, partial.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
