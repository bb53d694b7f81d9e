"""reports/metrics/*.json: the figures that runs are compared by, flat for `dvc metrics`."""

from collections.abc import Mapping

from pydantic import RootModel


class HeadlineMetrics(RootModel[Mapping[str, int | float | None]]):
    """Figure → value, of a model on the out-of-time test or of a wave; null where undefined."""
