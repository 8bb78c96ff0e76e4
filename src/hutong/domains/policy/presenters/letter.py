"""The letter to the family: the same answer in plain words (experience 5).

It tells of the child's own file, and of others only what was seen on paper or told by the family: what a department's list
alone says of a parent stays unnamed, with the office that will explain it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from hutong.domains.policy.presenters import trees
from hutong.domains.policy.selectors import packs, programmes
from hutong.foundation.network import selectors as network
from hutong.kernel.facts import PARENTS
from hutong.rulebook.facts import FACTS_BY_NAME, value_label
from hutong.rulebook.packs import Pack

if TYPE_CHECKING:
    from hutong.domains.policy.selectors.explaining import Assessment, Category
    from hutong.domains.registry.models import Child
    from hutong.foundation.network.models import Post

BENEFITS: Final = {"orphan": "ben_orphan", "ref_orphan": "ben_ref_orphan", "defacto": "ben_defacto"}
VERDICT: Final = {True: "符合", False: "目前不符合", None: "还不能判定"}
CODES: Final = ("hukou_area", "residence_area", "work_area")
"""Codes of places tell a family nothing."""


def letter(found: Assessment, child: Child) -> dict[str, Any]:
    """Context of the letter: each category with its reasons, what is missing, when it changes; where to apply and ask."""
    return {
        "found": found,
        "child": child,
        "scheme": packs.scheme_label(found.scheme) if found.scheme else "",
        "parts": [_part(one, child, found.as_of, found.in_force) for one in found.categories],
        "asking": _asking(child),
    }


def _part(one: Category, child: Child, on: date, pack: Pack) -> dict[str, Any]:
    closed = _closed_parents(one.tree)
    benefit = BENEFITS.get(one.rule)
    offers = programmes.offers_of(benefit, child.hukou_area, on, pack) if benefit else ()
    turn = one.outlook["turn"]
    return {
        "label": one.label,
        "verdict": VERDICT[one.holds],
        "reasons": list(dict.fromkeys(_reasons(one.tree))),
        "needs": "、".join(one.needs),
        "missing": _missing(one, closed),
        "turn": _turn(turn, one.label, tell=not closed) if turn else "",
        "offers": offers if one.holds is not False else (),
        "source": one.tree["citation"],
    }


def _reasons(tree: Mapping[str, Any]) -> list[str]:
    """One sentence for each condition that decided and rests on a record."""
    found: list[str] = []
    if tree["facts"] and isinstance(tree["value"], bool):
        closed = [fact for fact in tree["facts"] if not fact.get("open", True)]
        if closed:
            return [_unnamed(str(closed[0]["name"]))]
        said = "，".join(_fact(fact) for fact in tree["facts"] if not str(fact["name"]).endswith(CODES))
        found.append(f"{tree['label']}：{tree['shown']}" + (f"（{said}）" if said else ""))
    for condition in tree["conditions"]:
        found += _reasons(condition) if condition["kind"] != "category" else []
    return found


def _fact(fact: Mapping[str, Any]) -> str:
    name, value = str(fact["name"]), fact["value"]
    shown = trees.said(value) if FACTS_BY_NAME[name].type == "date" else value_label(name, value)
    learnt = f"，{fact['learnt']} 登记" if fact.get("learnt") else ""
    return f"{fact['label']} {shown}；据{fact.get('plain_source') or '登记'}{learnt}"


def _unnamed(fact: str) -> str:
    parent = next((label for prefix, label in PARENTS if fact.startswith(prefix)), "儿童本人")
    return f"{parent}的有关情况由有关部门提供，这里不写明；本人或监护人可以向下面的单位查询"


def _closed_parents(tree: Mapping[str, Any]) -> set[str]:
    """Parents of whom something decided that the family may not have heard of."""
    found = {
        label for fact in tree["facts"] if not fact.get("open", True)
        for prefix, label in PARENTS if str(fact["name"]).startswith(prefix)
    }  # fmt: skip
    return found.union(*(_closed_parents(one) for one in tree["conditions"]))


def _missing(one: Category, closed: set[str]) -> list[list[str]]:
    """As on the page; nothing of a parent whose records stay unnamed, since what is left to do would tell what is there."""
    ways = [trees.missing(remedy) for remedy in one.outlook["remedies"]]
    return [way for way in ways if not any(words.startswith(parent) for words in way for parent in closed)]


def _turn(turn: Mapping[str, Any], label: str, *, tell: bool) -> str:
    if tell:
        return str(turn["sentence"])
    return f"如情况不变，{turn['day']} 起对“{label}”的判定会有变化，届时会重新核实。"


def _asking(child: Child) -> list[tuple[str, str]]:
    """Who answers questions: village, township, county, each with the body's name."""
    posts = [
        ("村（居）", network.find_responsible_director(child.residence_area)),
        ("乡镇（街道）或县级", network.find_supervisor(child.residence_area)),
        ("县级民政部门", network.find_post_above(network.COUNTY, child.hukou_area)),
    ]
    told: dict[int, tuple[str, str]] = {}
    for level, post in posts:
        if post is not None:
            told.setdefault(post.pk, (level, _place(post)))
    return list(told.values())


def _place(post: Post) -> str:
    return f"{network.area_path(post.area_code)}，{post.org.name}（{post.title}）"
