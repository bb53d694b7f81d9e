"""Break it on purpose: the whole harness, resumable, its results in data/tmp/trust.

    python -m tests.trust.whole <a finished small run> [--seconds N] [--turns N] [--only STAGE ...]

Stages run by hand in a copy of the run, each on the outputs of the stages before it. Each injection
is counted: whether it truly hit, and whether the stage then gave the same bytes, or one clear error
after whose remedy it does. What is neither is lost.
"""

import argparse
import json
import logging
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "data" / "tmp" / "trust"
SEED = 18
MODEL = "cross_sell"
STAGES: tuple[tuple[str, ...], ...] = (
    ("ingest",),
    ("validate",),
    ("population",),
    ("features",),
    ("tune", MODEL),
    ("train", MODEL),
    ("evaluate", MODEL),
    ("promote", MODEL),
    ("monitor", MODEL),
    ("drift",),
    ("measure",),
    ("score",),
    ("segment",),
    ("recommend",),
    ("effects",),
    ("decide",),
    ("export",),
    ("report",),
)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Result:
    """What came of one injection."""

    kind: str
    stage: str
    hit: bool
    """Whether the stage was still running, or truly read or wrote what was broken."""
    ended: str
    """`recovered`, `clear_error`, `not_noticed` or `lost`."""
    said: str


class Bench:
    """A copy of a finished run in which stages are broken, and put back afterwards."""

    def __init__(self, run: Path, folder: Path) -> None:
        self.folder, self._kept, self.disk = folder / "run", folder / "kept", folder / "disk"
        declared = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
        self.declared = declared
        names = ("data", "reports", "params.yaml", "dvc.lock", "dvc.yaml", "mlruns")
        for name in names:
            source = run / name
            if source.is_dir():
                shutil.copytree(source, self.folder / name, symlinks=False)
            elif source.exists():
                self.folder.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, self.folder / name)
        for path in self.folder.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        shutil.copyfile(ROOT / "dvc.yaml", self.folder / "dvc.yaml")
        _with_new_sections(self.folder / "params.yaml")

    def places(self, stage: tuple[str, ...], key: str) -> list[Path]:
        """Return what a stage reads (`deps`) or writes (`outs`), code aside."""
        entry = self.declared[stage[0]]
        found = []
        for one in (entry.get("do") or entry).get(key, []) + (
            (entry.get("do") or entry).get("metrics", []) if key == "outs" else []
        ):
            name = one if isinstance(one, str) else next(iter(one))
            name = name.replace("${item.model}", stage[-1]).replace("${item}", stage[-1])
            if not name.startswith("pipeline/"):
                found.append(self.folder / name)
        return found

    def hashes(self, stage: tuple[str, ...], folder: Path | None = None) -> dict[str, str]:
        """Return the hash of every file that a stage wrote."""
        root = folder or self.folder
        return {
            str(path.relative_to(root)): sha256(path.read_bytes()).hexdigest()
            for named in self.places(stage, "outs")
            for place in [root / named.relative_to(self.folder)]
            for path in ([place] if place.is_file() else sorted(place.rglob("*")))
            if path.is_file()
        }

    def start(
        self,
        stage: tuple[str, ...],
        before: Callable[[], None] | None = None,
        folder: Path | None = None,
    ) -> "subprocess.Popen[str]":
        """Start a stage by hand."""
        environment = dict(os.environ) | {
            "PYTHONPATH": str(ROOT),
            "OMP_WAIT_POLICY": "passive",
            "MLFLOW_DISABLE_TELEMETRY": "true",
        }
        return subprocess.Popen(
            [sys.executable, "-m", f"pipeline.stages.{stage[0]}", *stage[1:]],
            cwd=folder or self.folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=before,  # noqa: PLW1509 - no threads here
        )

    def finish(self, stage: tuple[str, ...], folder: Path | None = None) -> tuple[int, str]:
        """Run a stage by hand to its end."""
        process = self.start(stage, folder=folder)
        said = process.communicate(timeout=600)[1]
        return process.returncode, said

    def keep(self) -> None:
        """Note how everything stands, to put it back."""
        shutil.rmtree(self._kept, ignore_errors=True)
        shutil.copytree(self.folder, self._kept)

    def put_back(self) -> None:
        """Put everything as it stood."""
        shutil.rmtree(self.folder)
        shutil.copytree(self._kept, self.folder)


def _with_new_sections(path: Path) -> None:
    """Give the parameters of an older run the sections that were added since."""
    now = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    old = yaml.safe_load(path.read_text(encoding="utf-8"))
    for name, section in now.items():
        if name not in old:
            old[name] = section
        elif isinstance(section, dict):
            old[name] |= {key: value for key, value in section.items() if key not in old[name]}
    path.write_text(yaml.safe_dump(old, sort_keys=False), encoding="utf-8")


def judge(code: int, said: str, *, is_same: bool) -> str:
    """Say what an ending is worth."""
    if "Traceback" in said or code < 0:
        return "lost"
    if code != 0:
        return "clear_error" if "ERROR: expected" in said or "stopped" in said else "lost"
    return "recovered" if is_same else "not_noticed"


def last_line(said: str) -> str:
    """Return the last thing that was said."""
    lines = [line for line in said.strip().splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or [""])[-1][:300]


def interrupt(
    bench: Bench, stage: tuple[str, ...], number: int, seconds: float, want: Mapping[str, str]
) -> Iterator[Result]:
    """Kill a stage at random moments, and stop it as Ctrl-C does; then run it again."""
    for turn, sign in enumerate((signal.SIGKILL, signal.SIGINT)):
        moment = random.Random(f"{SEED} {stage} {number} {turn}").uniform(0.1, 1.0) * seconds  # noqa: S311 - no secret
        process = bench.start(stage)
        time.sleep(moment)
        hit = process.poll() is None
        process.send_signal(sign)
        said = process.communicate(timeout=600)[1]
        kind = "kill" if sign == signal.SIGKILL else "sigint"
        is_silent = sign == signal.SIGINT and hit and "Traceback" in said and moment > 2
        code, again = bench.finish(stage)
        ended = judge(code, again, is_same=bench.hashes(stage) == want)
        yield Result(
            kind,
            stage[0],
            hit,
            "lost" if is_silent else ended,
            last_line(said if is_silent else again),
        )
        bench.put_back()


def fill_disk(bench: Bench, stage: tuple[str, ...], want: Mapping[str, str]) -> Iterator[Result]:
    """Let no file grow beyond some bytes, as within a quota; then run it again."""
    limits = (20_000, 20_000)
    process = bench.start(stage, partial(resource.setrlimit, resource.RLIMIT_FSIZE, limits))
    said = process.communicate(timeout=600)[1]
    hit, first = process.returncode != 0, judge(process.returncode, said, is_same=True)
    code, again = bench.finish(stage)
    second = judge(code, again, is_same=bench.hashes(stage) == want)
    ended = first if hit and second == "recovered" else second
    yield Result("file_size", stage[0], hit, ended, last_line(said))
    bench.put_back()


def small_disk(bench: Bench, stage: tuple[str, ...], want: Mapping[str, str]) -> Iterator[Result]:
    """Run on a disk with no more than the stage's inputs on it, and on one that is read only.

    Mounting one needs the rights of root; without them there is no such injection.
    """
    bench.disk.mkdir(exist_ok=True)
    if os.geteuid() or not _mount(bench.disk, "size=1g"):
        return
    try:
        shutil.copytree(bench.folder, bench.disk / "run")
        for place in bench.places(stage, "outs"):
            _remove(bench.disk / "run" / place.relative_to(bench.folder))
        left = 1 << 14
        full = shutil.disk_usage(bench.disk).used + left
        answers = []
        for kind, option in (("disk_full", f"size={full}"), ("read_only", "size=1g,ro")):
            _mount(bench.disk, f"remount,{option}")
            code, said = bench.finish(stage, bench.disk / "run")
            answers.append((kind, code, judge(code, said, is_same=True), said))
        _mount(bench.disk, "remount,size=1g,rw")
        code, again = bench.finish(stage, bench.disk / "run")
        is_same = bench.hashes(stage, bench.disk / "run") == want
        last = judge(code, again, is_same=is_same)
        for kind, code, first, said in answers:
            ended = first if code and last == "recovered" else last
            yield Result(kind, stage[0], code != 0, ended, last_line(said if code else again))
    finally:
        subprocess.run(["umount", "--lazy", str(bench.disk)], check=False)


def _mount(folder: Path, options: str) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def change_while_read(
    bench: Bench, stage: tuple[str, ...], number: int, seconds: float, want: Mapping[str, str]
) -> Iterator[Result]:
    """Cut a file that is read short while the stage runs; then put it back and run it again."""
    drawn = random.Random(f"{SEED} {stage} {number} change")  # noqa: S311 - no secret
    files = _files_read(bench, stage)
    if not files:
        return
    path = drawn.choice(files)
    process = bench.start(stage)
    time.sleep(drawn.uniform(0.3, 0.8) * seconds)
    hit = process.poll() is None
    os.truncate(path, path.stat().st_size // 2)
    said = process.communicate(timeout=600)[1]
    first = judge(process.returncode, said, is_same=bench.hashes(stage) == want)
    bench.put_back()
    ended = first if first == "recovered" or _runs_again(bench, stage, want) else "lost"
    name = str(path.relative_to(bench.folder))
    yield Result("changed_while_read", stage[0], hit, ended, f"{name}: {last_line(said)}")


def _files_read(bench: Bench, stage: tuple[str, ...]) -> list[Path]:
    return [
        path
        for place in bench.places(stage, "deps")
        for path in ([place] if place.is_file() else sorted(place.rglob("*")))
        if path.is_file()
        and path.stat().st_size > 1
        and path.suffix in {".parquet", ".json", ".txt", ".csv"}
    ]


def damage(
    bench: Bench, stage: tuple[str, ...], number: int, want: Mapping[str, str]
) -> Iterator[Result]:
    """Flip a bit of a file that is read, or cut it short; then put it back and run it again."""
    drawn = random.Random(f"{SEED} {stage} {number} damage")  # noqa: S311 - no secret
    files = _files_read(bench, stage)
    for path in drawn.sample(files, min(1, len(files))):
        for kind in ("truncated", "flipped"):
            content = path.read_bytes()
            place = drawn.randrange(len(content))
            path.write_bytes(
                content[:place]
                if kind == "truncated"
                else content[:place]
                + bytes([content[place] ^ 1 << drawn.randrange(8)])
                + content[place + 1 :]
            )
            code, said = bench.finish(stage)
            hit = not (code == 0 and bench.hashes(stage) == want)
            first = judge(code, said, is_same=not hit)
            bench.put_back()
            ended = first if not hit or _runs_again(bench, stage, want) else "lost"
            name = str(path.relative_to(bench.folder))
            yield Result(kind, stage[0], hit, ended, f"{name}: {last_line(said)}")


def _runs_again(bench: Bench, stage: tuple[str, ...], want: Mapping[str, str]) -> bool:
    """Say whether the stage gives the same bytes once the file it read is whole again."""
    code, _ = bench.finish(stage)
    is_same = code == 0 and bench.hashes(stage) == want
    bench.put_back()
    return is_same


def two_at_once(bench: Bench, stage: tuple[str, ...], want: Mapping[str, str]) -> Iterator[Result]:
    """Run a stage twice at the same time."""
    both = [bench.start(stage), bench.start(stage)]
    said = [one.communicate(timeout=600)[1] for one in both]
    worst = max(
        zip((one.returncode for one in both), said, strict=True), key=lambda one: abs(one[0])
    )
    ended = judge(*worst, is_same=bench.hashes(stage) == want)
    yield Result("two_at_once", stage[0], True, ended, last_line(worst[1]))
    bench.put_back()


def main() -> None:
    """Break every stage in every way until the time is over; a later call goes on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("--seconds", type=float, default=1800)
    parser.add_argument("--turns", type=int, default=1)
    names = [stage[0] for stage in STAGES]
    parser.add_argument("--only", nargs="+", choices=names, default=names, help="in this order")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    RESULTS.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + given.seconds
    with tempfile.TemporaryDirectory(prefix="trust-") as folder:
        bench = Bench(given.run.resolve(), Path(folder))
        for number in range(given.turns):
            for stage in sorted(
                (one for one in STAGES if one[0] in given.only),
                key=lambda one: given.only.index(one[0]),
            ):
                place = RESULTS / f"{number}-{'-'.join(stage)}.json"
                if time.monotonic() > until:
                    break
                if not place.exists():
                    _write(place, list(map(_tell, _break(bench, stage, number))))
    log.info("%s", json.dumps(count(), indent=2, sort_keys=True))


def _break(bench: Bench, stage: tuple[str, ...], number: int) -> Iterator[Result]:
    begin = time.monotonic()
    code, said = bench.finish(stage)  # undisturbed, and by the code of today
    seconds = time.monotonic() - begin
    if code != 0:
        yield Result("undisturbed", stage[0], False, "lost", last_line(said))
        return
    want = bench.hashes(stage)
    bench.keep()
    yield from interrupt(bench, stage, number, seconds, want)
    yield from damage(bench, stage, number, want)
    yield from fill_disk(bench, stage, want)
    yield from small_disk(bench, stage, want)
    yield from change_while_read(bench, stage, number, seconds, want)
    yield from two_at_once(bench, stage, want)


def _tell(one: Result) -> Result:
    log.info(
        "%s %s: %s %s. %s", one.stage, one.kind, "hit" if one.hit else "-", one.ended, one.said
    )
    return one


def _write(place: Path, results: list[Result]) -> None:
    aside = place.with_suffix(".partial")
    aside.write_text(json.dumps([asdict(one) for one in results], indent=1), encoding="utf-8")
    aside.rename(place)
    log.info("%s: %s", place.stem, dict(Counter(one.ended for one in results)))


def count() -> dict[str, dict[str, int]]:
    """Return by kind how many injections there were, how many hit, and what came of those."""
    found: dict[str, Counter[str]] = {}
    for path in sorted(RESULTS.glob("*-*.json")):
        for one in json.loads(path.read_text(encoding="utf-8")):
            counter = found.setdefault(one["kind"], Counter())
            counter.update(["tried", *(["hit", one["ended"]] if one["hit"] else ["missed"])])
    return {kind: dict(counter) for kind, counter in found.items()}


if __name__ == "__main__":
    main()
