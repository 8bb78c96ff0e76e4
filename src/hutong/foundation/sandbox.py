"""Reading a stranger's file, in a process of its own with little memory and time (TM-10). No Django here.

``run`` talks to a helper process that has the readers loaded and nothing else: no settings, keys or connection. For every file the
helper forks a child with limits; the child runs one act over a folder and writes ``answer.json`` beside the file. A file that
explodes in the reader kills that child and nothing else.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import json
import logging
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

log = logging.getLogger(__name__)
_ANSWER: Final = 4 * 2**20
_LOADED: Final = 100 * 2**20
"""Resident bytes of the readers once they have worked: shared libraries come in as they are used."""


class Killed(Exception):
    """The child needed more than it was given, or crashed. Nothing came of it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """``memory`` resident bytes, with what the readers take themselves; ``cpu`` seconds; ``written`` bytes of one file."""

    memory: int = 256 * 2**20
    cpu: int = 2
    written: int = 64 * 2**20


LOOK: Final = Limits()
"""What looking at one file may cost (trust.md TM-10)."""


class _Helper:
    """One helper process and the pipe to it."""

    def __init__(self) -> None:
        environment = {
            "PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(filter(None, sys.path)), "PYTHONUTF8": "1",
            "ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
            "MALLOC_ARENA_MAX": "1",  # every thread's arena would reserve 64 MB of the limit
        }  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-m", __name__], env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def ask(self, act: str, folder: Path, limits: Limits) -> dict[str, Any]:
        """How the child ended: ``{"well": bool, "cpu": seconds, "memory": bytes at most}``."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            line = json.dumps([act, str(folder), limits.memory, limits.cpu, limits.written])
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            ended: dict[str, Any] = json.loads(self.process.stdout.readline() or "{}")
        except BrokenPipeError:
            ended = {}
        return ended

    def stop(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        self.process.wait(timeout=10)


class _Helpers:
    """The helpers of this process: one for each thread that needs one at the same time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[_Helper] = []
        self._owner = os.getpid()

    @contextlib.contextmanager
    def one(self) -> Iterator[_Helper]:
        with self._lock:
            if self._owner != os.getpid():  # we are a fork: the pipes are our parent's
                self._idle, self._owner = [], os.getpid()
            helper = self._idle.pop() if self._idle else None
        if helper is None or helper.process.poll() is not None:
            helper = _Helper()
        yield helper
        if helper.process.poll() is None:
            with self._lock:
                self._idle.append(helper)

    def stop(self) -> None:
        while self._owner == os.getpid() and self._idle:
            self._idle.pop().stop()


_helpers = _Helpers()
atexit.register(_helpers.stop)


def run(act: str, folder: Path, limits: Limits = LOOK, **request: Any) -> dict[str, Any]:
    """Do ``act`` ("module:function") over ``folder``; the function gets folder and request and answers with a dict.

    Killed when the child went over a limit or crashed. The folder is a workspace that only this process's user can enter.
    """
    (folder / "request.json").write_text(json.dumps(request, ensure_ascii=False), "utf-8")
    answer = folder / "answer.json"
    answer.unlink(missing_ok=True)
    with _helpers.one() as helper:
        ended = helper.ask(act, folder, limits)
    log.info("sandbox %s: %s", act, ended, extra={"act": act, "ended": ended})
    if not ended.get("well") or not answer.exists() or answer.stat().st_size > _ANSWER:
        raise Killed(act)
    told: dict[str, Any] = json.loads(answer.read_text("utf-8"))
    return told


def tighten(*, memory: int, cpu: int) -> None:
    """Give the running child less than it came with: a small file needs little."""
    with contextlib.suppress(OSError):
        pages = [
            int(one) * resource.getpagesize() for one in Path("/proc/self/statm").read_text().split()[:2]
        ]
        _at_most(resource.RLIMIT_AS, pages[0] + max(memory - max(pages[1], _LOADED), 16 * 2**20))
    _at_most(resource.RLIMIT_CPU, cpu)


def _at_most(what: int, value: int) -> None:
    hard = resource.getrlimit(what)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (value, value))


def _child(act: str, folder: Path, limits: Limits) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):  # whatever happens in here cannot speak in the helper's name
        os.dup2(null, stream)
    _at_most(resource.RLIMIT_CORE, 0)
    _at_most(resource.RLIMIT_FSIZE, limits.written)
    signal.alarm(10 + 2 * limits.cpu)
    tighten(memory=limits.memory, cpu=limits.cpu)
    module, _, name = act.partition(":")
    request = json.loads((folder / "request.json").read_text("utf-8"))
    answer = getattr(sys.modules[module], name)(folder, request)
    (folder / "answer.json").write_text(json.dumps(answer, ensure_ascii=False), "utf-8")


def _forked(act: str, folder: Path, limits: Limits) -> dict[str, Any]:
    importlib.import_module(act.partition(":")[0])  # in the helper, once for all its children
    child = os.fork()
    if child == 0:
        status = 1
        try:
            _child(act, folder, limits)
            status = 0
        finally:
            os._exit(status)
    _, ended, used = os.wait4(child, 0)
    return {
        "well": ended == 0,
        "cpu": round(used.ru_utime + used.ru_stime, 3),
        "memory": used.ru_maxrss * 1024,
    }


def serve() -> None:
    """The helper: one line in, one child, one line out, until our parent closes the pipe."""
    for line in sys.stdin:
        act, folder, *limits = json.loads(line)
        print(json.dumps(_forked(act, Path(folder), Limits(*limits))), flush=True)


if __name__ == "__main__":
    serve()
