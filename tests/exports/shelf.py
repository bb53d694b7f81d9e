"""Where tests have files written to: names and bytes, no disk."""

from io import BytesIO


class Shelf:
    """Files in memory."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def open(self, name: str) -> BytesIO:
        return _File(self, name)

    def read(self, name: str) -> bytes:
        return self.files[name]


class _File(BytesIO):
    """A file that its shelf keeps once it is closed."""

    def __init__(self, shelf: Shelf, name: str) -> None:
        super().__init__()
        self._shelf, self._name = shelf, name

    def close(self) -> None:
        if not self.closed:
            self._shelf.files[self._name] = self.getvalue()
        super().close()
