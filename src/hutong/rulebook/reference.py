"""The generated reference: a page for every rule and every parameter, with examples from the worked cases.

``hutong docs`` writes them, ``make check`` compares; nothing here depends on the day it is run.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from hutong.rulebook import book, in_words, packs
from hutong.rulebook.book import Book, BuiltRule
from hutong.rulebook.cases import book_of, facts_from_case, read_cases
from hutong.rulebook.expr import FactRef, RuleRef, walk
from hutong.rulebook.packs.keys import KEYS
from hutong.rulebook.ruleset import OPTIONAL_KINDS, RULES, Rule

CASES = Path(__file__).parent / "tests" / "cases"
SHOWN = 3
"""Examples shown of each outcome; the counts tell how many there are."""
KINDS = {
    "category": "类别",
    "tag": "重点标签",
    "benefit": "保障与救助",
    "project": "慈善项目",
    "alert": "提醒",
    "amount": "金额",
    "interval": "走访",
    "evidence": "终止依据",
    "predicate": "条件",
    "background": "前提",
}
MARKS = {"": "", "assumption": "约定", "verify": "待核对", "not_loaded": "待录入"}
OUTCOMES = ("成立", "不成立", "尚不能判定")
GIVEN = {"成立": "有结果", "不成立": "没有结果"}
"""The same of a rule that gives a value and not a yes or no."""


@dataclass
class Examples:
    """Ids and titles of the worked cases by outcome, with how many of the facts the rule reads the case tells."""

    found: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: {word: [] for word in OUTCOMES})

    @property
    def lacking(self) -> list[str]:
        """What is not shown: a case in which the rule holds, and one in which it does not (open or not)."""
        holds, others = self.found["成立"], self.found["不成立"] + self.found["尚不能判定"]
        return [word for word, several in (("成立", holds), ("不成立", others)) if not several]


@cache
def examples() -> Mapping[str, Examples]:
    """Rule → its cases. A rule of a parent holds in a case where it holds of either."""
    found: dict[str, Examples] = {name: Examples() for name in RULES}
    for case in read_cases(CASES):
        rules = book_of(case)
        reading = rules.read(facts_from_case(case))
        for name, rule in RULES.items():
            names = [f"father.{name}", f"mother.{name}"] if rule.of_parent else [name]
            outcome = _outcome(rule, [reading.rule(one) for one in names])
            told = sum(reading.facts.get(fact) not in (None, False) for one in names for fact in _facts(one))
            found[name].found[outcome].append((f"{case['id']} {case['title']}", told))
    return found


@cache
def _facts(name: str) -> frozenset[str]:
    """The facts a rule itself reads, in any pack."""
    exprs = [one.rules[name].expr for one in _books()]
    return frozenset(node.name for expr in exprs for node in walk(expr) if isinstance(node, FactRef))


def _outcome(rule: Rule, values: Sequence[Any]) -> str:
    """Of a rule that gives no yes or no: a value that says something (a scheme, a sum, an interval) holds."""
    if rule.type != "bool":
        return "成立" if any(value not in (None, "-") for value in values) else "不成立"
    return "成立" if True in values else "尚不能判定" if None in values else "不成立"


def lacking() -> list[str]:
    """A sentence for every rule without a case in which it holds, or without one in which it does not."""
    return [
        f"规则 {name}（{RULES[name].label}）缺少“{'”“'.join(one.lacking)}”的案例，请在 rulebook/tests/cases 中补上。"
        for name, one in examples().items()
        if one.lacking
    ]


def unsourced() -> list[str]:
    """A sentence for every key without a line, and every line without a source."""
    wrong = [f"参数 {key}（{KEYS[key].label}）没有任何数值行。" for key in KEYS if not _lines(key)]
    for key in KEYS:
        wrong += [
            f"参数 {key} 自 {line.start} 起的行（{'、'.join(where)}）缺少依据。"
            for line, where in _lines(key)
            if not line.source.strip()
        ]
    return wrong


def pages() -> dict[str, str]:
    """Path below docs/reference → text."""
    found = {f"rules/{name}.md": _rule_page(rule) for name, rule in RULES.items()}
    found |= {f"parameters/{key}.md": _parameter_page(key) for key in KEYS}
    return found | {"rules/README.md": _rule_index(), "parameters/README.md": _parameter_index()}


@cache
def _books() -> tuple[Book, ...]:
    """Each pack on the day of its latest line, so that the pages do not change with the calendar."""
    found = []
    for name in packs.names():
        lines = packs.load(name).lines.values()
        found.append(book(name, max(line.start for several in lines for line in several)))
    return tuple(found)


def _adopted(rule: Rule, one: Book) -> bool:
    return (rule.kind not in OPTIONAL_KINDS or rule.name in one.pack.adopts) and rule.in_force(one.as_of)


def _built(rule: Rule, one: Book) -> BuiltRule:
    return one.rules[f"father.{rule.name}" if rule.of_parent else rule.name]


def _rule_page(rule: Rule) -> str:
    used = sorted({key for one in _books() for key in _built(rule, one).used})
    rests = sorted({in_words.plain_name(n) for one in _books() for n in _references(_built(rule, one))})
    rows = [
        ("名称", f"`{rule.name}`" + ("（父母各一）" if rule.of_parent else "")),
        ("种类", KINDS[rule.kind]),
        ("代码", rule.code),
        ("依据", rule.citation or "（由所依据的条件而定）"),
        ("施行", _validity(rule)),
        ("适用的政策包", _adopters(rule)),
        ("参数", "、".join(f"[{KEYS[key].label}](../parameters/{key}.md)" for key in used)),
        ("所依据的规则", "、".join(f"[{RULES[n].label}]({n}.md)" for n in rests)),
        ("被用于", "、".join(f"[{RULES[n].label}]({n}.md)" for n in _users().get(rule.name, ()))),
    ]
    lines = [f"# {rule.label}", ""]
    lines += [f"- {name}：{text}" for name, text in rows if text]
    return "\n".join([*lines, "", *_conditions(rule), *_examples(rule)])


def _validity(rule: Rule) -> str:
    if rule.valid_from is None and rule.valid_to is None:
        return "随政策包"
    return f"{rule.valid_from or '……'} 起" + (f"，{rule.valid_to} 止（不含）" if rule.valid_to else "")


def _adopters(rule: Rule) -> str:
    found = [
        one.pack.name for one in _books() if rule.kind not in OPTIONAL_KINDS or rule.name in one.pack.adopts
    ]
    return "全部" if len(found) == len(_books()) else "、".join(found) or "无"


def _references(built: BuiltRule) -> set[str]:
    return {node.name for node in walk(built.expr) if isinstance(node, RuleRef)}


@cache
def _users() -> Mapping[str, Sequence[str]]:
    users: dict[str, set[str]] = defaultdict(set)
    for one in _books():
        for name, built in one.rules.items():
            for reference in _references(built):
                users[in_words.plain_name(reference)].add(in_words.plain_name(name))
    return {name: sorted(several) for name, several in users.items()}


def _conditions(rule: Rule) -> list[str]:
    """The conditions in words; packs that read alike share a list."""
    alike: dict[str, list[str]] = {}
    for one in _books():
        if _adopted(rule, one):
            text = "\n".join(in_words.lines(_built(rule, one).expr, _link))
            text = text.replace(one.as_of.isoformat(), "当日")
            alike.setdefault(_both(text) if rule.of_parent else text, []).append(one.pack.name)
    lines = []
    for text, names in alike.items():
        lines += [f"## 条件{'' if len(alike) == 1 else f'（{chr(12289).join(names)}）'}", "", text, ""]
    return lines


def _link(name: str) -> str:
    return f"[{in_words.label(name)}]({in_words.plain_name(name)}.md)"


def _both(text: str) -> str:
    """A rule of a parent is built for father and mother alike."""
    return text.replace("父亲", "该父（母）")


def _examples(rule: Rule) -> list[str]:
    one = examples()[rule.name]
    lines = ["## 案例", ""]
    for word in OUTCOMES:
        several = one.found[word]
        said = word if rule.type == "bool" else GIVEN.get(word, word)
        if several:
            lines += [
                f"{said}（{len(several)} 个案例）：",
                "",
                *[f"- {title}" for title in _near(one, word)],
                "",
            ]
    return lines


def _near(one: Examples, word: str) -> list[str]:
    """First those that tell most of what the rule reads, of the theme in which it holds most often: near misses."""
    themes = Counter(_theme(title) for title, _ in one.found["成立"])
    ranked = sorted(one.found[word], key=lambda case: (-case[1], -themes[_theme(case[0])]))
    return [title for title, _ in ranked[:SHOWN]]


def _theme(title: str) -> str:
    return title.split("-", 1)[0]


def _parameter_page(key: str) -> str:
    rules = sorted(
        {in_words.plain_name(n) for one in _books() for n, b in one.rules.items() if key in b.used}
    )
    lines = [
        f"# {KEYS[key].label}",
        "",
        f"- 名称：`{key}`",
        f"- 数值：{KEYS[key].expects}",
        f"- 用于：{'、'.join(f'[{RULES[n].label}](../rules/{n}.md)' for n in rules) or '规则之外的期限与工作安排'}",
        "",
        "| 施行自 | 地区 | 数值 | 标注 | 依据 | 政策包 |",
        "|---|---|---|---|---|---|",
    ]
    for line, where in _lines(key):
        value = "（待录入）" if line.value is None else json.dumps(line.value, ensure_ascii=False)
        cells = (line.start, line.area, value, MARKS[line.mark], line.source, "、".join(where))
        lines.append("| " + " | ".join(str(cell).replace("|", "｜") for cell in cells) + " |")
    return "\n".join(lines)


def _lines(key: str) -> list[tuple[packs.Line, list[str]]]:
    """Every line of a key once, with the packs that hold it."""
    found: list[tuple[packs.Line, list[str]]] = []
    for name in ("base", *packs.names()):
        for line in packs.load(name).lines.get(key, ()):
            where = next((several for known, several in found if known == line), None)
            if where is None:
                found.append((line, [name]))
            elif name not in where:
                where.append(name)
    return sorted(found, key=lambda one: (one[0].area, one[0].start, one[1]))


def _rule_index() -> str:
    lines = [
        "# Rules",
        "",
        "One page per rule, written by `make docs` from the code, the packs and the worked cases.",
        "",
    ]
    for kind, zh in KINDS.items():
        lines += [f"## {zh}", "", *_entries(rule for rule in RULES.values() if rule.kind == kind), ""]
    return "\n".join(lines)


def _entries(rules: Iterable[Rule]) -> list[str]:
    return [f"- [{rule.label}]({rule.name}.md)" + (f" `{rule.code}`" if rule.code else "") for rule in rules]


def _parameter_index() -> str:
    lines = [
        "# Parameters",
        "",
        "One page per parameter with its dated lines, written by `make docs` from the packs.",
        "",
    ]
    return "\n".join([*lines, *(f"- [{one.label}]({key}.md) `{key}`" for key, one in KEYS.items())])
