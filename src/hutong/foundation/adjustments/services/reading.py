"""A list of places from a file: looked at in the sandbox, then named as people write places."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Final

from hutong.foundation import sandbox
from hutong.foundation.adjustments import listfile
from hutong.foundation.adjustments.services.errors import AdjustmentRefused
from hutong.foundation.network import areas_source
from hutong.foundation.network.models import Area
from hutong.foundation.network.place_names import township_name, village_name
from hutong.kernel import areas

LARGEST: Final = 8 * 2**20
"""Bytes of an upload: the villages of a province take 3 MB."""
TOO_LARGE: Final = "文件超过 8 MB。请按市或县导出清单，分别比对；全国清单请由管理员用命令比对。"
_ACT: Final = f"{listfile.__name__}:look"
_OPERATOR: Final = sandbox.Limits(memory=2**30, cpu=60, written=256 * 2**20)
"""The whole country, by the command line."""
_KILLED: Final = (
    "读取清单用去的内存或时间超过上限，已停止，没有比对。请重新导出为 CSV，或按县分成几份后再上传。"
)


def read(path: Path, within: str) -> tuple[dict[str, str], str]:
    """Code → name of the places in and below ``within``, and the file's digest. Raises AdjustmentRefused."""
    content = path.read_bytes()
    if path.suffix in {".tgz", ".gz"}:  # the pinned package, whose names come as people write them
        listed = {
            code: name
            for code, name in areas_source.read(path, (areas.pad(within),))
            if areas.contains(within, code)
        }
    else:
        listed = _as_shown(_looked(content, within, _OPERATOR), within)
    return listed, hashlib.sha256(content).hexdigest()


def read_upload(content: bytes, within: str) -> tuple[dict[str, str], str]:
    """The same from an upload, CSV or Parquet by its content."""
    if len(content) > LARGEST:
        raise AdjustmentRefused(TOO_LARGE)
    return _as_shown(_looked(content, within, sandbox.LOOK), within), hashlib.sha256(content).hexdigest()


def _looked(content: bytes, within: str, limits: sandbox.Limits) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as workspace:
        folder = Path(workspace)
        (folder / "sent").write_bytes(content)
        try:
            told = sandbox.run(_ACT, folder, limits, within=areas.pad(within))
        except sandbox.Killed:
            raise AdjustmentRefused(_KILLED) from None
        if "error" in told:
            raise AdjustmentRefused(told["error"], told["problems"])
        listed: dict[str, str] = json.loads((folder / "listed.json").read_text("utf-8"))
        return listed


def _as_shown(listed: dict[str, str], within: str) -> dict[str, str]:
    """Official names shortened as the first loading shortens them (柳村民委员会 → 柳村), else every village would differ.

    A name in force exactly as listed stays as it is.
    """
    lo, hi = areas.bounds(within)
    wanted = Area.objects.filter(code__gte=lo, code__lt=hi) | Area.objects.filter(
        code__in=areas.ancestors(within)
    )
    present = dict(wanted.values_list("code", "name"))
    shown: dict[str, str] = {}
    for code in sorted(listed):  # wider ones first
        official, level = listed[code], areas.level(code)
        above = tuple(
            shown.get(one) or present.get(one, "") for one in (code[:width].ljust(12, "0") for width in (4, 6, 9))
        ) if level in ("township", "village") else ()  # fmt: skip
        if present.get(code) == official or not above:
            shown[code] = official
        else:
            shown[code] = (
                village_name(official, above) if level == "village" else township_name(official, above[:2])
            )
    return shown
