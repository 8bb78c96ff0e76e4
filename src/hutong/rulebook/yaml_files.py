"""Text files people write by hand, read so that every fault has a line: not UTF-8, broken YAML, a key twice, no such day."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any

import yaml

from hutong.rulebook.expr import RuleError


class FileError(RuleError):
    """A file cannot be read; the sentence names it, the line and the remedy."""


def read_text(path: Path) -> str:
    """The text of a file in UTF-8 (with or without a byte order mark); FileError for anything else, and for nothing."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        why = "是一个目录" if path.is_dir() else "没有这个文件" if not path.exists() else "没有读取权限"
        raise FileError(f"{path}：{why}，请核对路径。") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise FileError(f"{path.name} 第 {line} 行不是 UTF-8 编码，请用 UTF-8 另存后重试。") from error
    if not text.strip():
        raise FileError(f"{path.name} 是空文件，请核对是否选错了文件。")
    return text


class _Loader(yaml.SafeLoader):
    """A date that does not exist stays text, for whoever checks the value to say so; a key twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: dict[str, int] = {}
        for key, _ in node.value:
            if key.value in seen and isinstance(key, yaml.ScalarNode):
                line = key.start_mark.line + 1
                raise FileError(f"第 {line} 行的“{key.value}”与第 {seen[key.value]} 行重复，请保留一个。")
            if isinstance(key, yaml.ScalarNode):
                seen[key.value] = key.start_mark.line + 1
        found: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return found

    def construct_day(self, node: yaml.ScalarNode) -> Any:
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError:
            return self.construct_scalar(node)


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_day)


def load(text: str, name: str) -> Any:
    """The content of one YAML document; FileError with file name and line."""
    loader, node = _composed(text, name)
    try:
        return loader.construct_document(node)
    except (FileError, yaml.YAMLError, ValueError) as error:
        raise FileError(f"{name} {_sentence(error)}") from error


def items(text: str, name: str) -> Iterator[tuple[int, Any, str]]:
    """The items of a YAML list one by one, as (line, item, what is wrong with it): one bad item spoils no other."""
    loader, node = _composed(text, name)
    if not isinstance(node, yaml.SequenceNode):
        raise FileError(f"{name} 应是一个列表：每项以“- ”开头。")
    for one in node.value:
        line = one.start_mark.line + 1
        try:
            yield line, loader.construct_document(one), ""
        except (FileError, yaml.YAMLError, ValueError) as error:
            yield line, None, _sentence(error)


def _composed(text: str, name: str) -> tuple[Any, Any]:
    try:
        loader: Any = _Loader(text)
        return loader, loader.get_single_node()
    except yaml.YAMLError as error:
        raise FileError(f"{name} {_sentence(error)}") from error
    except RecursionError as error:
        raise FileError(f"{name} 嵌套层数过多，请核对内容。") from error


def _sentence(error: Exception) -> str:
    if isinstance(error, FileError):
        return str(error)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = f"第 {mark.line + 1} 行第 {mark.column + 1} 列" if mark else ""
    return f"{place}不是有效的 YAML：请核对缩进、冒号后的空格、引号和括号是否成对。"
