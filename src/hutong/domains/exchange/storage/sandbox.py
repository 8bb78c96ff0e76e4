"""Reading a stranger's file, in a process of its own with little memory and time (TM-10). No Django here.

``run`` talks to one helper process that has the readers loaded and nothing else; for every file the helper forks a
child with limits, the child reads the file in the workspace and writes ``answer.json`` beside it. A file that explodes
in the reader kills that child and nothing else.
"""

from __future__ import annotations

import atexit
import json
import os
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Final

MEMORY: Final = 2**30
"""Bytes of address space; 300,000 rows of csv or 200,000 of xlsx were checked in 700 MB."""
CPU_SECONDS: Final = 120
_KILLED: Final = "读取“{name}”用去的内存或时间超过上限，已停止，没有导入任何内容。请把文件分成几份，或另存为 csv 后再上传。"


class Refused(ValueError):
    """The file could be opened but not used; the text is for the sender."""


class _Helper:
    """The helper process of this process; started when first needed, gone with us."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._owner = 0

    def ask(self, act: str, folder: Path, memory: int) -> bool:
        """Whether the child ended well."""
        with self._lock:
            process = self._running()
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps([act, str(folder), memory]) + "\n")
            process.stdin.flush()
            return process.stdout.readline().strip() == "ok"

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None or self._owner != os.getpid():
            environment = {
                "PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(filter(None, sys.path)), "PYTHONUTF8": "1",
                "ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
            }  # fmt: skip
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__], env=environment, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            self._owner = os.getpid()
        return self._process

    def stop(self) -> None:
        if self._process is not None and self._owner == os.getpid():
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
            self._process.wait(timeout=10)
            self._process = None


_helper = _Helper()
atexit.register(_helper.stop)


def run(act: str, folder: Path, name: str, *, memory: int = MEMORY, **request: Any) -> dict[str, Any]:
    """Do ``act`` inside ``folder`` (a workspace); Refused with the sentence when it does not work."""
    (folder / "request.json").write_text(json.dumps(request, ensure_ascii=False), "utf-8")
    answer = folder / "answer.json"
    answer.unlink(missing_ok=True)
    try:
        well = _helper.ask(act, folder, memory)
    except BrokenPipeError:
        well = False
    if not well or not answer.exists():
        raise Refused(_KILLED.format(name=name))
    told: dict[str, Any] = json.loads(answer.read_text("utf-8"))
    if "error" in told:
        raise Refused(str(told["error"]).replace(f"“{request['file']}”", f"“{name}”"))
    return told


def _limit(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(2 * CPU_SECONDS)


def peek(folder: Path, request: dict[str, Any]) -> dict[str, Any]:
    """Headers, number of rows, and which other list the headers fit better."""
    from hutong.linkage import files
    from hutong.linkage.catalogue import LISTS
    from hutong.linkage.read import guess_mapping

    def known(header: str) -> bool:
        return any(guess_mapping([header], spec.table) for spec in LISTS.values())

    raw = files.read(folder / request["file"], lambda _: False, known)
    headers = [str(one) for one in raw.table.column_names]
    rows = int(raw.table.num_rows) + len(raw.broken)
    if rows == 0:
        return {
            "error": f"“{request['file']}”只有表头，没有数据行。没有人员时无须上传；如导出有误请重新导出。"
        }
    if rows > request["max_rows"]:
        return {
            "error": f"“{request['file']}”有 {rows:,} 行，超过一次 {request['max_rows']:,} 行的上限，请分成几份上传。"
        }
    return {"headers": headers, "rows": rows, "fits": [code for code in LISTS if _fits(code, headers)]}


def _fits(code: str, headers: list[str]) -> bool:
    from hutong.linkage.catalogue import LISTS
    from hutong.linkage.read import guess_mapping

    table = LISTS[code].table
    found = set(guess_mapping(headers, table).values())
    return all(column.code in found for column in table.columns if column.required)


def check(folder: Path, request: dict[str, Any]) -> dict[str, Any]:
    """The list against its contract: ``accepted.parquet`` (contract form) and ``rejected.parquet`` in the folder."""
    import pyarrow.parquet as pq

    from hutong.domains.exchange.storage import staging
    from hutong.linkage.catalogue import LISTS
    from hutong.linkage.read import check_table

    checked = check_table(folder / request["file"], LISTS[request["list"]].table, request["mapping"] or None)
    accepted, rejected = staging.settle(checked)
    pq.write_table(accepted, folder / "accepted.parquet")
    pq.write_table(rejected, folder / "rejected.parquet")
    return staging.report(checked, accepted, rejected)


def _child(act: str, folder: Path, memory: int) -> None:
    from hutong.linkage.errors import LinkageError

    _limit(memory)
    request = json.loads((folder / "request.json").read_text("utf-8"))
    try:
        answer = {"peek": peek, "check": check}[act](folder, request)
    except LinkageError as error:
        answer = {"error": str(error)}
    (folder / "answer.json").write_text(json.dumps(answer, ensure_ascii=False), "utf-8")


def serve() -> None:
    """The helper: one line in, one child, one line out, until our parent closes the pipe."""
    import pyarrow.dataset
    import pyarrow.parquet

    from hutong.domains.exchange.storage import staging
    from hutong.linkage import read

    assert pyarrow.dataset and pyarrow.parquet and staging and read  # noqa: PT018 - loaded once, here
    for line in sys.stdin:
        act, folder, memory = json.loads(line)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                _child(act, Path(folder), memory)
                status = 0
            finally:
                os._exit(status)
        _, ended = os.waitpid(child, 0)
        print("ok" if ended == 0 else "died", flush=True)


if __name__ == "__main__":
    serve()
