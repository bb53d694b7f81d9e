"""Which code made a result: git's commit, and whether files had changed since."""

import shutil
import subprocess

# The pipeline's own outputs change with every run and say nothing about the code.
_WRITTEN = ("dvc.lock", "data", "reports", "mlruns")


def read_code_state() -> dict[str, str]:
    """Return the tags `git_commit` and `git_dirty`; `unknown` outside a repository."""
    commit = _git("rev-parse", "HEAD")
    if commit is None:
        return {"git_commit": "unknown", "git_dirty": "unknown"}
    excluded = [f":(exclude){path}" for path in _WRITTEN]
    changed = _git("status", "--porcelain", "--", ".", *excluded)
    return {"git_commit": commit, "git_dirty": "true" if changed else "false"}


def _git(*arguments: str) -> str | None:
    """Return what git answers, or nothing where there is no git or no repository."""
    git = shutil.which("git")
    if git is None:
        return None
    done = subprocess.run(  # noqa: S603 - fixed arguments
        [git, *arguments], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else None
