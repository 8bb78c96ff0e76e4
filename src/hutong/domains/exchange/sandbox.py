"""Reading a stranger's file, in a process of its own with little memory and time (TM-10). No Django here.

``python -m hutong.domains.exchange.sandbox peek|check REQUEST`` where REQUEST is a JSON file naming what to read;
the answer is ``answer.json`` beside it. A file that explodes in the reader kills this process and nothing else.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

MEMORY: Final = 2 * 2**30
"""Bytes of address space, of which a well-behaved file of the maximum size needs about half."""
CPU_SECONDS: Final = 120
_KILLED: Final = "读取“{name}”用去的内存或时间超过上限，已停止，没有导入任何内容。请把文件分成几份，或另存为 csv 后再上传。"


class Refused(ValueError):
    """The file could be opened but not used; the text is for the sender."""


def run(act: str, folder: Path, name: str, **request: Any) -> dict[str, Any]:
    """Do ``act`` in the sandbox inside ``folder`` (a workspace); Refused with the sentence when it does not work."""
    (folder / "request.json").write_text(json.dumps(request, ensure_ascii=False), "utf-8")
    command = [sys.executable, "-m", __name__, act, str(folder)]
    environment = {"PATH": "/usr/bin:/bin", "ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1",
                   "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": ":".join(sys.path), "PYTHONUTF8": "1"}  # fmt: skip
    try:
        done = subprocess.run(
            command, env=environment, timeout=CPU_SECONDS * 2, capture_output=True, check=False, cwd=folder
        )
    except subprocess.TimeoutExpired:
        raise Refused(_KILLED.format(name=name)) from None
    answer = folder / "answer.json"
    if done.returncode != 0 or not answer.exists():
        raise Refused(_KILLED.format(name=name))
    told: dict[str, Any] = json.loads(answer.read_text("utf-8"))
    answer.unlink()
    if isinstance(told.get("refused"), str):  # a number is the count of rows sent back
        raise Refused(str(told["refused"]).replace(f"“{request['file']}”", f"“{name}”"))
    return told


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


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
            "refused": f"“{request['file']}”只有表头，没有数据行。没有人员时无须上传；如导出有误请重新导出。"
        }
    if rows > request["max_rows"]:
        return {
            "refused": f"“{request['file']}”有 {rows:,} 行，超过一次 {request['max_rows']:,} 行的上限，请分成几份上传。"
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

    from hutong.domains.exchange import staging
    from hutong.linkage.catalogue import LISTS
    from hutong.linkage.read import check_table

    checked = check_table(folder / request["file"], LISTS[request["list"]].table, request["mapping"] or None)
    accepted, rejected = staging.settle(checked)
    pq.write_table(accepted, folder / "accepted.parquet")
    pq.write_table(rejected, folder / "rejected.parquet")
    return staging.report(checked, accepted, rejected)


def main(act: str, place: str) -> None:
    folder = Path(place)
    request = json.loads((folder / "request.json").read_text("utf-8"))
    _limit()
    from hutong.linkage.errors import LinkageError

    try:
        answer = {"peek": peek, "check": check}[act](folder, request)
    except LinkageError as error:
        answer = {"refused": str(error)}
    (folder / "answer.json").write_text(json.dumps(answer, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
