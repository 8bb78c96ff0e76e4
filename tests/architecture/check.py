"""``make check``: every gate, each named, all run even when one fails."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent

GATES: tuple[tuple[str, list[str]], ...] = (
    ("format", ["ruff", "format", "--check", "--quiet", "."]),
    ("ruff", ["ruff", "check", "--quiet", "."]),
    ("import contracts", ["lint-imports", "--no-cache"]),
    ("database for the checks", ["hutong", "db", "start"]),
    ("migrations", ["hutong", "manage", "--owner", "makemigrations", "--check", "--dry-run"]),
    ("generated docs", ["hutong", "docs", "--check"]),
    ("rooms, docs, templates, locks", ["pytest", "-q", "-p", "no:randomly", "tests/architecture"]),
    ("mypy --strict", ["mypy"]),
)


def main() -> int:
    failed = []
    for name, command in GATES:
        began = time.monotonic()
        if name.startswith("database") and os.environ.get("DATABASE_URL"):
            continue
        done = subprocess.run(
            [BIN / command[0], *command[1:]], cwd=ROOT, check=False, capture_output=True, text=True
        )
        word = "ok" if done.returncode == 0 else "FAILED"
        print(f"{word:7} {name} ({time.monotonic() - began:.1f} s)", flush=True)
        if done.returncode != 0:
            failed.append(name)
            print(done.stdout[-8000:], done.stderr[-4000:], sep="\n", flush=True)
    print(
        f"{len(GATES) - len(failed)} gates passed, {len(failed)} failed{': ' + ', '.join(failed) if failed else ''}"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
