"""What the drill needs of the machine: root, Debian's packages, free ports, a Python that the services' user may run."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from .units import as_user

ROOT = Path(__file__).resolve().parents[2]
NEEDED = {
    "pgbackrest": "pgbackrest", "nginx": "nginx-light", "rsync": "rsync", "curl": "curl", "systemd-analyze": "systemd", "ps": "procps",
}  # fmt: skip


class NotRun(Exception):
    """What keeps the drill from running here."""


def install() -> None:
    """Debian's packages that are missing; nothing they bring is started, nor any other service touched."""
    if os.geteuid() != 0:
        raise NotRun("it must be root: it acts as postgres and as the services' users")
    wanted = [package for command, package in NEEDED.items() if shutil.which(command) is None]
    if not any(Path("/usr/lib/postgresql").glob("*/bin/pg_receivewal")):
        wanted.append("postgresql")
    if not wanted:
        return
    if shutil.which("apt-get") is None:
        raise NotRun(f"{', '.join(wanted)} missing, and this is no Debian")
    policy = Path("/usr/sbin/policy-rc.d")  # Debian asks it whether a service may start
    ours = not policy.exists()
    if ours:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *wanted]):
            done = subprocess.run(
                ["apt-get", *words], env=environment, capture_output=True, text=True, check=False
            )
            if done.returncode != 0:
                raise NotRun(f"{', '.join(wanted)} missing; apt-get {words[0]}: {done.stderr[-500:]}")
    finally:
        if ours:
            policy.unlink()


def server_programs() -> Path:
    """Of the newest PostgreSQL that Debian has here."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def packages() -> Path:
    """Where the checkout's packages lie."""
    return next((ROOT / ".venv/lib").glob("python3.*/site-packages"))


def python_for(user: str) -> str:
    """A Python with the checkout's packages that ``user`` may run: the checkout's own may lie under a closed home. '' is none."""
    for one in (sys.executable, "/usr/bin/python3"):
        try:
            done = subprocess.run(
                [one, "-c", "import django, psycopg, granian"], env={"PYTHONPATH": str(packages())},
                cwd="/", capture_output=True, check=False, **as_user(user),
            )  # type: ignore[call-overload] # fmt: skip
        except OSError:
            continue
        if done.returncode == 0:
            return one
    return ""
