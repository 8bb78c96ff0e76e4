"""The shape of a ``pack.yaml``: every fault in it as a sentence with its place. What the values mean is ``validating``'s."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from hutong.rulebook.nearest import hint
from hutong.rulebook.packs.keys import KEYS

MARKS: Final = ("assumption", "verify", "not_loaded")
COLUMNS: Final = {
    "label": "名称", "from": "施行日期", "inherits": "继承", "adopts": "施行的规则", "drops": "停用的规则", "params": "参数",
}  # fmt: skip
LINE: Final = {
    "from": "施行日期", "value": "数值", "source": "依据", "area": "地区", "mark": "标记",
}  # fmt: skip


def faults(raw: Any, place: str) -> Iterator[str]:
    """What is wrong with the shape of one pack file."""
    if not isinstance(raw, dict):
        yield f"{place} 不是一个政策包：最外层应为键值。"
        return
    for word in sorted(set(map(str, raw)) - set(COLUMNS)):
        yield f"{place} 有不认识的栏目“{word}”{hint(word, _spellings(COLUMNS))}"
    for word in ("label", "inherits"):
        if word in raw and (not isinstance(raw[word], str) or not raw[word].strip()):
            yield f"{place} 的 {word} 应为文字。"
    if "from" in raw and not isinstance(raw["from"], date):
        yield f"{place} 的 from 应为施行日期（写成 2021-01-01，且确有这一天），现为“{raw['from']}”。"
    for word in ("adopts", "drops"):
        names = raw.get(word) or []
        if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
            yield f"{place} 的 {word} 应为规则名的列表。"
        else:
            yield from (
                f"{place} 的 {word} 中“{one}”写了两次。"
                for one in sorted({n for n in names if names.count(n) > 1})
            )
    params = raw.get("params") or {}
    if not isinstance(params, dict):
        yield f"{place} 的 params 应为“参数: 各行”。"
        return
    for key, entries in params.items():
        yield from _key(place, str(key), entries)


def _key(place: str, key: str, entries: Any) -> Iterator[str]:
    where = f"{place} 参数“{key}”"
    if key not in KEYS:
        labels = {name: told.label for name, told in KEYS.items()}
        yield f"{where}不在参数表中{hint(key, _spellings(labels))}新的参数请先在 packs/keys.py 登记。"
        return
    if not isinstance(entries, list) or not entries:
        yield f"{where}应为一组带 from、value、source 的行。"
        return
    for number, entry in enumerate(entries, 1):
        yield from _line(f"{where}第 {number} 行", key, entry)


def _line(where: str, key: str, entry: Any) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield f"{where}应写成 {{from, value, source}}。"
        return
    for word in sorted(set(map(str, entry)) - set(LINE)):
        yield f"{where}有不认识的键“{word}”{hint(word, _spellings(LINE))}"
    if "from" not in entry:
        yield f"{where}缺少施行日期 from（写成 2021-01-01）。"
    elif not isinstance(entry["from"], date):
        yield f"{where}的施行日期“{entry['from']}”不对：应写成 2021-01-01，且确有这一天。"
    if not str(entry.get("source") or "").strip():
        yield f"{where}缺少依据 source；没有依据的数值不得施行。"
    if "area" in entry and not isinstance(entry["area"], str):
        yield f"{where}的地区 area 应为加引号的区划代码，如 '500114'。"
    mark = str(entry.get("mark") or "")
    if mark and mark not in MARKS:
        yield f"{where}的 mark 只能是 {'、'.join(MARKS)}{hint(mark, MARKS)}"
    yield from _value(where, key, entry, mark)


def _value(where: str, key: str, entry: Mapping[str, Any], mark: str) -> Iterator[str]:
    if "value" not in entry:
        yield f"{where}缺少 value。"
    elif entry["value"] is None and mark != "not_loaded":
        yield f"{where}没有数值；确实尚未录入的，请注明 mark: not_loaded。"
    elif entry["value"] is not None and mark == "not_loaded":
        yield f"{where}既有数值又注明 not_loaded；已录入的请去掉 mark。"
    elif entry["value"] is not None and not KEYS[key].accepts(entry["value"]):
        yield f"{where}的数值 {entry['value']!r} 类型不对，应为：{KEYS[key].expects}。"


def _spellings(words: Mapping[str, str]) -> dict[str, str]:
    return {**{label: word for word, label in words.items()}, **{word: word for word in words}}
