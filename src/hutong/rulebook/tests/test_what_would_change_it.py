"""Why not, what would make it so, and when the answer changes: every suggestion is tried on the rule. R-04.13, A10, A24."""

from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hutong.rulebook import book, packs
from hutong.rulebook.cli import rules as commands
from hutong.rulebook.expr import CompletedYears, Const
from hutong.rulebook.outlook import Outlook
from hutong.rulebook.remedies import Remedies, first_day, merged
from hutong.rulebook.tests.random_children import children
from hutong.rulebook.timeline import Timeline, next_turn

DAY = timedelta(days=1)
ON = date(2022, 3, 1)
BOOKS = [("CQ-2021", ON), ("JL-2024", date(2024, 2, 29)), ("QJ-2017", date(2018, 8, 31))]
ASKED = ("orphan", "ref_orphan", "defacto", "lb", "self_disabled", "key_single", "ben_rehab", "classified")
USUAL = {
    "birth_date": date(2013, 5, 1),
    "hukou_area": "500199000000",
    "father_known": True,
    "mother_known": True,
    "lives_with": "grandparents",
}
quick = settings(
    max_examples=10,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)


def timeline(pack, on):
    return Timeline.of_pack(packs.load(pack), on)


def outlook(rule="defacto", pack="CQ-2021", on=ON, **facts):
    return Outlook(timeline(pack, on), USUAL | facts).of(rule)


def texts(found):
    return [step["text"] for one in found["remedies"] for slot in one["slots"] for step in slot["steps"]]


@pytest.mark.parametrize(("pack", "on"), BOOKS)
def test_every_suggestion_makes_the_rule_true_on_its_day_and_not_the_day_before(pack, on):
    line, told = timeline(pack, on), 0

    @quick
    @given(rows=children(on, 5))
    def flips(rows):
        nonlocal told
        for facts in rows:
            remedies, before = Remedies(line, facts), book(pack, on).evaluate_one(facts).values
            for rule in ASKED:
                for remedy in remedies.of(rule):
                    assert before[rule] is not True
                    for steps in list(remedy.choices())[::3]:
                        told += 1
                        day, after = first_day(steps, on), facts | merged(steps)
                        assert line.read(after, day).rule(rule) is True
                        if day > on:
                            assert line.read(after, day - DAY).rule(rule) is not True

    flips()
    assert told > 100


@pytest.mark.parametrize(("pack", "on"), BOOKS)
def test_a_later_day_is_read_as_by_a_book_of_that_day(pack, on):
    line = timeline(pack, on)

    @settings(quick, max_examples=5)
    @given(rows=children(on, 20), ahead=st.integers(0, 700))
    def same(rows, ahead):
        day = on + ahead * DAY
        rules = book(pack, day)
        for facts in rows:
            reading = line.read(facts, day)
            assert {n: reading.rule(n) for n in rules.order} == dict(rules.evaluate_one(facts).values)

    same()


def test_the_only_fixed_day_in_a_rule_is_today():
    """What lets one book be read on other days."""
    for pack, on in BOOKS:
        rules = book(pack, on)
        for node in {node for name in rules.order for node in rules.nodes(name)}:
            assert not isinstance(node, Const) or not isinstance(node.value, date) or node.value == on
            assert not isinstance(node, CompletedYears) or node.on == on


@pytest.mark.parametrize(("pack", "on"), BOOKS)
def test_the_next_turn_is_the_first_day_on_which_a_walk_day_by_day_finds_one(pack, on):
    line, met = timeline(pack, on), 0

    @settings(quick, max_examples=4)
    @given(rows=children(on, 2))
    def same(rows):
        nonlocal met
        for facts in rows:
            names = line.book(on).order
            now, walked = {n: line.read(facts, on).rule(n) for n in names}, {}
            for day in (on + n * DAY for n in range(1, 366)):
                reading = line.read(facts, day)
                walked |= {n: day for n in names if n not in walked and reading.rule(n) != now[n]}
            turns = {n: next_turn(line, lambda day: facts, n, years=1) for n in names}  # noqa: B023
            assert {n: turn.day for n, turn in turns.items() if turn} == walked
            met += len(walked)

    same()
    assert met


def test_a_search_under_way_needs_only_time():
    """The police took the report on 5 December; more than six months are over on 6 June."""
    lost = {"mother_lost_since": date(2021, 12, 1), "mother_lost_accepted_on": date(2021, 12, 5)}
    found = outlook(father_died_on=date(2020, 1, 1), mother_lost_receipt=True, **lost)
    assert "母亲失联满6个月、母亲公安登记受理超过6个月（2022-06-06起）" in texts(found)
    assert found["turn"]["sentence"] == (
        "如情况不变，2022-06-06 起符合“事实无人抚养儿童”（届时母亲公安登记受理超过6个月）。"
    )


def test_what_ends_a_protection_is_told_with_its_day():
    term = {"mother_prison_from": date(2020, 1, 1), "mother_prison_to": date(2040, 1, 1)}
    found = outlook(father_died_on=date(2020, 1, 1), **term)
    assert found["remedies"] == []
    assert (found["turn"]["day"], found["turn"]["because"]) == ("2031-05-01", ["年满18周岁"])
    assert "到 2031-04-30 为止都符合" in found["turn"]["sentence"]


def test_a_term_that_is_too_short_and_an_expired_certificate():
    short = outlook(
        father_ill_on=date(2020, 1, 1),
        mother_prison_from=date(2022, 1, 1),
        mother_prison_to=date(2022, 4, 1),
        mother_dis_limb=2,
        mother_dis_expired_on=date(2022, 2, 1),
    )
    said = {
        step["text"]: step["facts"] for one in short["remedies"] for s in one["slots"] for step in s["steps"]
    }
    assert said["母亲服刑在押（刑期6个月以上）"] == [
        {"name": "mother_prison_to", "label": "母亲服刑止", "value": "2022-07-01"}
    ]
    assert said["母亲残疾证重新办理并有效"] == [
        {"name": "mother_dis_expired_on", "label": "母亲残疾证到期日", "value": None}
    ]


def test_nobody_is_asked_for_what_cannot_be_met():
    """Not the child's birth or death, not HIV; nothing of a parent who has died; no foundling of known parents."""
    for facts in ({}, {"father_died_on": date(2020, 1, 1)}, {"birth_date": date(2000, 1, 1)}):
        line = Outlook(timeline("CQ-2021", ON), USUAL | facts)
        for rule in ASKED:
            for text in (fact["name"] for one in line.of(rule)["remedies"] for s in one["slots"] for step in s["steps"] for fact in step["facts"]):  # fmt: skip
                assert text not in {"birth_date", "died_on", "hiv", "roll", "foundling", "adopted"}
                assert "father_died_on" not in facts or not text.startswith("father_")
    grown = outlook(
        "orphan", pack="JL-2024", on=date(2024, 2, 29), birth_date=date(2000, 1, 1), was="DEFACTO"
    )
    assert grown["remedies"] == []


CASE = """
- id: W1
  pack: CQ-2021
  asof: 2022-03-01
  child: {birth: 2013-05-01, hukou: '500199', lives_with: grandparents}
  father: {status: dead}
  mother: {work: {since: 2021-10-01, county: '310101'}}
"""


def test_the_command_says_why_not(tmp_path):
    file = tmp_path / "cases.yaml"
    file.write_text(CASE, encoding="utf-8")
    shown = CliRunner().invoke(commands, ["explain", str(file), "--id", "W1"]).output
    assert "未满足时：若母亲有下列情形之一：" in shown
    asked = CliRunner().invoke(commands, ["explain", str(file), "--id", "W1", "--why-not", "lb"])
    assert asked.exit_code == 0
    assert "何时会变：如情况不变，2022-04-01 起符合“留守儿童”（届时母亲连续外出满6个月）。" in asked.output
    assert "孤儿：" not in asked.output
    lacking = CliRunner().invoke(commands, ["explain", str(file), "--id", "W1", "--why-not", "ref_orphan"])
    assert "没有可以补办或可以等到的条件使它成立" in lacking.output
    assert CliRunner().invoke(commands, ["explain", str(file), "--id", "W1", "--why-not", "x"]).exit_code == 1
