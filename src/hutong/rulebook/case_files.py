"""Files of cases: a YAML list or JSON lines. One bad case spoils no other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hutong.rulebook import yaml_files
from hutong.rulebook.case_facts import CaseError, Fault
from hutong.rulebook.yaml_files import FileError


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands at one place of a file: a case (as written, unchecked), or what is wrong there."""

    line: int
    said: Any
    fault: str = ""
    file: str = ""
    """The file's name and a space, where a whole folder is read."""

    @property
    def case(self) -> dict[str, Any]:
        """CaseError where it is no case at all."""
        if self.fault:
            raise CaseError(f"（第 {self.line} 行起）", [Fault("", self.fault)])
        if not isinstance(self.said, dict):
            raise CaseError(f"（第 {self.line} 行起）", [Fault("", "应写成键值（id、pack、asof、child……）")])
        return self.said

    @property
    def name(self) -> str:
        """Its id, as the file says it."""
        return str(self.said.get("id") or "") if isinstance(self.said, dict) else ""


def entries(path: Path) -> list[Entry]:
    """Every place of the file in order; an id used before is a fault. FileError if it is no list of cases at all. Of a
    folder, every file of cases below it in the order of their names."""
    if path.is_dir():
        return _folder(path)
    text = yaml_files.read_text(path)
    lines = path.suffix in (".jsonl", ".ndjson", ".json") and not text.lstrip().startswith("[")
    found = _json_lines(text) if lines else _yaml(text, path.name)
    first: dict[str, int] = {}
    checked = []
    for one in found:
        if one.name and one.name in first:
            one = Entry(
                one.line, one.said, f"编号“{one.name}”与第 {first[one.name]} 行的案例重复，请改用不同的编号"
            )
        elif one.name:
            first[one.name] = one.line
        checked.append(one)
    return checked


def _folder(path: Path) -> list[Entry]:
    files = [one for one in sorted(path.rglob("*")) if one.suffix in (".yaml", ".yml", ".jsonl", ".ndjson")]
    if not files:
        raise FileError(f"{path.name} 中没有案例文件（.yaml 或 .jsonl）。")
    return [replace(one, file=f"{file.name} ") for file in files for one in entries(file)]


def read_cases(path: Path) -> Iterator[dict[str, Any]]:
    """The cases of a file or folder, none of them bad; FileError or CaseError at the first fault."""
    for one in entries(path):
        yield one.case


def _yaml(text: str, name: str) -> Iterator[Entry]:
    for line, said, fault in yaml_files.items(text, name):
        yield Entry(line, said, fault)


def _json_lines(text: str) -> Iterator[Entry]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield _json_line(number, line)


def _json_line(number: int, line: str) -> Entry:
    try:
        return Entry(number, json.loads(line, object_pairs_hook=_once))
    except FileError as error:
        return Entry(number, None, str(error))
    except (ValueError, RecursionError):
        return Entry(number, None, "不是有效的 JSON：每行应是一个完整的案例，请核对括号和引号")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise FileError(f"“{key}”出现两次，请保留一个")
        found[key] = value
    return found
