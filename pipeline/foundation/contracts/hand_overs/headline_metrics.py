"""reports/metrics/<model>.json: the figures that runs are compared by, flat for `dvc metrics`."""

from collections.abc import Mapping

from pydantic import RootModel


class HeadlineMetrics(RootModel[Mapping[str, int | float | None]]):
    """Figure → value on the out-of-time test; null where undefined."""
