"""The columns of a ledger: heading, width, and how a child's cell is written. Blank where the registry holds nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hutong.domains.ledgers.presenters.people import Line
from hutong.domains.registry.machines import wording
from hutong.kernel import money

Cell = Callable[[Line], str]


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` in characters, as spreadsheets count; ``screen``: also shown in the list on screen."""

    code: str
    label: str
    width: int
    cell: Cell
    screen: bool = False


def _category(line: Line) -> str:
    return "、".join(wording.SCHEMES.get(entry.scheme, entry.scheme) for entry in line.roll)


def _since(line: Line) -> str:
    return "、".join(str(entry.since) for entry in line.roll)


def _monthly(line: Line) -> str:
    return "、".join(money.format_yuan(entry.monthly) for entry in line.roll if entry.monthly is not None)


def _school(line: Line) -> str:
    stage = wording.STAGES.get(line.child.school, "")
    if line.schooling is None:
        return stage
    return " ".join(filter(None, [stage, line.schooling.school_name, line.schooling.grade]))


def _parents(line: Line) -> str:
    """Father and mother with their telephone, where known."""
    return "；".join(line.kin_words(relation) for relation in ("father", "mother") if line.kin(relation))


def _circumstances(line: Line) -> str:
    subjects = {"child": "本人", "father": "父", "mother": "母"}
    return "、".join(
        f"{subjects.get(fact.subject, '')}{wording.CIRCUMSTANCES.get(fact.kind, '')}" for fact in line.facts
    )


def _yes(value: bool | None) -> str:
    return {True: "是", False: "否", None: ""}[value]


_ALL: Final = (
    Column("seq", "序号", 6, lambda line: str(line.no)),
    Column("file_no", "档案号", 17, lambda line: line.child.file_no),
    Column("name", "姓名", 10, lambda line: line.child.name, True),
    Column("sex", "性别", 6, lambda line: wording.SEXES[line.child.sex], True),
    Column("birth_date", "出生日期", 12, lambda line: str(line.child.birth_date), True),
    Column("id_number", "身份证件号码", 21, lambda line: line.id_words, True),
    Column("ethnic", "民族", 8, lambda line: line.child.ethnic),
    Column("hukou", "户籍地", 26, lambda line: line.hukou),
    Column("residence", "现居住地", 30, lambda line: line.residence, True),
    Column("category", "类别", 16, _category, True),
    Column("since", "纳入日期", 12, _since),
    Column("monthly", "月标准（元）", 12, _monthly),
    Column("parents", "父母姓名、电话", 30, _parents),
    Column("lives_with", "同住人", 10, lambda line: wording.LIVES_WITH.get(line.child.lives_with, "")),
    Column("guardian", "监护人、关系、电话", 28, lambda line: line.guardian_words),
    Column("carer", "受委托照护人、电话", 26, lambda line: line.kin_words("carer")),
    Column("entrusted", "已签委托照护", 10, lambda line: _yes(line.child.entrusted)),
    Column("circumstances", "致困情形", 26, _circumstances),
    Column("guard", "监护状况", 10, lambda line: wording.GUARD.get(line.child.guard, ""), True),
    Column("school", "就学", 20, _school),
    Column("health", "健康状况", 20, lambda line: line.health.summary if line.health else ""),
    # nothing in the registry yet: a blank to write in, never invented
    Column("activities", "关爱活动", 14, lambda line: ""),
    Column("director", "儿童主任", 12, lambda line: line.director),
    Column("note", "备注", 12, lambda line: ""),
)
COLUMNS: Final = {column.code: column for column in _ALL}
