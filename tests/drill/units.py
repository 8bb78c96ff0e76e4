"""Service files run by hand: what systemd would do with these lines, as far as a machine without systemd can.

Users, settings, credentials, ExecStartPre and ExecStart, stopping by the unit's signal. Not the walls (ProtectSystem=… and their like),
which only systemd builds; ``systemd-analyze verify`` looks at their spelling. Also a program, so that ``deploy/upgrade`` can call it
in place of systemctl: ``python units.py FOLDER restart NAME``.
"""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import shlex
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

_started: list[subprocess.Popen[bytes]] = []
"""Kept, so that nobody complains of a process let go of; whoever stops it may be another program."""


@dataclass(frozen=True)
class Units:
    """``home`` holds systemd/ (the files), run/ (who runs), credentials/, journal/."""

    home: Path
    users: dict[str, str]

    @classmethod
    def of(cls, home: Path) -> Units:
        return cls(home, json.loads((home / "users.json").read_text()))

    def settings(self, name: str) -> dict[str, list[str]]:
        """Every line of the unit as ``key → values``, with the instance filled in."""
        plain, _, instance = name.partition("@")
        path = self.home / "systemd" / (f"{plain}@.service" if instance else f"{plain}.service")
        found: dict[str, list[str]] = {}
        for line in path.read_text().splitlines():
            key, sign, value = line.partition("=")
            if sign and not line.startswith(("#", "[")):
                found.setdefault(key, []).append(value.replace("%i", instance))
        return found

    def start(self, name: str) -> None:
        unit = self.settings(name)
        options = self._options(name, unit)
        for line in unit.get("ExecStartPre", []):
            subprocess.run(shlex.split(line), check=True, **options)
        with (self.home / "journal" / name).open("ab") as journal:
            process = subprocess.Popen(
                shlex.split(unit["ExecStart"][0]), stdin=subprocess.DEVNULL, stdout=journal, stderr=journal, start_new_session=True, **options
            )  # fmt: skip
        _started.append(process)
        (self.home / "run" / name).write_text(str(process.pid))

    def once(self, name: str) -> None:
        """A oneshot unit: each line to its end."""
        unit = self.settings(name)
        with (self.home / "journal" / name).open("ab") as journal:
            for line in unit["ExecStart"]:
                subprocess.run(
                    shlex.split(line), check=True, stdout=journal, stderr=journal, timeout=300, **self._options(name, unit)
                )  # fmt: skip

    def pid(self, name: str) -> int:
        return int((self.home / "run" / name).read_text())

    def alive(self, name: str) -> bool:
        return _alive(self.pid(name))

    def stop(self, name: str) -> None:
        """By the unit's signal; what is left of its session after the time allowed is killed."""
        unit, pid = self.settings(name), self.pid(name)
        wanted = signal.Signals[unit.get("KillSignal", ["SIGTERM"])[0]]
        if _alive(pid):
            os.kill(pid, wanted)
        until = time.monotonic() + float(unit.get("TimeoutStopSec", ["20"])[0])
        while _alive(pid) and time.monotonic() < until:
            time.sleep(0.1)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        (self.home / "run" / name).unlink()

    def restart(self, name: str) -> None:
        self.stop(name)
        self.start(name)

    def revive(self) -> None:
        """What ended by itself is started again, as ``Restart=always`` has systemd do."""
        for path in sorted((self.home / "run").iterdir()):
            if not self.alive(path.name) and self.settings(path.name).get("Restart") == ["always"]:
                self.start(path.name)

    def stop_all(self) -> None:
        """The receiver (hutong-wal) last: a worker that may not commit would wait for it."""
        for path in sorted((self.home / "run").iterdir(), reverse=True):
            self.stop(path.name)

    def _options(self, name: str, unit: dict[str, list[str]]) -> dict[str, object]:
        user = self.users[unit["User"][0]]
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        for path in unit.get("EnvironmentFile", []):
            lines = Path(path).read_text().splitlines()
            environment |= dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        for words in unit.get("Environment", []):
            environment |= dict(word.split("=", 1) for word in shlex.split(words))
        if unit.get("User") == ["postgres"]:
            environment["PGBACKREST_CONFIG"] = str(self.home / "pgbackrest.conf")
        if "LoadCredential" in unit:
            environment["CREDENTIALS_DIRECTORY"] = str(self._credentials(name, unit, user))
        mask = int(unit.get("UMask", ["0022"])[0], 8)
        return {"env": environment, "cwd": unit.get("WorkingDirectory", ["/"])[0], "umask": mask} | as_user(
            user
        )

    def _credentials(self, name: str, unit: dict[str, list[str]], user: str) -> Path:
        folder = self.home / "credentials" / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700, parents=True)
        for line in unit["LoadCredential"]:
            target, source = line.split(":", 1)
            (folder / target).touch(mode=0o400)
            (folder / target).write_bytes(Path(source).read_bytes())
            shutil.chown(folder / target, user)
        shutil.chown(folder, user)
        return folder


def as_user(name: str) -> dict[str, object]:
    if pwd.getpwnam(name).pw_uid == os.geteuid():
        return {}
    return {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}


def _alive(pid: int) -> bool:
    """Not gone and not only waiting to be collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


if __name__ == "__main__":
    home, verb, unit_name = sys.argv[1:]
    assert verb == "restart", verb
    Units.of(Path(home)).restart(unit_name)
