"""The month as an Airflow DAG: one task, whose outcome is the run's exit code.

Copy it into the `dags` folder and set the variable `propensity_home`. A failure is retried, which is
safe. A wave that is not fit to send fails at once, since trying again changes nothing; a run that
finds another one under way is skipped.
"""

import json
import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import Variable, dag, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

NOT_FIT, LOCKED = 3, 4


@task(retries=2, retry_delay=timedelta(minutes=30), execution_timeout=timedelta(hours=4))
def run_month() -> dict[str, Any]:
    """Run the month in the project's own environment; return its status to XCom."""
    home = Path(Variable.get("propensity_home"))
    binaries = home / ".venv" / "bin"
    path = f"{binaries}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(  # noqa: S603 - the project's own command
        [binaries / "python", "-m", "pipeline.commands.monthly", "--send"],
        cwd=home,
        env={**os.environ, "PATH": path, "OMP_WAIT_POLICY": "passive"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode == NOT_FIT:
        raise AirflowFailException(done.stdout)
    if done.returncode == LOCKED:
        raise AirflowSkipException(done.stdout)
    done.check_returncode()
    status: dict[str, Any] = json.loads(done.stdout)
    return status


@dag(
    schedule="0 6 5 * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
)
def propensity_monthly() -> None:
    """Once a month."""
    run_month()


propensity_monthly()
