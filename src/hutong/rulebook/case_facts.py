"""A case as a person writes it → the facts rules read. Every wrong word is told, with the nearest right one.

The dictionary is the data contract's (section 4). What is omitted is *no*; a parent who is omitted is alive, capable and at
home. That is the writer's word, so it is told as such: only a parent of status ``unknown`` stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from hutong.kernel.areas import pad
from hutong.kernel.facts import DISABILITY_TYPES, PARENTS
from hutong.rulebook import places
from hutong.rulebook.expr import RuleError, Value
from hutong.rulebook.facts import FACTS_BY_NAME, VALUE_LABELS
from hutong.rulebook.nearest import hint, nearest
from hutong.rulebook.ruleset import RULES

Case = Mapping[str, Any]

CASE_WORDS: Final = {
    "id": "编号", "title": "标题", "src": "来源", "note": "备注", "pack": "政策包", "asof": "基准日", "child": "儿童", "father": "父亲",
    "mother": "母亲", "expect": "应有结果",
}  # fmt: skip
PARENT_WORDS: Final = {
    "status": "状态", "prison": "服刑", "rehab": "强制隔离戒毒", "detention": "其他限制人身自由", "ill": "重病", "dis": "残疾",
    "lost": "失联", "revoked": "撤销监护资格", "deported": "遣送出境", "work": "外出务工", "judged": "综合判断",
}  # fmt: skip
_RENAMED: Final = {
    "birth": "birth_date", "hukou": "hukou_area", "residence": "residence_area", "lowincome": "low_income",
    "entrust": "entrusted", "active": "roll",
}  # fmt: skip
_WRITTEN: Final = {name: word for word, name in _RENAMED.items()}
_SPECIAL: Final = {"no_hukou": "无户籍", "dis": "残疾", "other_monthly": "已享受其他生活补助"}
_STATUS: Final = {
    "dead": "死亡", "declared_dead": "宣告死亡", "declared_missing": "宣告失踪", "unknown": "身份不明",
}  # fmt: skip
_JUDGED: Final = set(PARENT_WORDS) - {"work", "judged"}
"""What a case may say of a parent that makes one ask whether the parent can care for the child."""
_SCHEMES: Final = {
    "ORPHAN": "孤儿", "ORPHAN-I": "集中供养孤儿", "ORPHAN-S": "散居孤儿", "REF-ORPHAN": "参照孤儿", "DEFACTO": "事实无人抚养儿童",
    "LB": "留守儿童", "TEKUN": "特困", **{r.code: r.label for r in RULES.values() if r.kind == "category" and r.code},
}  # fmt: skip
_CODES: Final[dict[str, dict[str, str]]] = {**VALUE_LABELS, "was": _SCHEMES, "roll": _SCHEMES}
_CHILD: Final = {n: f for n, f in FACTS_BY_NAME.items() if not n.startswith(("father_", "mother_"))}
_NULL_BOOLS: Final = {"enrolled"}
_YES_BOOLS: Final = {"full_time", "dis_cert", "confirmed"}
_YES: Final[dict[Any, bool]] = {"是": True, "否": False, True: True, False: False}  # 1 and 0 are among them
YEARS: Final = (1900, 2100)
"""What a case may speak of; beyond, a day plus some months would be no day any more."""
_DAY: Final = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")


@dataclass(frozen=True, slots=True)
class Fault:
    """``place`` in the case, what is wrong there with the remedy, and the value as it was written ('' where it is a word)."""

    place: str
    told: str
    value: str = ""

    def sentence(self, *, quoting: bool = True) -> str:
        """Without ``quoting`` no value is repeated, for it may be somebody's data."""
        if quoting and self.value:
            return f"{self.place}（现为“{self.value}”）{self.told}"
        return f"{self.place} {self.told}".strip()


class CaseError(RuleError):
    """A case cannot be read; the sentence names the case and everything that is wrong in it."""

    def __init__(self, name: object, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            f"案例 {name}：" + "；".join(one.sentence().rstrip("。") for one in self.faults) + "。"
        )


def facts_from_case(case: Case) -> dict[str, Value]:
    """The fact dictionary of one case, as ``Book.evaluate_one`` takes it; CaseError with every fault."""
    return _checked(case, packed=False)[0]


def checked(case: Any) -> tuple[dict[str, Value], str, date]:
    """Facts, pack name and day of one case; CaseError with every fault in it."""
    return _checked(case, packed=True)


def _checked(case: Any, *, packed: bool) -> tuple[dict[str, Value], str, date]:
    reader = _Reader()
    if not isinstance(case, Mapping):
        raise CaseError("", [Fault("案例", f"应写成键值（id、pack、asof、child……），而不是{_kind(case)}")])
    reader.known("案例", case, CASE_WORDS)
    pack = case.get("pack")
    if packed and (not isinstance(pack, str) or not pack):
        reader.fault("pack", "应为政策包的名称，如 CQ-2021", pack)
    as_of = reader.day("asof", case.get("asof")) or date.min
    facts: dict[str, Value] = {"child_id": str(case.get("id") or ""), "as_of": as_of}
    facts |= reader.child(reader.mapping("child", case.get("child")))
    for prefix, _ in PARENTS:
        said = reader.mapping(prefix, case.get(prefix))
        facts |= {f"{prefix}_{k}": v for k, v in reader.parent(prefix, said, as_of).items()}
    if reader.faults:
        raise CaseError(case.get("id") or "（未编号）", reader.faults)
    return facts, str(pack), as_of


def _kind(value: object) -> str:
    if isinstance(value, list | Mapping):
        return "列表" if isinstance(value, list) else "键值"
    return "空白" if value is None else "单个的值"


@dataclass
class _Reader:
    """Reads one case to its end, noting faults; a value that cannot be read is None."""

    faults: list[Fault] = field(default_factory=list)

    def fault(self, place: str, told: str, value: object = None) -> None:
        plain = isinstance(value, str | int | float | date)
        self.faults.append(
            Fault(place, told, "" if value is None else str(value)[:60] if plain else _kind(value))
        )

    def mapping(self, place: str, said: Any) -> Mapping[str, Any]:
        if said is None or isinstance(said, Mapping):
            return said or {}
        self.fault(place, f"应写成键值，而不是{_kind(said)}")
        return {}

    def known(self, place: str, said: Mapping[Any, Any], words: Mapping[str, str]) -> None:
        spellings = {**{label: word for word, label in words.items()}, **{word: word for word in words}}
        for word in said:
            if word not in words:
                self.fault(place, f"中有不认识的“{str(word)[:40]}”{hint(word, spellings)}")

    def day(self, place: str, value: Any) -> date | None:
        found = value.date() if isinstance(value, datetime) else value
        if not isinstance(found, date):
            text = "" if value is None else str(value) if isinstance(value, str | int) else "-"
            try:
                found = date.fromisoformat(text)
            except ValueError:
                why = "没有这一天，请核对年月日" if _DAY.fullmatch(text) else "应为 2021-03-15 这样的日期"
                self.fault(place, why, value)
                return None
        if not YEARS[0] <= found.year <= YEARS[1]:
            self.fault(place, f"年份应在 {YEARS[0]} 至 {YEARS[1]} 之间", value)
            return None
        return found

    def yes(self, place: str, value: Any) -> bool | None:
        try:
            return _YES[value]
        except (KeyError, TypeError):
            self.fault(place, "应为 true 或 false（是或否）", value)
            return None

    def whole(self, place: str, value: Any, most: int | None = None) -> int | None:
        text = str(value)
        if (
            not isinstance(value, bool)
            and text.isascii()
            and text.isdigit()
            and (most is None or 1 <= int(text) <= most)
        ):
            return int(text)
        self.fault(
            place, "应为不小于零的整数" if most is None else f"应为 1 至 {most} 的整数（1 为最重）", value
        )
        return None

    def code(self, place: str, value: Any, codes: Mapping[str, str], *, closed: bool = True) -> str | None:
        """``closed``: nothing but these codes; else only what is nearly one of them is taken for a slip."""
        spellings = {**{label: code for code, label in codes.items()}, **{code: code for code in codes}}
        free = not closed and isinstance(value, str) and nearest(value, spellings, 0.8) is None
        if isinstance(value, str) and (value in codes or free):
            return value
        self.fault(place, f"不是可用的值{hint(value, spellings)}", value)
        return None

    def area(self, place: str, value: Any) -> str | None:
        wrong = places.fault(str(value))
        if wrong:
            self.fault(place, wrong, value)
            return None
        return pad(str(value))

    def child(self, said: Mapping[str, Any]) -> dict[str, Value]:
        facts: dict[str, Value] = {
            n: n in _YES_BOOLS for n, f in _CHILD.items() if f.type == "bool" and n not in _NULL_BOOLS
        }
        facts |= {
            "place": "home",
            "registered": not self.yes("child.no_hukou", said.get("no_hukou") or False),
        }
        self.known("child", said, _child_words())
        for word, value in said.items():
            name = _RENAMED.get(word, word)
            if word in _child_words() and word not in _SPECIAL and value not in ("", None):
                facts[name] = self.value(f"child.{word}", name, value)
        if said.get("other_monthly") not in (None, ""):
            facts["other_monthly"] = self.money("child.other_monthly", said["other_monthly"])
        return facts | self.disabilities("child.dis", said.get("dis"))

    def value(self, place: str, name: str, value: Any) -> Value:
        kind = _CHILD[name].type
        if kind == "date":
            return self.day(place, value)
        if kind == "bool":
            return self.yes(place, value)
        if kind == "int":
            return self.whole(place, value, 4 if name.startswith("dis_") else None)
        if name.endswith("_area"):
            return self.area(place, value)
        if name == "roll":
            return self.roll(place, value)
        if name in _CODES:
            return self.code(place, value, _CODES[name], closed=name != "lives_with")
        return self.text(place, value)

    def text(self, place: str, value: Any) -> str | None:
        if isinstance(value, str | int) and not isinstance(value, bool):
            return str(value)
        self.fault(place, "应为文字", value)
        return None

    def roll(self, place: str, value: Any) -> str:
        items = value if isinstance(value, list) else str(value).split(",")
        return ",".join(sorted(filter(None, (self.code(place, one, _SCHEMES) for one in items))))

    def money(self, place: str, value: Any) -> int | None:
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 10**9:
            return round(value * 100)
        self.fault(place, "应为不小于零的金额（元/月）", value)
        return None

    def parent(self, place: str, said: Mapping[str, Any], as_of: date) -> dict[str, Value]:
        self.known(place, said, PARENT_WORDS)
        status = said.get("status")
        if status is not None:
            status = self.code(f"{place}.status", status, _STATUS)
        facts: dict[str, Value] = {"known": status != "unknown", "unknown": status == "unknown"}
        if status in ("dead", "declared_dead"):
            facts |= {"died_on": as_of, "died_kind": status}
        elif status == "declared_missing":
            facts["missing_on"] = as_of
        for kind in ("prison", "rehab", "detention"):
            term = self.mapping(f"{place}.{kind}", said.get(kind))
            self.known(f"{place}.{kind}", term, {"from": "起", "to": "止"})
            facts |= {
                f"{kind}_{end}": self.day(f"{place}.{kind}.{end}", term[end])
                for end in ("from", "to")
                if term.get(end)
            }
        facts |= {
            f"{k}_on": self.day(f"{place}.{k}", said[k]) for k in ("revoked", "deported") if said.get(k)
        }
        if self.yes(f"{place}.ill", said.get("ill") or False):
            facts["ill_on"] = as_of
        facts |= self.work(f"{place}.work", said.get("work")) | self.lost(f"{place}.lost", said.get("lost"))
        return facts | self.judged(place, said) | self.disabilities(f"{place}.dis", said.get("dis"))

    def work(self, place: str, said: Any) -> dict[str, Value]:
        work = self.mapping(place, said)
        self.known(place, work, {"since": "外出日期", "county": "务工地", "returned": "返乡日期"})
        if not work:
            return {}
        facts: dict[str, Value] = {
            "work_since": self.day(f"{place}.since", work.get("since")),
            "work_area": self.area(f"{place}.county", work.get("county") or ""),
        }
        if work.get("returned"):
            facts["work_returned_on"] = self.day(f"{place}.returned", work["returned"])
        return facts

    def lost(self, place: str, said: Any) -> dict[str, Value]:
        lost = self.mapping(place, said)
        self.known(
            place, lost,
            {"since": "失联起始", "reported": "受理日期", "receipt": "回执", "route": "途径", "committee": "村（居）认定"},
        )  # fmt: skip
        if not lost:
            return {}
        route = self.code(f"{place}.route", lost.get("route") or "police", _CODES["lost_route"])
        decided = route == "committee" and bool(
            self.yes(f"{place}.committee", lost.get("committee") or False)
        )
        facts: dict[str, Value] = {
            "lost_since": self.day(f"{place}.since", lost.get("since")),
            "lost_receipt": self.yes(f"{place}.receipt", lost.get("receipt") or False),
            "lost_route": "committee" if decided else "police",
        }
        if lost.get("reported"):
            facts["lost_accepted_on"] = self.day(f"{place}.reported", lost["reported"])
        elif not decided:
            facts["lost_receipt"] = False
        return facts

    def judged(self, place: str, said: Mapping[str, Any]) -> dict[str, Value]:
        """The recorded judgement: ``yes`` unable, ``no`` able, ``pending``. Omitted, a circumstance the case gives stands
        as judged, and a parent without one as not judged."""
        word = str(said.get("judged", "yes" if set(said) & _JUDGED else "pending")).lower()
        found = {"yes": True, "true": True, "no": False, "false": False, "pending": None}
        if word not in found:
            self.fault(f"{place}.judged", "应为 yes（难以履行）、no（能够履行）或 pending（尚未判断）", word)
            return {}
        return {} if found[word] is None else {"judged_unable": found[word]}

    def disabilities(self, place: str, certificates: Any) -> dict[str, Value]:
        if certificates is not None and not isinstance(certificates, list):
            self.fault(place, "应为列表，每项写 {type: 肢体, grade: 2}", certificates)
            return {}
        spellings = {**{zh: zh for zh in DISABILITY_TYPES.values()}, **dict(DISABILITY_TYPES)}
        codes = {
            **{zh: code for code, zh in DISABILITY_TYPES.items()},
            **{code: code for code in DISABILITY_TYPES},
        }
        grades: dict[str, Value] = {}
        ends: list[date | None] = []
        for number, one in enumerate(certificates or (), 1):
            here = f"{place}[{number}]"
            said = self.mapping(here, one)
            self.known(here, said, {"type": "类别", "grade": "等级", "to": "有效期至"})
            ends.append(self.day(f"{here}.to", said["to"]) if said.get("to") else None)
            kind = codes.get(str(said.get("type")))
            if kind is None:
                self.fault(
                    f"{here}.type",
                    f"不是国家标准七类残疾之一{hint(said.get('type'), spellings)}",
                    said.get("type"),
                )
            grade = self.whole(f"{here}.grade", said.get("grade"), 4)
            before = grades.get(f"dis_{kind}")
            if kind is not None and grade is not None:
                grades[f"dis_{kind}"] = min(grade, before) if isinstance(before, int) else grade
        known = [end for end in ends if end is not None]
        if known and len(known) == len(ends):
            grades["dis_expired_on"] = max(known)
        return grades


def _child_words() -> dict[str, str]:
    """Word a case may use of the child → label; renamed facts under both names, the short one meant."""
    facts = {n: f.label for n, f in _CHILD.items() if n not in ("child_id", "as_of")}
    return {**facts, **{word: facts[name] for word, name in _RENAMED.items()}, **_SPECIAL}
