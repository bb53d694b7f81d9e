"""What stands in docs/production.md and docs/examples can be run: names, options, files and words."""

import re
import shlex
from pathlib import Path
from typing import Any, get_args

import yaml

from pipeline.commands import monthly
from pipeline.foundation.contracts.hand_overs.monthly_status import (
    MonthlyStatus,
    Obstacle,
    Outcome,
)

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "docs" / "examples"
PRODUCTION = (ROOT / "docs" / "production.md").read_text(encoding="utf-8")
MODULE = re.compile(r"-m (pipeline(?:\.\w+)+)([^|>\"\n]*)")


def read(name: str) -> str:
    return (EXAMPLES / name).read_text(encoding="utf-8")


def test_every_command_of_the_project_that_is_named_exists() -> None:
    texts = [PRODUCTION, *(path.read_text(encoding="utf-8") for path in EXAMPLES.iterdir())]
    modules = {name for text in texts for name, _ in MODULE.findall(text)}
    assert "pipeline.commands.monthly" in modules
    for name in modules:
        assert (ROOT / Path(*name.split(".")).with_suffix(".py")).is_file(), name
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {name for text in texts for name in re.findall(r"`make ([a-z-]+)", text)} <= targets


def test_the_page_knows_every_outcome_and_every_obstacle_with_its_code() -> None:
    rows = re.findall(r"^\| (\d)? ?\| `?(\w*)`? ?\|", PRODUCTION, re.MULTILINE)
    codes = {word: int(code) for code, word in rows if code and word}
    assert set(codes) == set(get_args(Outcome))
    assert (codes["sent"], codes["failed"]) == (monthly.DONE, monthly.FAILED)
    assert (codes["not_fit"], codes["locked"]) == (monthly.NOT_FIT, monthly.LOCKED)
    told = re.findall(r"^\| `(\w+)` \| [a-z]", PRODUCTION, re.MULTILINE)
    assert set(get_args(Obstacle)) <= set(told)


def test_the_status_line_of_the_page_is_one() -> None:
    (line,) = re.findall(r"^\{.*\}$", PRODUCTION, re.MULTILINE)
    assert MonthlyStatus.model_validate_json(line).model_dump_json() == line


def test_the_crontab_runs_the_month_once_a_month() -> None:
    (line,) = [line for line in read("crontab").splitlines() if re.match(r"[\d*]", line)]
    *when, command = line.split(maxsplit=5)
    assert when == ["0", "6", "5", "*", "*"]
    assert "%" not in command, "cron ends a command at a per cent sign"
    given = re.search(r"pipeline\.commands\.monthly (.*?) >>", command)
    assert given is not None
    assert monthly.parse(shlex.split(given[1])).send


def test_the_workflow_is_what_github_reads_and_keeps_the_exit_code() -> None:
    workflow: dict[Any, Any] = yaml.safe_load(read("github-actions.yml"))
    trigger = workflow[True]  # `on` is a truth value in YAML 1.1
    assert trigger["schedule"] == [{"cron": "0 6 5 * *"}]
    steps = workflow["jobs"]["monthly"]["steps"]
    assert all(("uses" in step) != ("run" in step) for step in steps)
    (month,) = [step for step in steps if "commands.monthly" in step.get("run", "")]
    assert month["run"].strip().endswith('exit "${PIPESTATUS[0]}"')
    assert month["shell"] == "bash"
    (keep,) = [step for step in steps if "data/champion" in step.get("run", "")]
    assert keep["if"] == "always()", "a refused month keeps the champion that it promoted"


def test_the_image_copies_what_there_is_before_it_needs_it() -> None:
    text = read("Dockerfile").replace("\\\n", " ")
    steps = [line.split(maxsplit=1) for line in text.splitlines() if re.match(r"[A-Z]+ ", line)]
    words = [word for word, _ in steps]
    assert words == ["FROM", "RUN", "WORKDIR", "COPY", "RUN", "COPY", "ENV", "ENTRYPOINT"]
    copied = shlex.split(steps[3][1])[:-1]
    assert all((ROOT / name).is_file() for name in copied)
    # `make setup` needs what its rule names, and the Makefile itself.
    rule = re.search(r"^\$\(READY\): (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert rule is not None
    assert {*rule[1].split(), "Makefile"} <= {*copied}
    assert yaml.safe_load(steps[-1][1]) == ["python", "-m", "pipeline.commands.monthly"]
