"""The public self-check: plain answers become facts, facts become likely benefits. Nothing is read from or written to a table.

An answer nobody is sure of stands for several possibilities; what holds for all of them is likely, what holds for some
cannot be told yet. Dates are only asked to the month, terms only as longer or shorter than half a year.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from typing import Any, Final

from hutong.domains.policy import selectors as policy
from hutong.kernel.ages import add_months, completed_years

Facts = dict[str, Any]
MOST: Final = 64
"""Possibilities looked at: beyond that the answers say too little to tell anything apart."""

SITUATIONS: Final = {
    "home": "健在，能照顾孩子",
    "away": "健在，外出务工半年以上",
    "dead": "已经去世（包括法院宣告死亡）",
    "missing": "被法院宣告失踪",
    "lost": "失去联系",
    "prison": "在服刑、强制戒毒或被限制人身自由",
    "disabled": "有残疾",
    "ill": "患重病",
    "revoked": "被法院撤销监护人资格",
    "deported": "被遣送（驱逐）出境",
    "unknown": "不清楚",
}
LONG: Final = {"yes": "半年以上", "no": "不到半年", "unknown": "不清楚"}
GRADES: Final = {"1": "一级", "2": "二级", "3": "三级", "4": "四级", "unknown": "不清楚或没有办证"}
DISABILITIES: Final = {
    "visual": "视力", "hearing": "听力", "speech": "言语", "limb": "肢体", "intellectual": "智力", "mental": "精神",
    "multiple": "多重", "unknown": "不清楚",
}  # fmt: skip
PARENTS: Final = {"father": "父亲", "mother": "母亲"}
YES_NO: Final = {"yes": "是", "no": "否", "unknown": "不清楚"}
INCOMES: Final = {
    "none": "都不是", "dibao": "低保家庭", "tekun": "特困供养", "poor_registered": "建档立卡（脱贫、监测）家庭",
    "other_poor": "其他低收入家庭", "unknown": "不清楚",
}  # fmt: skip
STAGES: Final = {
    "none": "未上学", "preschool": "幼儿园", "primary": "小学", "junior": "初中", "senior": "普通高中", "vocational": "中职（技校）",
    "college": "大专（高职）", "undergrad": "本科", "master": "硕士研究生", "phd": "博士研究生",
}  # fmt: skip
LIVING: Final = {
    "parents": "父母", "mother": "母亲", "father": "父亲", "grandparents": "祖父母或外祖父母", "relatives": "其他亲属", "adopters": "收养家庭",
    "foster": "寄养家庭", "institution": "儿童福利机构", "school": "住校", "other": "其他人", "alone": "一个人住，没有大人照看",
}  # fmt: skip
WAS: Final = {
    "none": "没有",
    "ORPHAN": "认定为孤儿",
    "DEFACTO": "认定为事实无人抚养儿童",
    "unknown": "不清楚",
}
DANGERS: Final = {
    "hurt": "有人打骂、虐待、侵害孩子",
    "left": "孩子被遗弃，或者没有人管",
    "alone": "孩子一个人住，或者长时间没有大人照看",
}
ELSEWHERE: Final = "000000000000"


@dataclass(slots=True)
class Told:
    """Possibilities and the sentences in which the family said them, by the fact each became."""

    choices: list[list[Facts]] = field(default_factory=list)
    sentences: dict[str, str] = field(default_factory=dict)
    unsure: dict[str, str] = field(default_factory=dict)

    def say(self, sentence: str, *possible: Facts) -> None:
        """One answer: the facts it may stand for. Several: which of them is true is asked back in the sentence."""
        self.choices.append(list(possible))
        for name in {name for one in possible for name in one}:
            (self.sentences if len(possible) == 1 else self.unsure)[name] = sentence

    def possibilities(self) -> list[Facts]:
        made = []
        for chosen in product(*self.choices):
            made.append({name: value for one in chosen for name, value in one.items()})
            if len(made) == MOST:
                break
        return made


@dataclass(frozen=True, slots=True)
class Result:
    """One benefit as the family reads it."""

    likely: policy.Likely
    because: tuple[str, ...]
    needs: tuple[str, ...]


def places() -> list[tuple[str, str]]:
    """Where a policy of its own is on record, by the first digits of the area; the rest of the country last."""
    return [*policy.ruled_places(), ("", "其他地方")]


def dangers(answers: Mapping[str, Any]) -> list[str]:
    """What in the answers means that help is needed now."""
    said = [label for key, label in DANGERS.items() if key in (answers.get("danger") or ())]
    if answers.get("lives_with") == "alone" and DANGERS["alone"] not in said:
        said.append(DANGERS["alone"])
    return said


def check(answers: Mapping[str, Any], today: date) -> list[Result]:
    """What may be due by these answers, likely ones first."""
    area = str(answers["area"]).ljust(12, "0") if answers["area"] else ELSEWHERE
    told = _told(answers, area, today)
    possible = told.possibilities()
    results = []
    for one in policy.likely(possible, area, today):
        asked = _asked(told, one, possible, today) if not one.sure else ()
        because = tuple(dict.fromkeys(told.sentences[name] for name in one.because if name in told.sentences))
        results.append(Result(one, because, asked))
    return results


def _asked(told: Told, one: policy.Likely, possible: list[Facts], today: date) -> tuple[str, ...]:
    """What is to be found out, in the family's words where there are some: what the rules lack, and what makes a difference."""
    names = [
        *one.needs,
        *(name for name in told.unsure if name in one.rests_on and _matters(name, one, possible)),
    ]
    return tuple(dict.fromkeys(_question(told, name, today) for name in names))


def _matters(name: str, one: policy.Likely, possible: list[Facts]) -> bool:
    """Whether the outcome differs with this fact."""
    outcomes: dict[str, set[bool | None]] = {}
    for facts, value in zip(possible, one.values, strict=True):
        outcomes.setdefault(str(facts.get(name)), set()).add(value)
    return len({frozenset(found) for found in outcomes.values()}) > 1


def _question(told: Told, name: str, today: date) -> str:
    if name in told.unsure and (name not in told.sentences or name == "birth_date"):
        return told.unsure[name]
    return policy.whom_to_ask(name, today)


def _told(answers: Mapping[str, Any], area: str, today: date) -> Told:
    told = Told()
    told.choices.append([{"hukou_area": area, "registered": True}])
    _birth(told, int(answers["year"]), int(answers["month"]), today)
    for prefix, who in PARENTS.items():
        _parent(told, prefix, who, answers, today)
    _child(told, answers)
    return told


def _birth(told: Told, year: int, month: int, today: date) -> None:
    first, last = date(year, month, 1), min(date(year, month, monthrange(year, month)[1]), today)
    told.choices.append([{"birth_date": day} for day in dict.fromkeys((first, last))])
    told.sentences["birth_date"] = f"孩子 {year} 年 {month} 月出生（{completed_years(first, today)} 岁）"
    told.unsure["birth_date"] = "孩子出生的具体日期"


def _parent(told: Told, prefix: str, who: str, answers: Mapping[str, Any], today: date) -> None:
    situation = str(answers[prefix])
    if situation == "unknown":
        return  # nobody has told us: the rules say themselves that they cannot decide
    words = f"{who}{SITUATIONS[situation]}"
    there = {f"{prefix}_known": True}

    def facts(**more: Any) -> Facts:
        return there | {f"{prefix}_{name}": value for name, value in more.items()}

    ago, ahead = add_months(today, -12), add_months(today, 12)
    long = str(answers.get(f"{prefix}_long") or "unknown")
    match situation:
        case "dead":
            told.say(words, facts(died_on=today - timedelta(days=1)))
        case "missing":
            told.say(words, facts(missing_on=today - timedelta(days=1)))
        case "revoked":
            told.say(words, facts(revoked_on=today - timedelta(days=1)))
        case "deported":
            told.say(words, facts(deported_on=today - timedelta(days=1)))
        case "ill":
            told.say(words, facts(ill_on=today - timedelta(days=1)))
        case "away":
            told.say(words, facts(work_since=ago))
        case "prison":
            served = facts(prison_from=ago, prison_to=ahead)
            short = facts(prison_from=today - timedelta(days=1), prison_to=today + timedelta(days=30))
            _by_length(told, words, long, served, short, f"{who}的刑期（期限）是不是半年以上")
        case "lost":
            # the police receipt, or the village's finding, is what the office will ask for
            gone = facts(lost_since=ago)
            _by_length(told, words, long, gone, dict(there), f"{who}失去联系是不是半年以上")
        case "disabled":
            _disabled(told, f"{prefix}_", who, answers, there)
        case _:
            told.say(words, there)


def _by_length(told: Told, words: str, long: str, yes: Facts, no: Facts, question: str) -> None:
    if long == "unknown":
        told.say(question, yes, no)
    else:
        told.say(f"{words}，{LONG[long]}", yes if long == "yes" else no)


def _disabled(told: Told, prefix: str, who: str, answers: Mapping[str, Any], there: Facts) -> None:
    kind, grade = (
        str(answers.get(f"{prefix}kind") or "unknown"),
        str(answers.get(f"{prefix}grade") or "unknown"),
    )
    kinds = [kind] if kind != "unknown" else ["limb", "intellectual", "hearing"]
    grades = [int(grade)] if grade != "unknown" else [1, 3, 4]
    possible = [there | {f"{prefix}dis_{one}": level} for one in kinds for level in grades]
    if len(possible) == 1:
        told.say(f"{who}{DISABILITIES[kind]}残疾{GRADES[grade]}", *possible)
    else:
        told.say(f"{who}残疾的类别和等级（看残疾人证）", *possible)


def _child(told: Told, answers: Mapping[str, Any]) -> None:
    lives = str(answers["lives_with"])
    place = {"institution": "institution", "foster": "foster"}.get(lives, "home")
    told.say(
        f"孩子现在和{LIVING[lives]}一起生活"
        if lives not in ("alone", "school", "institution")
        else f"孩子：{LIVING[lives]}",
        {"lives_with": lives, "place": place, "adopted": lives == "adopters"},
    )
    told.say(f"孩子在读{STAGES[str(answers['school'])]}", {"school": answers["school"]})
    _yes_no(told, str(answers["ill"]), "孩子患重病", "孩子是不是患重病", {"ill": True})
    _yes_no(told, str(answers["autism"]), "孩子有孤独症", "孩子有没有孤独症诊断", {"autism": True})
    income = str(answers["low_income"])
    if income == "unknown":
        told.say("家庭是不是低保、特困或低收入家庭", {"low_income": "dibao"}, {})
    elif income != "none":
        told.say(f"家庭是{INCOMES[income]}", {"low_income": income})
    if answers["disabled"] == "yes":
        _disabled(told, "", "孩子", {"kind": answers.get("kind"), "grade": answers.get("grade")}, {})
    elif answers["disabled"] == "unknown":
        told.say("孩子有没有残疾（可以申请免费评定）", {"dis_limb": 1}, {})
    was = str(answers.get("was") or "none")
    if was == "unknown":
        told.say("18岁以前是不是认定过孤儿或事实无人抚养儿童", {"was": "ORPHAN"}, {"was": "DEFACTO"}, {})
    elif was != "none":
        told.say(f"以前{WAS[was]}", {"was": was})


def _yes_no(told: Told, answer: str, sentence: str, question: str, facts: Facts) -> None:
    if answer == "yes":
        told.say(sentence, facts)
    elif answer == "unknown":
        told.say(question, facts, {})


def choices(labels: Mapping[str, str], without: Iterable[str] = ()) -> list[tuple[str, str]]:
    return [(key, label) for key, label in labels.items() if key not in set(without)]
