"""The answer of another day by what was then known, and decisions kept with their facts (R-43.02; ADR 0034)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from html import unescape
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.domains.policy import selectors, services
from hutong.domains.policy.models import Decision
from hutong.domains.policy.selectors import child_facts, records
from hutong.domains.policy.selectors.replaying import end_of
from hutong.domains.policy.services.keeping import _decided
from hutong.domains.registry import services as registry
from hutong.domains.registry.models import Child, Circumstance, Kinship, PastRow, Person
from hutong.domains.registry.models.past import KEPT
from hutong.foundation.access.scope import use_scope
from hutong.foundation.workflow import outbox
from hutong.kernel import clock
from hutong.rulebook import book
from hutong.rulebook.tests.random_children import BOOKS, children

LIU = "990101101201"
DAY = timedelta(days=1)


@pytest.fixture
def child(cast: SimpleNamespace) -> Child:
    with use_scope(cast.county.scope):
        made = Child.objects.create(
            file_no="R1", name="柳小三", sex=2, birth_date=date(2016, 2, 29), id_kind="UNSEEN", hukou_area=LIU,
            residence_area=LIU, state="ACTIVE", lives_with="grandparents",
        )  # fmt: skip
        for relation in ("father", "mother"):
            person = Person(name="柳" + relation[0])
            Person.objects.bulk_create([person])
            Kinship.objects.bulk_create([Kinship(child=made, person_id=person.pk, relation=relation)])
        say(made, "father", "deaths", date(2025, 8, 1))
        return made


def say(
    child: Child, subject: str, kind: str, since: date, until: date | None = None, **words: Any
) -> Circumstance:
    return Circumstance.objects.create(
        child=child, subject=subject, kind=kind, since=since, until=until, **words
    )


def now() -> datetime:
    """The database's own moment: all of a test is one transaction, so statements are told apart by it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.02), clock_timestamp()")
        moment: datetime = cursor.fetchone()[1]
        cursor.execute("SELECT pg_sleep(0.02)")
    return moment


def facts_at(child: Child, moment: datetime, day: date) -> dict[str, Any]:
    return child_facts.read(records.known(records.load(child), moment, day), day).facts


def test_what_is_recorded_later_does_not_change_what_was_known(cast: SimpleNamespace, child: Child) -> None:
    today = clock.today()
    with use_scope(cast.county.scope):
        before = now()
        then = facts_at(child, before, today)
        say(child, "mother", "serious_illness", date(2025, 1, 1))
        _move_in(child)
        Kinship.objects.filter(child=child, relation="father").update(until=today)
        assert facts_at(child, before, today) == then
        later = facts_at(child, now(), today)
    assert "mother_ill_on" not in then
    assert (then["lives_with"], then["father_known"]) == ("grandparents", True)
    assert later["mother_ill_on"] == date(2025, 1, 1)
    assert (later["lives_with"], later["father_known"]) == ("parents", False)


def _move_in(child: Child) -> None:
    Child.objects.filter(pk=child.pk).update(lives_with="parents")
    child.refresh_from_db()


def test_a_correction_is_known_from_its_moment(cast: SimpleNamespace, child: Child) -> None:
    """Superseded after the decision: the decision rested on the old row."""
    today = clock.today()
    with use_scope(cast.county.scope):
        held = say(
            child, "mother", "custody", date(2025, 1, 1), date(2025, 5, 1), detail="服刑", evidence="判决书"
        )
        before = now()
        registry.supersede_circumstance(
            held, actor=cast.county, reason="刑期看错", changes={"until": today + 900 * DAY}
        )
        child.refresh_from_db()
        assert facts_at(child, before, today)["mother_prison_to"] == date(2025, 5, 1)
        assert facts_at(child, now(), today)["mother_prison_to"] == today + 900 * DAY


def test_a_day_before_the_move_has_the_old_way_of_life_and_the_corrected_birth(
    cast: SimpleNamespace, child: Child
) -> None:
    """How she lives has the date it was put on file; who she is is mended for all days."""
    today = clock.today()
    with use_scope(cast.county.scope):
        Child.objects.filter(pk=child.pk).update(lives_with="parents", birth_date=date(2015, 2, 28))
        child.refresh_from_db()
        yesterday = facts_at(child, now(), today - DAY)
        assert (yesterday["lives_with"], yesterday["birth_date"]) == ("grandparents", date(2015, 2, 28))
        (past,) = PastRow.objects.filter(child=child, table="registry_child")
        assert past.said == {"lives_with": "grandparents", "birth_date": "2016-02-29"}


MOMENT = datetime(2026, 6, 1, 12, tzinfo=clock.SHANGHAI)
KINDS = (
    "deaths",
    "custody",
    "lost_contact",
    "serious_illness",
    "migrant_work",
    "disability",
    "guardianship_revoked",
)


def held(draw: Random, day: date) -> records.Records:
    """A file of random rows, recorded and superseded at random moments, with some changes of its own fields."""

    def moment() -> datetime:
        return MOMENT + timedelta(hours=draw.randrange(-9000, 9000))

    def row() -> records.Row:
        since = day - timedelta(draw.randrange(-200, 900))
        until = draw.choice([None, since + timedelta(draw.randrange(900))])
        gone = draw.choice([None, None, moment()])
        detail = draw.choice(["服刑", "强制隔离戒毒", "肢体 二级", ""])
        origin = records.Source("", "", None)
        return records.Row(
            draw.choice(["father", "mother", "child"]), draw.choice(KINDS), since, until, detail, moment(), origin, None, gone
        )  # fmt: skip

    file = dict.fromkeys(KEPT["registry_child"]) | {
        "birth_date": date(2012, 1, 1), "sex": 1, "hukou_area": LIU, "residence_area": LIU, "id_kind": "UNSEEN",
        "lives_with": "parents", "place": "home", "guard": "", "school": "", "was": "",
    }  # fmt: skip
    past = sorted((moment() for _ in range(draw.randrange(4))), reverse=True)
    words = ("grandparents", "relatives", "other")
    told = tuple(records.Past("registry_child", 1, {"lives_with": draw.choice(words)}, one) for one in past)
    child: Any = SimpleNamespace(file_no="X", created_at=MOMENT)
    return records.Records(child, file, tuple(row() for _ in range(draw.randrange(8))), (), (), told)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_today_with_all_that_is_known_is_todays_answer(seed: int) -> None:
    """Nothing lies after now: replay(as_of=today, known=now) is explain(today)."""
    day = date(2027, 6, 15)
    one = held(Random(seed), day)
    plain = child_facts.read(one, day).facts
    last = datetime(2028, 1, 1, tzinfo=clock.SHANGHAI)
    assert child_facts.read(records.known(one, last, day), day).facts == plain


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_whatever_is_recorded_after_the_moment_alters_nothing(seed: int) -> None:
    draw = Random(seed)
    day = date(2026, 5, 1)
    one, other = held(draw, day), held(draw, day)
    late = tuple(row for row in other.circumstances if row.recorded_at > MOMENT)
    withdrawn = tuple(
        replace(row, superseded_at=row.superseded_at or MOMENT + DAY) for row in one.circumstances
    )
    more = replace(one, circumstances=(*withdrawn, *late))
    then = child_facts.read(records.known(one, MOMENT, day), day).facts
    assert child_facts.read(records.known(more, MOMENT, day), day).facts == then


@pytest.mark.parametrize(("pack", "on"), BOOKS)
def test_the_facts_that_decided_are_enough(pack: str, on: date) -> None:
    """What a comparison's finding keeps: by these facts alone its rule comes out the same."""
    rules = book(pack, on)

    @settings(max_examples=5, deadline=None, database=None)
    @given(rows=children(on, 20))
    def same(rows: list[dict[str, Any]]) -> None:
        for facts in rows:
            for rule in ("orphan", "ref_orphan", "defacto", "lb", "contradicted_living", "contradicted_lb"):
                tree = rules.explain(facts, rule)
                few = {name: facts[name] for name, _ in _decided(tree)}
                assert rules.read(few).rule(rule) == tree["value"], (rule, few)

    same()


def test_a_kept_decision_comes_out_the_same_from_its_own_facts(cast: SimpleNamespace, child: Child) -> None:
    with use_scope(cast.county.scope):
        say(child, "mother", "custody", date(2025, 1, 1), clock.today() + 900 * DAY, detail="服刑")
        made = services.keep(child=child, act="ASSESSED", actor=cast.county)
        Circumstance.objects.filter(child=child).update(
            superseded_at=clock.now()
        )  # the file goes on, the decision stays
        found = selectors.check(Decision.objects.get(pk=made.pk))
    assert (made.scheme, made.outcome["defacto"]) == ("DEFACTO", True)
    assert (found.same_rules, found.same_answer) == (True, True)
    assert any("母亲服刑起" in line for line in found.lines)
    assert b"father_died_on" not in bytes(made.facts_sealed)


def test_changed_rules_show_both_answers(client_as: Any, cast: SimpleNamespace, child: Child) -> None:
    with use_scope(cast.county.scope):
        held = Decision(
            child=child, act="LEAD_ENDED", pack="base", version="0" * 16, as_of=clock.today(), known_at=clock.now(),
            scheme="ORPHAN-S", outcome={"orphan": True},
        )  # fmt: skip
        held.seal(
            {"birth_date": "2016-02-29", "father_died_on": "2025-08-01", "mother_known": True}, ["孤儿：是"]
        )
        held.save()
    page = unescape(client_as("director").get(f"/policy/children/{child.public_id}/decisions/{held.public_id}/").content.decode())  # fmt: skip
    assert "此后规则文本或参数有修改" in page
    assert "结论不同" in page
    assert "按现在的规则文本" in page
    assert "孤儿：是" in page


def test_a_decision_cannot_be_changed(cast: SimpleNamespace, child: Child) -> None:
    from django.db import Error, transaction

    with use_scope(cast.county.scope):
        made = services.keep(child=child, act="ASSESSED", actor=cast.county)
        with pytest.raises(Error), transaction.atomic():
            Decision.objects.filter(pk=made.pk).update(scheme="")


def test_the_roll_keeps_what_the_rules_said(cast: SimpleNamespace, child: Child) -> None:
    with use_scope(cast.county.scope):
        registry.enter_roll(child, actor=cast.county, scheme="DEFACTO", since=clock.today(), monthly=100)
    outbox.dispatch()
    with use_scope(cast.county.scope):
        made = Decision.objects.get(child=child)
    assert (made.act, made.about, made.by_label) == ("ROLL_ENTER", "DEFACTO", cast.county.label)


def test_the_pages(client_as: Any, cast: SimpleNamespace, child: Child) -> None:
    today = clock.today()
    with use_scope(cast.county.scope):
        Circumstance.objects.filter(child=child).update(recorded_at=clock.now() - 40 * DAY)
        say(child, "mother", "serious_illness", today - 100 * DAY)
    client = client_as("director")
    base = f"/policy/children/{child.public_id}/"
    asked = client.get(f"{base}replay/?on={today - 10 * DAY}&known={today - 10 * DAY}")
    shown = unescape(asked.content.decode())
    for words in ("三种答案", "后来登记或更正的情况改变了那一天的判定", "母亲重病确诊日期", "当时的理由"):
        assert words in shown, words
    kept = client.post(f"{base}keep/", follow=True)
    assert "用留存的事实和同一规则版本重新计算，结论相同" in unescape(kept.content.decode())
    assert "判定留存" in unescape(client.get(base).content.decode())
    assert client.get(f"{base}decisions/zzzz/").status_code == 404


@pytest.mark.parametrize("who", ["stranger", "stranger_county", "next_director", "clerk"])
def test_others_see_no_replay_and_keep_nothing(client_as: Any, child: Child, who: str) -> None:
    client, base = client_as(who), f"/policy/children/{child.public_id}/"
    assert client.get(f"{base}replay/").status_code == 404
    assert client.post(f"{base}keep/").status_code == 404
    assert client.get(f"{base}decisions/x/").status_code == 404


def test_today_counts_to_its_end() -> None:
    """What the database wrote a moment ago is known, though its clock be ahead of the host's."""
    assert end_of(clock.today()) > clock.now()
    assert end_of(date(2026, 1, 1)) == datetime(2026, 1, 2, tzinfo=clock.SHANGHAI)
