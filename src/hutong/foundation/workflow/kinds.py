"""Names of the kinds of worklist items, for filters and rows. Apps register theirs in ``ready()``."""

from __future__ import annotations

_labels: dict[str, str] = {"workflow.late": "逾期督办", "audit.mismatch": "日志异常"}
_staying: set[str] = set()


def register(kind: str, label: str, *, stays: bool = False) -> None:
    """``stays``: an item of this kind belongs to the place where it arose, also when the child goes elsewhere."""
    _labels[kind] = label
    if stays:
        _staying.add(kind)


def stays(kind: str) -> bool:
    return kind in _staying


def label(kind: str) -> str:
    """The registered name; for an unregistered kind a neutral word, never a code."""
    return _labels.get(kind, "待办事项")


def choices() -> list[tuple[str, str]]:
    return sorted(_labels.items(), key=lambda pair: pair[1])
