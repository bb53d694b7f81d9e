"""score: new data, the champions as they are -> the next wave's files, without any training.

Runs the stages up to the features, and from them on all but tune, train, evaluate, promote and
track; DVC runs those of them whose data, code or parameters changed. The wave is recorded in MLflow.
"""

from pipeline.commands import record_wave
from pipeline.commands.dvc_run import FEATURES, reproduce, scoring_stages
from pipeline.foundation import config
from pipeline.foundation.running import run


def main() -> None:
    """Take the data through every stage that trains nothing."""
    params = config.load()
    reproduce(FEATURES)
    reproduce(*scoring_stages(params.models), single_item=True)
    record_wave.main()


if __name__ == "__main__":
    run(main)
