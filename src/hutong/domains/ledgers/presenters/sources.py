"""What the registry can put into a cell of a 登记表, by the name the data gives it.

A source answers with what is known and with '' otherwise; for boxes to tick, with the labels to tick. What is not known is
left open, never concluded: no record of an illness does not tick 健康.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from hutong.domains.ledgers.presenters.people import Line
from hutong.domains.registry.machines import wording
from hutong.domains.registry.models import Circumstance, Kinship
from hutong.kernel import ids, money

Answer = str | tuple[str, ...]
Source = Callable[[Line], Answer]
INCAPABLE: Final = frozenset(
    {"disability", "serious_illness", "custody", "lost_contact", "guardianship_revoked", "deported"}
)
"""Circumstances of a parent in which guarding is not possible (2016 form, note)."""


def _facts(line: Line, subject: str, *kinds: str) -> list[Circumstance]:
    return [fact for fact in line.facts if fact.subject == subject and (not kinds or fact.kind in kinds)]


def _details(line: Line, subject: str, *kinds: str) -> str:
    return "、".join(fact.detail or fact.get_kind_display() for fact in _facts(line, subject, *kinds))


def _fact_words(subject: str) -> Source:
    return lambda line: "、".join(
        f"{fact.get_kind_display()}（{fact.since} 起）" for fact in _facts(line, subject)
    )


def _tick(condition: bool | None, yes: str = "是", no: str = "否") -> Answer:
    return {True: (yes,), False: (no,), None: ()}[condition]


def _body(line: Line) -> Answer:
    return tuple(
        label
        for label, kind in (("残疾", "disability"), ("患病", "serious_illness"))
        if _facts(line, "child", kind)
    )


def _registered(line: Line) -> Answer:
    return _tick({"NONE": False, "RESIDENT": True, "UNSEEN": True}.get(line.child.id_kind))


def _schooling(line: Line) -> Answer:
    child = line.child
    if child.school == "none":
        return ("未入园",) if child.age() < 6 else ()
    label = {
        "preschool": "幼儿园",
        "primary": "小学",
        "junior": "初中",
        "senior": "高中",
        "vocational": "中职",
    }
    return (label[child.school],) if child.school in label else ()


def _school_words(line: Line) -> str:
    if line.schooling is None:
        return wording.STAGES.get(line.child.school, "")
    stage = line.schooling.get_stage_display()
    return " ".join(filter(None, [stage, line.schooling.school_name, line.schooling.grade]))


def _away(line: Line) -> dict[str, bool]:
    return {parent: bool(_facts(line, parent, "migrant_work")) for parent in ("father", "mother")}


def _both_away(line: Line) -> Answer:
    return _tick(True if all(_away(line).values()) else None)


def _one_away(line: Line) -> Answer:
    away = _away(line)
    for parent, other in (("father", "mother"), ("mother", "father")):
        if away[parent] and not away[other] and _facts(line, other, *INCAPABLE):
            return _tick(True)
    return ()


def _kin(relation: str, part: str) -> Source:
    """Name, birth, id, phone or note of the first relative of the kind."""

    def answer(line: Line) -> str:
        tie = line.kin(relation)
        return _of(tie, part, line) if tie else ""

    return answer


def _of(tie: Kinship, part: str, line: Line) -> str:
    person = tie.person
    if part == "id":
        number = person.id_number
        return number if line.clear else ids.mask(number)
    if part == "phone":
        return line.phone(person.phone)
    if part == "birth":
        return str(person.birth_date or "")
    return person.name if part == "name" else tie.note


def _several(*relations: str) -> Source:
    return lambda line: "；".join(
        " ".join(filter(None, [tie.person.name, str(tie.person.birth_date or "")]))
        for tie in line.kinships
        if tie.relation in relations
    )


def _guard_2016(line: Line) -> Answer:
    """Today's 较差 has no counterpart among the five boxes of 2016 and is left to the hand."""
    label = {"GOOD": "较好", "FAIR": "一般", "ABSENT": "无人监护"}.get(line.child.guard)
    return (label,) if label else ()


def _relief(line: Line) -> Answer:
    return ("低保",) if any("低保" in fact.detail for fact in _facts(line, "child", "low_income")) else ()


def _raising(line: Line) -> Answer:
    child = line.child
    if child.place == "institution":
        return ("机构养育",)
    if child.place == "foster":
        return ("家庭寄养",)
    return ("亲属养育",) if child.lives_with in {"grandparents", "relatives"} else ()


def _guardian(part: str) -> Source:
    def answer(line: Line) -> str:
        if line.regime is not None and line.regime.who:
            tie = next((one for one in line.kinships if one.person_id == line.regime.person_id), None)
            return line.regime.who if part == "name" else (_of(tie, part, line) if tie else "")
        tie = line.kin("guardian", "grandparent", "relative")
        return _of(tie, part, line) if tie else ""

    return answer


def _class(line: Line) -> Answer:
    found = []
    if _facts(line, "child", "low_income"):
        found.append("家庭困境")
    if _facts(line, "child", "disability", "serious_illness"):
        found.append("自身困境")
    parents = [fact for fact in line.facts if fact.subject in {"father", "mother"} and fact.kind in INCAPABLE]
    if line.child.guard in {"POOR", "ABSENT"} or parents:
        found.append("监护困境")
    return tuple(found)


def _causes(line: Line) -> str:
    subjects = {"child": "本人", "father": "父亲", "mother": "母亲"}
    return "；".join(
        f"{subjects[fact.subject]}{fact.get_kind_display()}{'：' + fact.detail if fact.detail else ''}"
        for fact in line.facts
        if fact.subject in subjects and fact.kind != "migrant_work"
    )


def _policies(line: Line) -> str:
    return "；".join(
        f"{entry.get_scheme_display()}（{entry.since} 起"
        + (f"，每月 {money.format_yuan(entry.monthly)} 元）" if entry.monthly is not None else "）")
        for entry in line.roll
    )


_REASONS: Final = {code: label for code, label in wording.CLOSE_REASONS.items() if code != "ADOPTED"}
"""An adoption is told by its own compartment only."""
SOURCES: Final[dict[str, Source]] = {
    "name": lambda line: line.child.name,
    "sex": lambda line: wording.SEXES[line.child.sex],
    "ethnic": lambda line: line.child.ethnic,
    "birth_date": lambda line: str(line.child.birth_date),
    "id_number": lambda line: line.id_words,
    "file_no": lambda line: line.child.file_no,
    "registered": _registered,
    "registered_book": lambda line: _tick({"NONE": False}.get(line.child.id_kind), "有", "无"),
    "hukou": lambda line: line.hukou,
    "residence": lambda line: line.residence,
    "body": _body,
    "disability": lambda line: _details(line, "child", "disability"),
    "illness": lambda line: _details(line, "child", "serious_illness"),
    "schooling": _schooling,
    "school_words": _school_words,
    "school_name": lambda line: line.schooling.school_name if line.schooling else "",
    "grade": lambda line: line.schooling.grade if line.schooling else "",
    "boarding": lambda line: _tick(True if line.child.lives_with == "school" else None),
    "grandparents": _several("grandparent"),
    "others": _several("sibling", "stepparent", "relative"),
    **{f"{who}_{part}": _kin(who, part) for who in ("father", "mother", "carer") for part in ("name", "birth", "id", "phone")},
    "father_work": lambda line: _details(line, "father", "migrant_work"),
    "mother_work": lambda line: _details(line, "mother", "migrant_work"),
    **{f"{who}_facts": _fact_words(who) for who in ("father", "mother")},
    "carer_relation": _kin("carer", "note"),
    "both_away": _both_away,
    "one_away": _one_away,
    "entrusted": lambda line: _tick(line.child.entrusted, "有", "无"),
    "guard_2016": _guard_2016,
    "guard": lambda line: (wording.GUARD[line.child.guard],) if line.child.guard else (),
    "relief": _relief,
    "category": lambda line: tuple(wording.SCHEMES.get(entry.scheme, "") for entry in line.roll),
    "since": lambda line: "、".join(str(entry.since) for entry in line.roll),
    "monthly": lambda line: "、".join(money.format_yuan(one.monthly) for one in line.roll if one.monthly is not None),
    "payee_name": lambda line: line.child.payee_name,
    "payee_bank": lambda line: line.child.payee_bank,
    "payee_account": lambda line: line.account_words,
    "raising": _raising,
    "stopped_on": lambda line: "、".join(str(entry.until) for entry in line.stopped),
    "stop_reason": lambda line: _REASONS.get(line.child.close_reason, "") if line.stopped else "",
    "guardian_name": _guardian("name"),
    "guardian_phone": _guardian("phone"),
    "regime": lambda line: line.regime.get_kind_display() if line.regime else "",
    "regime_basis": lambda line: line.regime.basis if line.regime else "",
    "lives_with": lambda line: wording.LIVES_WITH.get(line.child.lives_with, ""),
    "difficulty_class": _class,
    "causes": _causes,
    "policies": _policies,
    "needs": lambda line: line.health.needs if line.health else "",
    "director": lambda line: line.director,
    "supervisor": lambda line: line.supervisor,
}  # fmt: skip
