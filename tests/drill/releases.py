"""Two releases to go between: this tree, and the one before its newest migration."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from .prerequisites import ROOT, NotRun, packages

MIGRATIONS = ":(glob)src/hutong/**/migrations/[0-9]*.py"
PROGRAMS = {
    "hutong": "from hutong.config.cli import main",
    "granian": "from granian.cli import entrypoint as main",
}


def lay(old: Path, new: Path, python: str) -> str:
    """Both, ready to run; says which two."""
    before = _before()
    for name in ("src", "deploy"):
        shutil.copytree(ROOT / name, new / name, ignore=shutil.ignore_patterns("__pycache__"))
    old.mkdir(parents=True)
    packed = subprocess.run(["git", "archive", before], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", old], input=packed, check=True)
    shutil.copytree(ROOT / "src/hutong/static", old / "src/hutong/static", dirs_exist_ok=True)
    for release in (old, new):
        _programs(release, python)
    return f"N-1 is {before[:9]}, N this tree"


def _before() -> str:
    """The commit before the newest one with a migration."""
    try:
        newest = _git("log", "-1", "--diff-filter=A", "--format=%H", "--", MIGRATIONS)
        return _git("rev-parse", f"{newest}^")
    except (subprocess.CalledProcessError, FileNotFoundError):
        raise NotRun(
            "no earlier release to come from: a checkout with git and its history is needed"
        ) from None


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _programs(release: Path, python: str) -> None:
    """An environment of its own that borrows the checkout's packages: installing them twice would only cost minutes."""
    subprocess.run([python, "-m", "venv", "--without-pip", release / ".venv"], check=True)
    (site,) = (release / ".venv/lib").glob("python3.*/site-packages")
    (site / "release.pth").write_text(f"{release}/src\n{packages()}\n")
    for name, wanted in PROGRAMS.items():
        program = release / ".venv/bin" / name
        program.write_text(f"#!{release}/.venv/bin/python\nimport sys\n{wanted}\nsys.exit(main())\n")
        program.chmod(0o755)
