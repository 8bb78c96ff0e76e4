"""What the registry refuses, in sentences for the user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hutong.domains.registry.models import Child


class Refused(Exception):
    """Not possible as given. ``field`` names the form field it concerns, '' the whole."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class Taken(Refused):
    """The ID number already has a file somewhere. ``child`` only where the asker may see it."""

    def __init__(self, child: Child | None) -> None:
        where = "请打开已有档案办理。" if child else "请联系县级民政核对。"
        super().__init__(f"该身份证号已有档案，{where}", "id_number")
        self.child = child


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be the same child. ``likeness`` in percent; ``why`` in words."""

    child: Child
    likeness: int
    why: str


class Doubles(Refused):
    """Files of likely the same child: each must be opened or judged with a reason before a new one is made."""

    def __init__(self, candidates: list[Candidate]) -> None:
        super().__init__("可能已有档案，请逐一核对：是同一人就打开已有档案；不是同一人请写明理由。")
        self.candidates = candidates


class Conflict(Refused):
    """Somebody saved in between. ``fields``: name → (their value now, yours)."""

    def __init__(self, current: Child, fields: dict[str, tuple[Any, Any]]) -> None:
        super().__init__("您打开之后，已有人修改过这份档案。请对照两边的值，确认后再保存。")
        self.current = current
        self.fields = fields


class Stale(Refused):
    """File or proposal are no longer what the decider saw: look again and decide again."""

    def __init__(self) -> None:
        super().__init__("您打开之后或提交申请之后，有关内容已有变化。请对照现在的内容重新决定。")
