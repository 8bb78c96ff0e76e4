"""Breaking the glass: at once, one file, an hour, told to everybody concerned, always reviewed (R-46.01; TM-20; ADR 0016)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, ProgrammingError, connections, transaction
from django.urls import reverse

from hutong.domains.glass import selectors, services
from hutong.domains.glass.models import Opening
from hutong.domains.registry.models import Child, Kinship, Person
from hutong.foundation.access.acting import Acting, with_assigned
from hutong.foundation.access.models import Grant
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.accounts.tests.signing_in import signed_in
from hutong.foundation.audit.models import Read
from hutong.foundation.messaging.models import Notice
from hutong.foundation.workflow import worker
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import WorkItem
from hutong.kernel import clock

pytestmark = pytest.mark.django_db
WILLOW = "990101101201"
WORDS = "在竹村走失，派出所要求联系家长"


@pytest.fixture
def child(cast: SimpleNamespace) -> Child:
    with use_scope(cast.county.scope):
        return Child.objects.create(
            file_no="H9901010000001", name="柳小满", sex=1, birth_date=date(2015, 5, 1), id_kind="UNSEEN",
            hukou_area=WILLOW, residence_area=WILLOW, state="ACTIVE", address="柳村三组",
        )  # fmt: skip


def broken(actor: Acting, child: Child, reason: str = "LOST", **given: str) -> Opening:
    facts = {"number": child.file_no, "name": child.name, "reason": reason, "words": WORDS} | given
    with use_scope(actor.scope):
        done = services.open_file(actor=actor, **facts)
    assert done.opening is not None
    return done.opening


def seen_by(actor: Acting, child: Child) -> bool:
    with use_scope(actor.scope):
        now = with_assigned(actor)
    with use_scope(now.scope):
        return Child.objects.filter(pk=child.pk).exists()


def told(cast: SimpleNamespace, words: str) -> set[str]:
    """Members of the cast with a notice whose title holds ``words``; none of them names the child."""
    found = set()
    for member, actor in vars(cast).items():
        with use_scope(actor.scope):
            notices = list(Notice.objects.filter(post=actor.post, title__contains=words))
        assert not any("柳小满" in notice.title + notice.body for notice in notices)
        found |= {member} if notices else set()
    return found


def page(child: Child) -> str:
    return reverse("registry:child", args=[child.public_id])


def asked(child: Child, **given: str) -> dict[str, str]:
    return {"number": child.file_no, "name": child.name, "reason": "LOST", "words": WORDS} | given


def test_at_once_for_an_hour(cast: SimpleNamespace, child: Child, client_as: Any) -> None:
    client = client_as("stranger")
    assert client.get(page(child)).status_code == 404
    answer = client.post(reverse("glass:break"), asked(child))
    assert answer.status_code == 302
    assert answer["Location"] == page(child)
    shown = unescape(client.get(page(child)).content.decode())
    assert "柳小满" in shown
    assert "紧急查阅进行中" in shown  # the banner
    assert "申请更正" not in shown
    assert "紧急查阅进行中" in unescape(
        client.get(reverse("registry:search")).content.decode()
    )  # on every page
    with use_scope(system_scope("test")):
        opening = Opening.objects.get()
        read = Read.objects.get(what="档案")
        assert (read.explained, read.explained_ref) == ("glass", opening.public_id)
    assert opening.until - opening.at == timedelta(minutes=60)
    with clock.frozen(opening.until + timedelta(seconds=1)):
        assert not seen_by(cast.stranger, child)
        assert client.get(page(child)).status_code == 404
        assert "紧急查阅进行中" not in unescape(client.get(reverse("registry:search")).content.decode())


def test_nobody_finds_a_file_by_trying(cast: SimpleNamespace, child: Child, client_as: Any) -> None:
    """Number and name must both fit; what is wrong is not told; trying is limited."""
    client = client_as("stranger")
    answers = set()
    for wrong in ({"name": "柳小海"}, {"number": "H9901010000009"}, {"number": "500199201505010011"}):
        answer = client.post(reverse("glass:break"), asked(child, **wrong))
        assert answer.status_code == 422
        text = unescape(answer.content.decode())
        assert "没有找到姓名和号码都相符的档案" in text
        answers.add(text.count("没有找到"))
    assert len(answers) == 1
    for _ in range(20):
        answer = client.post(reverse("glass:break"), asked(child, number="H1"))
    assert "过于频繁" in answer.content.decode()
    with use_scope(system_scope("test")):
        assert not Opening.objects.exists()
        assert not Grant.objects.exists()


def test_a_sealed_file_is_opened_by_nobody(cast: SimpleNamespace, child: Child) -> None:
    with use_scope(replace(system_scope("test"), sealed=("shield",))):
        Child.objects.filter(pk=child.pk).update(sealed_in="shield")
    with pytest.raises(services.Refused, match="没有找到"):
        broken(cast.stranger, child)


def test_sealed_while_open_it_is_gone(cast: SimpleNamespace, child: Child) -> None:
    opening = broken(cast.stranger, child)
    assert seen_by(cast.stranger, child)
    with use_scope(replace(system_scope("test"), sealed=("shield",))):
        Child.objects.filter(pk=child.pk).update(sealed_in="shield")
    assert not seen_by(cast.stranger, child)
    with use_scope(cast.stranger.scope):
        assert not Opening.objects.filter(pk=opening.pk).exists()


def test_in_the_own_range_nothing_is_broken(cast: SimpleNamespace, child: Child, client_as: Any) -> None:
    answer = client_as("supervisor").post(reverse("glass:break"), asked(child))
    assert answer["Location"] == page(child)
    with use_scope(system_scope("test")):
        assert not Opening.objects.exists()


def test_everybody_concerned_is_told_and_a_review_waits(cast: SimpleNamespace, child: Child) -> None:
    with clock.frozen(date(2026, 9, 14)):  # a Monday
        opening = broken(cast.stranger, child)
        worker.settle()
    assert told(cast, child.file_no) == {"director", "supervisor", "auditor", "stranger_county"}
    with use_scope(system_scope("test")):
        item = WorkItem.objects.get(kind="glass.review")
        assert (item.owner_post, item.due_on, item.subject_id) == (
            cast.supervisor.post,
            date(2026, 9, 17),
            opening.pk,
        )
        assert child.name not in item.title + item.summary


def test_there_is_no_way_to_a_grant_without_a_review(cast: SimpleNamespace, child: Child) -> None:
    """The web role makes neither openings nor grants of this kind, changes none, deletes none (TM-20)."""
    now = clock.now()
    grant = {
        "child_id": child.pk, "area_code": WILLOW, "user": cast.stranger.user, "since": now,
        "until": now + timedelta(minutes=5), "kind": "glass", "ref": "x",
    }  # fmt: skip
    for actor in (cast.stranger, cast.county):
        with use_scope(actor.scope), pytest.raises(ProgrammingError), transaction.atomic():
            Grant.objects.create(**grant)
    opening = broken(cast.stranger, child)
    for actor in (cast.stranger, cast.county):
        with use_scope(actor.scope):
            with pytest.raises(ProgrammingError), transaction.atomic():
                Opening.objects.create(
                    public_id="forged", child_id=child.pk, file_no="x", area_code=WILLOW, hukou_area=WILLOW,
                    user=actor.user, post=actor.post, post_area=WILLOW, label="x", reason="LOST", words="x", danger=True,
                    at=now, until=now + timedelta(minutes=5), review_due=now.date(),
                )  # fmt: skip
            for change in ({"words": "没有"}, {"until": now + timedelta(hours=9)}, {"label": "别人"}):
                with pytest.raises(DatabaseError, match="不能改动"), transaction.atomic():
                    Opening.objects.filter(pk=opening.pk).update(**change)
            with pytest.raises(DatabaseError, match="只能提前结束"), transaction.atomic():
                Grant.objects.filter(ref=opening.public_id).update(until=now + timedelta(hours=9))
            with transaction.atomic():
                assert Opening.objects.filter(pk=opening.pk).delete()[0] == 0
                assert Grant.objects.filter(ref=opening.public_id).delete()[0] == 0


def test_only_looked_at_unless_life_is_in_danger(cast: SimpleNamespace, child: Child) -> None:
    """The wall refuses changes to her rows, and to the people of her family."""
    with use_scope(cast.county.scope):
        mother = Person.objects.create(name="王某某")
        Kinship.objects.create(child=child, person=mother, relation="mother", since=date(2015, 5, 1))
    broken(cast.stranger, child)
    with use_scope(cast.stranger.scope):
        looking = with_assigned(cast.stranger)
    assert not looking.changes(child.pk)
    with pytest.raises(PermissionDenied, match="只能看，不能改"):
        looking.check_changes(child.pk)
    with use_scope(looking.scope):
        for change in (
            lambda: Child.objects.filter(pk=child.pk).update(ethnic="改"),
            lambda: Kinship.objects.filter(child=child).update(relation="other"),
            lambda: Person.objects.filter(pk=mother.pk).update(name="改"),
            lambda: child.circumstances.create(kind="illness", since=date(2026, 1, 1)),
        ):
            with pytest.raises(ProgrammingError), transaction.atomic():
                change()
    broken(cast.stranger, child, "DANGER")
    with use_scope(cast.stranger.scope):
        working = with_assigned(cast.stranger)
    assert working.changes(child.pk)
    with use_scope(working.scope):
        assert Child.objects.filter(pk=child.pk).update(ethnic="改") == 1


def test_the_forms_of_a_looked_at_file_are_refused_in_words(
    cast: SimpleNamespace, child: Child, client_as: Any
) -> None:
    broken(cast.stranger, child)
    client = client_as("stranger")
    answer = client.get(reverse("registry:edit", args=[child.public_id, "living"]))
    assert answer.status_code == 403
    assert "只能看，不能改" in unescape(answer.content.decode())


def test_an_overdue_review_blocks_the_next_one_except_for_danger(
    cast: SimpleNamespace, child: Child, client_as: Any
) -> None:
    opening = broken(cast.stranger, child)
    with clock.frozen(clock.now() + timedelta(days=20)):
        with pytest.raises(services.Refused, match="1 次紧急查阅逾期未复核"):
            broken(cast.stranger, child)
        assert not seen_by(cast.stranger, child)
        assert "逾期未复核" in unescape(client_as("stranger").get(reverse("glass:break")).content.decode())
        assert broken(cast.stranger, child, "DANGER").danger
        with use_scope(cast.supervisor.scope):
            for one in Opening.objects.filter(user=cast.stranger.user):
                services.review(opening=one, actor=cast.supervisor, event="accept", words="已向派出所核实")
        broken(cast.stranger, child)
    assert opening.state == "PENDING"  # the object from before; the row is reviewed


def test_reviewed_by_somebody_else_on_the_childs_side(
    cast: SimpleNamespace, child: Child, client_as: Any
) -> None:
    opening = broken(cast.stranger, child)
    worker.settle()
    address = reverse("glass:review", args=[opening.public_id, "object"])
    assert client_as("director").post(address, {"words": "不属实"}).status_code == 404  # no right
    assert (
        client_as("stranger_county").post(address, {"words": "不属实"}).status_code == 409
    )  # the opener's side
    reviewer = client_as("supervisor")
    assert reviewer.post(address, {"words": " "}).status_code == 422
    shown = unescape(reviewer.get(reverse("glass:opening", args=[opening.public_id])).content.decode())
    assert WORDS in shown
    assert reviewer.post(address, {"words": "派出所没有此事"}).status_code == 302
    assert reviewer.post(address, {"words": "再来一次"}).status_code == 409
    worker.settle()
    with use_scope(system_scope("test")):
        done = Opening.objects.get()
        assert (done.state, done.reviewed_by) == ("UNJUSTIFIED", cast.supervisor.user)
        assert not WorkItem.objects.filter(kind="glass.review", closed_at__isnull=True).exists()
    assert told(cast, "认定不当") == {"stranger", "stranger_county", "auditor"}


def test_nobody_reviews_their_own(cast: SimpleNamespace, child: Child) -> None:
    opening = broken(cast.stranger_county, child)
    with use_scope(cast.stranger_county.scope), pytest.raises(NotNow, match="本人不能复核自己"):
        services.review(opening=opening, actor=cast.stranger_county, event="accept", words="属实")


def test_ended_early_it_is_over_at_once(cast: SimpleNamespace, child: Child, client_as: Any) -> None:
    client = client_as("stranger")
    client.post(reverse("glass:break"), asked(child))
    with use_scope(cast.stranger.scope):
        opening = Opening.objects.get()
    address = reverse("glass:end", args=[opening.public_id])
    assert client_as("county").post(address).status_code == 404
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 302  # twice is once
    assert client.get(page(child)).status_code == 404
    assert not seen_by(cast.stranger, child)


def test_one_person_one_post_only(cast: SimpleNamespace, child: Child) -> None:
    """The opening is the person's: colleagues and the own county see no child through it."""
    broken(cast.stranger, child)
    for other in (cast.stranger_county, cast.next_director):
        assert not seen_by(other, child)


def test_who_sees_the_opening_and_how_often(cast: SimpleNamespace, child: Child, client_as: Any) -> None:
    opening = broken(cast.stranger, child)
    address = reverse("glass:opening", args=[opening.public_id])
    for member in ("stranger", "stranger_county", "director", "supervisor", "county", "auditor"):
        answer = client_as(member).get(address)
        assert answer.status_code == 200, member
        text = unescape(answer.content.decode())
        assert (child.name in text) == (member not in ("stranger_county", "auditor")), member
    for member in ("next_director", "clerk", "security", "sysadmin"):
        assert client_as(member).get(address).status_code == 404, member
    broken(cast.stranger, child, "DANGER")
    with use_scope(cast.auditor.scope):
        assert selectors.count_by_person([cast.stranger.user.pk]) == {cast.stranger.user.pk: 2}
    listed = unescape(client_as("auditor").get(reverse("glass:openings")).content.decode())
    assert listed.count(child.file_no) == 2
    assert child.name not in listed


@pytest.mark.django_db(transaction=True)
def test_clicks_at_the_same_moment_make_one_opening(cast: SimpleNamespace, child: Child) -> None:
    def click(_: int) -> int:
        try:
            return int(signed_in(cast.stranger.user).post(reverse("glass:break"), asked(child)).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(click, range(4))) == {302}
    with use_scope(system_scope("test")):
        assert Opening.objects.count() == Grant.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"words": "急"}, "请写明情况"),
        ({"reason": "CURIOUS"}, "请在列出的选项中选择"),
        ({"number": ""}, "此项必填"),
    ],
)
def test_bad_input_is_told_and_keeps_what_was_typed(
    child: Child, client_as: Any, given: dict[str, str], sentence: str
) -> None:
    answer = client_as("stranger").post(reverse("glass:break"), asked(child, **given))
    assert answer.status_code == 422
    text = unescape(answer.content.decode())
    assert sentence in text
    assert child.name in text
    with use_scope(system_scope("test")):
        assert not Opening.objects.exists()
