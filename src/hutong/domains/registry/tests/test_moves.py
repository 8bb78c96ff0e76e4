"""A move is a handshake both sides confirm (R-03.07, R-01.04; model.md §4.1; ADR 0013)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from hutong.domains.leads import services as leads
from hutong.domains.leads.models import Lead
from hutong.domains.leads.tests.factories import row
from hutong.domains.registry import selectors, services, tasks
from hutong.domains.registry.models import Child, Move
from hutong.domains.registry.services import errors, terms
from hutong.domains.registry.services.moves import propose
from hutong.foundation.access.acting import Acting, with_assigned
from hutong.foundation.access.models import Assignment
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.audit.models import Read
from hutong.foundation.workflow import worker
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import StatusChange, WorkItem
from hutong.kernel import clock

from .conftest import WILLOW

MULBERRY, STONE, BAMBOO = "990101101202", "990101102201", "990102101201"
NEXT_COUNTY = "990102000000"


@contextmanager
def acting(actor: Acting) -> Any:
    """As a request does it: the scope with what was assigned one by one."""
    with use_scope(actor.scope):
        seeing = with_assigned(actor)
    with use_scope(seeing.scope):
        yield seeing


@pytest.fixture
def active(child: Child) -> Child:
    with use_scope(system_scope("test")):
        Child.objects.filter(pk=child.pk).update(state="ACTIVE")
        child.refresh_from_db()
    return child


Start = Callable[..., Move]


@pytest.fixture
def start(cast: SimpleNamespace, active: Child) -> Start:
    def begun(to: str = MULBERRY, *, actor: Acting | None = None, **more: Any) -> Move:
        who = actor or cast.director
        given = {
            "what": "both",
            "to_area": to,
            "moved_on": clock.today(),
            "reason": "PARENTS",
            "words": "随父母迁居",
        }
        with acting(who) as seeing:
            made = propose(active, actor=seeing, **(given | more))
        worker.settle()
        return made

    return begun  # fmt: skip


def fresh(move: Move) -> Move:
    with use_scope(system_scope("test")):
        return Move.objects.select_related("to_post", "from_post", "sender_post").get(pk=move.pk)


def waiting(move: Move) -> set[tuple[str, str]]:
    with use_scope(system_scope("test")):
        rows = WorkItem.objects.filter(
            subject_type="registry.move", subject_id=move.pk, closed_at__isnull=True
        )
        return {(one.kind, one.owner_post.title) for one in rows.select_related("owner_post")}


def sees(actor: Acting, child: Child) -> bool:
    with acting(actor):
        return Child.objects.filter(pk=child.pk).exists()


def approved(cast: SimpleNamespace, start: Start) -> Move:
    """A move to the next county, agreed to by the sending county."""
    move = start(BAMBOO)
    with acting(cast.county) as county:
        services.moves.approve(fresh(move), actor=county, reason="同意")
    worker.settle()
    return fresh(move)


def test_between_villages_of_one_township_it_goes_across_at_once(
    cast: SimpleNamespace, start: Start, active: Child
) -> None:
    move = start()
    assert move.state == "OFFERED"
    assert waiting(move) == {("move.receive", "桑村儿童主任"), ("move.hand", "柳村儿童主任")}
    with acting(cast.next_director) as receiver:
        services.moving.receive(fresh(move), actor=receiver)
    worker.settle()
    assert waiting(move) == set()
    assert (sees(cast.director, active), sees(cast.next_director, active)) == (False, True)
    with use_scope(cast.next_director.scope):
        moved = Child.objects.get(pk=active.pk)
        assert (moved.residence_area, moved.hukou_area) == (MULBERRY, MULBERRY)
        assert moved.version == active.version + 1
        assert moved.file_no == active.file_no, "a record keeps the file it was made with"


def test_across_townships_the_supervisor_agrees_first(
    cast: SimpleNamespace, start: Start, active: Child
) -> None:
    move = start(STONE)
    assert move.state == "PROPOSED"
    assert waiting(move) == {("move.approve", "东镇儿童督导员")}
    with acting(cast.director) as director, pytest.raises(PermissionDenied):
        services.moves.approve(fresh(move), actor=director)
    with acting(cast.supervisor) as supervisor:
        services.moves.approve(fresh(move), actor=supervisor)
    assert fresh(move).state == "OFFERED"


def test_across_counties_only_the_county_agrees(cast: SimpleNamespace, start: Start, active: Child) -> None:
    move = start(BAMBOO)
    with acting(cast.supervisor) as supervisor, pytest.raises(PermissionDenied, match="县级民政审核"):
        services.moves.approve(fresh(move), actor=supervisor)
    assert not sees(cast.stranger, active), "nothing is seen before the sending side has agreed"


def test_until_receipt_both_sides_see_it_and_answer_for_it(
    cast: SimpleNamespace, start: Start, active: Child, client_as: Any
) -> None:
    move = approved(cast, start)
    assert waiting(move) == {("move.receive", "竹村儿童主任"), ("move.hand", "柳村儿童主任")}
    assert sees(cast.director, active)
    assert sees(cast.stranger, active)
    assert not sees(cast.stranger_county, active), "on the receiving side nobody but the responsible post"
    page = client_as("stranger").get(f"/children/{active.public_id}/").content.decode()
    assert "接收前与转出方共同负责" in page
    assert "柳村儿童主任" in page
    with use_scope(system_scope("test")):
        assert Read.objects.filter(child_id=active.pk, actor_id=cast.stranger.user.pk).exists()
    assert client_as("stranger_county").get(f"/children/moves/{move.public_id}/").status_code == 404
    listed = client_as("stranger").get("/children/moves/").content.decode()
    assert active.name in listed
    assert active.name not in client_as("stranger_county").get("/children/moves/").content.decode()


def test_after_receipt_the_sender_keeps_its_history_only(
    cast: SimpleNamespace, start: Start, active: Child, client_as: Any
) -> None:
    client_as("director").get(f"/children/{active.public_id}/")
    move = approved(cast, start)
    with acting(cast.stranger) as receiver:
        services.moving.receive(move, actor=receiver)
    worker.settle()
    for member in ("director", "supervisor", "county"):
        assert client_as(member).get(f"/children/{active.public_id}/").status_code == 404
        page = client_as(member).get(f"/children/moves/{move.public_id}/").content.decode()
        assert "只保留交接经过" in page
        assert "打开档案" not in page
    assert sees(cast.stranger_county, active)
    with use_scope(system_scope("test")):
        assert not Assignment.objects.filter(child_id=active.pk).exists()
        assert Read.objects.filter(child_id=active.pk, actor_id=cast.director.user.pk).exists()
    with use_scope(cast.director.scope):
        assert StatusChange.objects.filter(child_id=active.pk, machine="move").exists()


def test_open_work_and_leads_go_along_and_none_is_lost(
    cast: SimpleNamespace, start: Start, active: Child
) -> None:
    with use_scope(cast.county.scope):
        leads.receive(
            rows=[row(active, area_code=WILLOW)],
            run_id=1,
            as_of=date(2026, 9, 30),
            pack="base",
            actor=cast.county,
        )
        before = WorkItem.objects.filter(child_id=active.pk, closed_at__isnull=True).count()
    move = approved(cast, start)
    with acting(cast.stranger) as receiver:
        services.moving.receive(move, actor=receiver)
    worker.settle()
    with use_scope(cast.stranger.scope):
        lead = Lead.objects.get(child=active)
        assert (lead.area_code, lead.hukou_area, lead.owner_post) == (BAMBOO, BAMBOO, cast.stranger.post)
        item = WorkItem.objects.get(kind="lead.verify", child_id=active.pk)
        assert (item.owner_post, item.closed_at) == (cast.stranger.post, None)
        assert StatusChange.objects.filter(subject_id=item.pk, event="hand_over").count() == 1
        leads.verdict(
            lead=lead,
            answer="TRUE",
            words="已核实",
            checked_on=clock.today(),
            actor=cast.stranger,
            seen="祖母",
        )
    with use_scope(system_scope("test")):
        assert WorkItem.objects.filter(child_id=active.pk, closed_at__isnull=True).count() == before
    with use_scope(cast.director.scope):
        assert not Lead.objects.filter(child_id=active.pk).exists()


def test_only_the_residence_moves_and_the_duties_are_split(
    cast: SimpleNamespace, start: Start, active: Child, client_as: Any
) -> None:
    """R-01.04: benefits stay with the hukou side, visits go with the residence."""
    with acting(cast.county) as county:
        move = propose(
            active, actor=county, what="residence", to_area=BAMBOO, moved_on=clock.today(), reason="PARENTS", words="随父母"
        )  # fmt: skip
    worker.settle()
    with acting(cast.stranger) as receiver:
        services.moving.receive(fresh(move), actor=receiver)
    worker.settle()
    for member in ("director", "stranger"):
        page = client_as(member).get(f"/children/{active.public_id}/").content.decode()
        assert "存在两地协调" in page
        assert "待遇的申请、查验、确认和发放" in page
        assert "走访和日常关爱" in page
        assert "柳村儿童主任" in page
        assert "竹村儿童主任" in page
    split = terms.duties(clock.today())
    assert not set(split.residence) & set(split.hukou)


def test_refused_goes_back_with_the_reason(cast: SimpleNamespace, start: Start, active: Child) -> None:
    move = approved(cast, start)
    with acting(cast.stranger) as receiver:
        with pytest.raises(errors.Refused, match="写明理由"):
            services.moving.refuse(move, actor=receiver, reason=" ")
        services.moving.refuse(move, actor=receiver, reason="查无此户，实际住在邻村")
    worker.settle()
    assert not sees(cast.stranger, active)
    assert waiting(move) == {("move.mend", "柳村儿童主任")}
    again = fresh(move)
    assert (again.state, again.answer) == ("RETURNED", "查无此户，实际住在邻村")
    with acting(cast.director) as director:
        services.moves.submit(again, actor=director, words="已核对门牌")
    assert fresh(move).state == "PROPOSED", "across counties the county looks again"


def test_asked_back_both_stay_responsible_and_time_begins_anew(
    cast: SimpleNamespace, start: Start, active: Child
) -> None:
    with clock.frozen(date(2026, 11, 2)):
        move = approved(cast, start)
        with acting(cast.stranger) as receiver:
            services.moving.ask(move, actor=receiver, reason="缺委托照护协议")
        worker.settle()
        assert waiting(move) == {("move.answer", "柳村儿童主任"), ("move.hand", "柳村儿童主任")}
        assert sees(cast.stranger, active)
    with clock.frozen(date(2026, 11, 9)), acting(cast.director) as director:
        services.moves.answer(fresh(move), actor=director, reason="协议已补")
    assert (fresh(move).state, fresh(move).offered_on) == ("OFFERED", date(2026, 11, 9))


def test_unanswered_it_goes_to_the_county_above_and_then_back(
    cast: SimpleNamespace, start: Start, active: Child
) -> None:
    with clock.frozen(date(2026, 11, 2)):
        move = approved(cast, start)
    due = terms.working_due("move_accept_days", date(2026, 11, 2))
    assert due == date(2026, 11, 16)
    with clock.frozen(due):
        assert tasks.look_after_moves() == 0
    with clock.frozen(due + timedelta(days=1)):
        assert tasks.look_after_moves() == 1
        assert tasks.look_after_moves() == 0, "told once"
    assert sees(cast.stranger_county, active)
    assert ("move.receive", "乙县儿童福利科") in waiting(move)
    with clock.frozen(terms.working_due("move_grace_days", due) + timedelta(days=1)):
        assert tasks.look_after_moves() == 1
    worker.settle()
    assert fresh(move).state == "RETURNED"
    assert "逾期未答复" in fresh(move).answer
    assert not sees(cast.stranger_county, active)
    assert not sees(cast.stranger, active)
    assert waiting(move) == {("move.mend", "柳村儿童主任")}


def test_the_county_named_as_place_chooses_the_village(
    cast: SimpleNamespace, start: Start, active: Child
) -> None:
    move = start(NEXT_COUNTY)
    with acting(cast.county) as county:
        services.moves.approve(fresh(move), actor=county)
    assert fresh(move).to_post == cast.stranger_county.post
    with acting(cast.stranger_county) as receiver:
        with pytest.raises(errors.Refused, match="村"):
            services.moving.receive(fresh(move), actor=receiver)
        with pytest.raises(errors.Refused, match="不在转入地范围"):
            services.moving.receive(fresh(move), actor=receiver, place=WILLOW)
        services.moving.receive(fresh(move), actor=receiver, place=BAMBOO)
    worker.settle()
    assert sees(cast.stranger, active)


def test_withdrawn_the_receiving_side_sees_nothing(
    cast: SimpleNamespace, start: Start, active: Child
) -> None:
    move = approved(cast, start)
    with acting(cast.director) as director:
        services.moves.withdraw(move, actor=director, reason="父母改变计划")
    assert not sees(cast.stranger, active)
    worker.settle()
    assert waiting(move) == set()
    assert fresh(move).state == "WITHDRAWN"


def test_out_of_the_system_by_letter_and_back_again(
    cast: SimpleNamespace, start: Start, active: Child
) -> None:
    move = start("", outside=True, to_place="外省某县某镇")
    assert move.state == "PROPOSED"
    with acting(cast.county) as county:
        with pytest.raises(NotNow, match="发函"):
            services.moves.approve(fresh(move), actor=county)
        services.moves.approve_letter(
            fresh(move),
            actor=county,
            letter_no="甲民函〔2026〕1号",
            letter_to="某县民政局",
            letter_on=clock.today(),
        )
        assert Child.objects.get(pk=active.pk).state == "ACTIVE", "until the receipt it stays here"
        services.moves.receipt(
            fresh(move), actor=county, receipt_no="某民函〔2026〕9号", receipt_on=clock.today()
        )
        child = Child.objects.get(pk=active.pk)
        assert child.state == "MOVED_OUT"
        with pytest.raises(NotNow):
            services.moves.propose(
                child,
                actor=county,
                what="both",
                to_area=BAMBOO,
                moved_on=clock.today(),
                reason="OTHER",
                words="再转",
            )
        services.moves.come_back(child, actor=county, reason="已随祖母迁回")
        assert child.state == "ACTIVE"
    worker.settle()
    assert waiting(move) == set()


def test_a_county_officer_alone_sends_nobody_out_of_the_system(cast: SimpleNamespace, start: Start) -> None:
    move = start("", actor=cast.county, outside=True, to_place="外省某县")
    assert waiting(move) == {("move.approve", "甲县儿童福利科复核岗")}
    with acting(cast.county) as county, pytest.raises(PermissionDenied, match="不能审核同一次转移"):
        services.moves.approve_letter(
            fresh(move), actor=county, letter_no="1", letter_to="某县", letter_on=clock.today()
        )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"to_area": WILLOW}, "to_area"),
        ({"to_area": ""}, "to_area"),
        ({"to_area": "990101000000", "what": "elsewhere"}, "what"),
        ({"to_area": "990100000000"}, "outside"),
        ({"words": " "}, "words"),
        ({"reason": "NONE"}, "reason"),
        ({"moved_on": date(2099, 1, 1)}, "moved_on"),
        ({"moved_on": date(2001, 1, 1)}, "moved_on"),
        ({"outside": True, "to_area": ""}, "to_place"),
    ],
)
def test_what_cannot_be_is_refused_by_field(start: Start, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(errors.Refused) as refused:
        start(**({"to": changes.pop("to_area")} if "to_area" in changes else {}), **changes)
    assert refused.value.field == field


def test_one_move_at_a_time_and_a_double_click_is_one(
    cast: SimpleNamespace, start: Start, active: Child
) -> None:
    first = start(form_key="f" * 32)
    assert start(form_key="f" * 32) == first
    with pytest.raises(errors.Refused, match="已有一次转移"):
        start(STONE)
    with use_scope(system_scope("test")):
        assert Move.objects.filter(child=active).count() == 1


def test_a_file_corrected_meanwhile_is_not_taken_over_blindly(
    cast: SimpleNamespace, start: Start, active: Child
) -> None:
    move = start()
    with use_scope(system_scope("test")):
        Child.objects.filter(pk=active.pk).update(residence_area=STONE)
    with acting(cast.next_director) as receiver, pytest.raises(NotNow, match="已有变更"):
        services.moving.receive(fresh(move), actor=receiver)


def test_the_place_left_cannot_be_given_away_from_elsewhere(cast: SimpleNamespace, active: Child) -> None:
    with use_scope(system_scope("test")):
        Child.objects.filter(pk=active.pk).update(hukou_area=BAMBOO)
        active.refresh_from_db()
    with acting(cast.stranger) as elsewhere, pytest.raises(PermissionDenied, match="转出地"):
        propose(
            active, actor=elsewhere, what="residence", to_area=MULBERRY, moved_on=clock.today(), reason="OTHER", words="试"
        )  # fmt: skip


def test_found_by_name_where_the_child_now_is(
    cast: SimpleNamespace, start: Start, active: Child, client_as: Any
) -> None:
    move = start()
    with acting(cast.next_director) as receiver:
        services.moving.receive(fresh(move), actor=receiver)
    query = {"q": active.name}
    assert active.public_id in client_as("next_director").get("/children/", query).content.decode()
    assert active.public_id not in client_as("director").get("/children/", query).content.decode()
    with use_scope(cast.next_director.scope):
        assert selectors.responsible_post(Child.objects.get(pk=active.pk)) == cast.next_director.post
