"""What is done with a sender's file inside the sandbox (``foundation.sandbox``): look at it, check it. No Django here."""

from __future__ import annotations

import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from hutong.domains.exchange.storage import gate, heads, patterns, staging
from hutong.foundation import sandbox
from hutong.linkage.catalogue import LISTS
from hutong.linkage.errors import LinkageError
from hutong.linkage.read import check_table, guess_mapping

MEMORY: Final = 2**30
"""Bytes a check may take at most; 300,000 rows of csv or 200,000 of xlsx were checked in 700 MB."""
CPU_SECONDS: Final = 120
_EVERY_CHECK: Final = 200 * 2**20
_PER_BYTE: Final = 8
"""A check gets this much memory, and as much again for every byte of the file unpacked."""
_BYTES_A_SECOND: Final = 2 * 2**20
_LIMITS: Final = {
    "peek": sandbox.LOOK,
    "check": sandbox.Limits(memory=MEMORY, cpu=CPU_SECONDS, written=2**30),
}
_KILLED: Final = "读取“{name}”用去的内存或时间超过上限，已停止，没有导入任何内容。请把文件分成几份，或另存为 csv 后再上传。"


class Refused(ValueError):
    """The file could be opened but not used; the text is for the sender."""


def run(act: str, folder: Path, name: str, **request: Any) -> dict[str, Any]:
    """Do ``act`` (peek, check) with ``file`` in ``folder`` (a workspace); Refused with the sentence when it does not work."""
    try:
        told = sandbox.run(f"{__name__}:{act}", folder, _LIMITS[act], name=name, **request)
    except sandbox.Killed:
        raise Refused(_KILLED.format(name=name)) from None
    if "error" in told:
        raise Refused(str(told["error"]))
    return told


def look(folder: Path, name: str, limits: gate.Limits) -> dict[str, Any]:
    """``sent`` in the folder, sent as ``name``: {"kind", "headers", "rows", "fits"}; the file is then ``file.<kind>``."""
    return run("peek", folder, name, file="sent", bounds=asdict(limits))


def peek(folder: Path, request: dict[str, Any]) -> dict[str, Any]:
    """What it is, its headers, about how many rows, and which lists the headers fit."""
    try:
        seen = gate.examine(folder / request["file"], request["name"], gate.Limits(**request["bounds"]))
    except gate.BadFile as error:
        return {"error": str(error)}
    path = (folder / request["file"]).rename(folder / f"file.{seen.kind}")
    try:
        headers = heads.of(path, _known)
    except LinkageError as error:
        return {"error": _as_sent(error, path, request)}
    fits = [code for code in LISTS if _fits(code, headers)]
    return {"kind": seen.kind, "headers": headers, "rows": seen.rows, "fits": fits}


def _as_sent(error: LinkageError, path: Path, request: dict[str, Any]) -> str:
    """The readers know the file by its name in the workspace, the sender by the name given."""
    return str(error).replace(f"“{path.name}”", f"“{request['name']}”")


def _known(header: str) -> bool:
    return any(guess_mapping([header], spec.table) for spec in LISTS.values())


def _fits(code: str, headers: list[str]) -> bool:
    table = LISTS[code].table
    found = set(guess_mapping(headers, table).values())
    return all(column.code in found for column in table.columns if column.required)


def check(folder: Path, request: dict[str, Any]) -> dict[str, Any]:
    """The list against its contract: ``accepted.parquet`` (contract form) and ``rejected.parquet`` in the folder."""
    path = folder / request["file"]
    unpacked = _unpacked(path)
    sandbox.tighten(memory=_EVERY_CHECK + _PER_BYTE * unpacked, cpu=2 + unpacked // _BYTES_A_SECOND)
    try:
        checked = check_table(path, LISTS[request["list"]].table, request["mapping"] or None)
    except LinkageError as error:
        return {"error": _as_sent(error, path, request)}
    accepted, rejected = staging.settle(checked)
    numbers = accepted["id_number"].to_pylist() if request.get("programs") else []
    if request.get("fictitious") and (real := patterns.not_fictitious(numbers)):
        return {
            "error": f"测试环境只收虚构人员：有 {real} 行的身份证号可能属于真实的人。请改用 500199、220399 或 99 开头的虚构号码。"
        }
    if told := patterns.counted_up(numbers):
        return {"error": told}
    pq.write_table(accepted, folder / "accepted.parquet")
    pq.write_table(rejected, folder / "rejected.parquet")
    return staging.report(checked, accepted, rejected)


def _unpacked(path: Path) -> int:
    """Bytes to read, as the file itself says; who lies gets too little."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as box:
            return sum(entry.file_size for entry in box.infolist())
    if path.suffix == ".parquet":
        about = pq.read_metadata(path)
        return sum(about.row_group(n).total_byte_size for n in range(about.num_row_groups))
    return path.stat().st_size
