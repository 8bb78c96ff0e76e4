"""The engine's own promises: order, cycles, types, and that rule texts cannot go wrong silently. ADR 0006."""

from datetime import date

import pytest

from hutong.rulebook import RuleError, book, packs
from hutong.rulebook.book import BuiltRule, _ordered
from hutong.rulebook.expr import FALSE, TRUE, FactRef, RuleRef, lift
from hutong.rulebook.ruleset import RULES, ChildView, Rule, rule

ON = date(2024, 6, 15)


def test_rules_stand_after_what_they_rest_on():
    order = book("JL-2024", ON).order
    assert order.index("father.gone") < order.index("orphan") < order.index("defacto") < order.index("scheme")


def test_a_circle_of_rules_is_named():
    def built(name, other):
        made = Rule(name, name, "", "predicate", "bool", lambda c, p: FALSE)
        return BuiltRule(made, name, name, RuleRef(other, "bool"), ())

    with pytest.raises(RuleError, match="甲 → 乙 → 甲"):
        _ordered({"甲": built("甲", "乙"), "乙": built("乙", "甲")})


def test_python_and_or_are_refused():
    with pytest.raises(RuleError, match="and / or"):
        bool(FactRef("adopted", "bool"))


def test_types_are_checked_when_written():
    with pytest.raises(RuleError, match="类型"):
        _ = FactRef("birth_date", "date") < 18
    with pytest.raises(RuleError, match="类型"):
        _ = FactRef("birth_date", "date") & TRUE
    with pytest.raises(RuleError, match="类型"):
        lift(3).one_of(["三"])


def test_a_name_that_is_nothing_is_refused():
    with pytest.raises(RuleError, match="gonne"):
        _ = ChildView(ON).father.gonne
    with pytest.raises(RuleError, match="orphn"):
        _ = ChildView(ON).orphn


def test_a_rule_may_not_take_the_name_of_a_fact():
    with pytest.raises(RuleError, match="adopted"):
        rule("已收养", name="adopted")(lambda c, p: FALSE)
    assert "adopted" not in RULES


def test_what_packs_adopt_exists():
    for name in packs.names():
        assert packs.load(name).adopts <= set(RULES)


def test_categories_benefits_and_alerts_cite_their_source():
    told = [r for r in RULES.values() if r.kind in ("category", "benefit", "alert", "tag", "evidence")]
    assert told
    assert [r.name for r in told if not r.citation] == []


def test_a_rule_not_adopted_says_so():
    facts = {
        "birth_date": date(2010, 1, 1),
        "father_died_on": date(2017, 1, 1),
        "mother_ill_on": date(2017, 1, 1),
    }
    old = book("QJ-2017", date(2018, 6, 1))
    assert old.evaluate_one(facts).values["defacto"] is False
    assert "未施行" in old.explain(facts, "defacto")["label"]
