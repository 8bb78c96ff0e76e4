"""What is undecided names the fact and who can tell it; telling it decides, and decides for good. R-04.19, R-43.02."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.kernel.facts import PARENTS
from hutong.rulebook import book, suppliers, to_chinese
from hutong.rulebook.facts import FACTS_BY_NAME, JUDGEMENTS

from .random_children import BOOKS, children, values

README = Path(__file__).parents[1] / "README.md"
ON = date(2022, 3, 1)
CHILD = {"birth_date": date(2013, 5, 1), "hukou_area": "500199000000"}
NEVER_TOLD = {"child_id", "as_of"}
SILENCE: dict[str, object] = {
    "full_time": True, "enrolled": True, "dis_cert": True, "confirmed": True, "registered": True, "place": "home",
    "other_monthly": 0,
}  # fmt: skip
"""What silence of a fact stands for where it is not *no*: the README's table in values."""
quick = settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def never_presumed():
    """The facts of which the README says that their silence is always undecided, of both parents."""
    (row,) = [line for line in README.read_text().splitlines() if line.startswith("| never presumed")]
    names = re.findall(r"`(\w+)`", row.split("|")[2])
    assert names
    both = {f"{prefix}_{n}" for prefix, _ in PARENTS for n in names if f"father_{n}" in FACTS_BY_NAME}
    return (set(names) & set(FACTS_BY_NAME)) | both


def test_every_fact_has_somebody_who_can_tell_it():
    for name in set(FACTS_BY_NAME) - NEVER_TOLD:
        found = suppliers.of(name, date(2026, 1, 1))
        assert found.who
        assert found.paper
        assert found.source
    assert set(suppliers._lines()) == set(FACTS_BY_NAME) - NEVER_TOLD


def test_a_parent_nobody_has_told_of_is_asked_for_by_name():
    found = book("CQ-2021", ON).evaluate_one(CHILD | {"father_died_on": date(2020, 1, 1)})
    asked = suppliers.of("mother_known", ON).sentence
    assert asked.startswith("母亲情况（是否在世、能否履行监护职责） —— 可向村（居）民委员会、")
    for outcome in ("orphan", "defacto", "key_orphan", "ben_orphan", "watch", "visit"):
        assert "mother_known" in found.needs[outcome]
    tree = book("CQ-2021", ON).explain(CHILD | {"father_died_on": date(2020, 1, 1)}, "orphan")
    assert any(f"尚缺：{asked}" in line for line in to_chinese(tree))


def test_of_a_parent_whose_identity_is_unknown_it_is_the_identity_that_is_asked_for():
    found = book("CQ-2021", ON).evaluate_one(
        CHILD | {"father_died_on": date(2020, 1, 1), "mother_unknown": True}
    )
    assert found.needs["orphan"] == ("mother_unknown",)
    assert suppliers.of("mother_unknown", ON).label == "母亲身份（查明是谁、现在何处）"


def test_a_visit_interval_waits_for_the_guardianship_status():
    poor = CHILD | {"father_known": True, "mother_known": True, "low_income": "dibao"}
    assert book("CQ-2021", ON).evaluate_one(poor).needs == {"visit": ("guard",)}


def test_an_amount_the_pack_does_not_have_is_told_as_not_loaded():
    both = {
        "father_died_on": ON,
        "mother_died_on": ON,
        "birth_date": date(2015, 1, 1),
        "hukou_area": "220399000000",
    }
    tree = book("JL-2024", date(2024, 6, 1)).explain(both, "monthly_due")
    assert tree["value"] is None
    assert to_chinese(tree)[0].startswith("每月应发：标准尚未录入")


@pytest.mark.parametrize(("pack", "on"), BOOKS)
def test_what_is_undecided_says_what_it_needs_and_telling_it_decides(pack, on):
    rules = book(pack, on)

    @quick
    @given(rows=children(on, 4), data=st.data())
    def check(rows, data):
        for row in rows:
            facts, found = dict(row), rules.evaluate_one(row)
            for outcome in [name for name in rules.outcomes if found.values[name] is None]:
                facts, needs = dict(row), found.needs[outcome]
                for _ in range(30):
                    if not needs:
                        break
                    facts[needs[0]] = answer(data, needs[0], on)
                    needs = rules.evaluate_one(facts).needs.get(outcome, ())
                assert found.needs[outcome], "undecided for want of nothing"
                assert rules.evaluate_one(facts).values[outcome] is not None, (outcome, row)

    check()


def answer(data, name, on):
    """Any value; only *who is this parent* must be answered by finding him, and then by telling of him."""
    if name.endswith("known"):
        return not name.endswith("unknown")
    return data.draw(st.sampled_from(values(name, FACTS_BY_NAME[name].type, on)))


@pytest.mark.parametrize(("pack", "on"), BOOKS)
def test_what_is_decided_stays_decided(pack, on):
    """Kleene's logic never takes back: a fact whose silence is not presumed to mean something changes no decided
    category and turns no decided outcome (but an alert) into an open one; and telling what silence is presumed to mean changes nothing."""
    rules, asked = book(pack, on), sorted(never_presumed())
    presumed = [
        n
        for n, f in FACTS_BY_NAME.items()
        if n in SILENCE or (f.type == "bool" and n not in {*asked, *JUDGEMENTS})
    ]

    @quick
    @given(rows=children(on, 4), data=st.data())
    def check(rows, data):
        for row in rows:
            before = rules.evaluate_one(row).values
            for name in data.draw(st.lists(st.sampled_from(asked), max_size=4)):
                value = data.draw(st.sampled_from(values(name, FACTS_BY_NAME[name].type, on)))
                after = rules.evaluate_one({name: value} | row).values
                kept = [
                    n for n in rules.outcomes if before[n] is not None and rules.rules[n].rule.kind != "alert"
                ]
                assert [n for n in kept if after[n] is None] == [], (name, value, row)
                settled = [n for n in kept if rules.rules[n].rule.kind == "category"]
                assert {n: after[n] for n in settled} == {n: before[n] for n in settled}, (name, value, row)
            silent = {
                n: SILENCE.get(n, False) for n in data.draw(st.lists(st.sampled_from(presumed), max_size=6))
            }
            after = rules.evaluate_one(silent | row).values
            assert {n: after[n] for n in rules.outcomes} == {n: before[n] for n in rules.outcomes}, (
                silent,
                row,
            )

    check()
