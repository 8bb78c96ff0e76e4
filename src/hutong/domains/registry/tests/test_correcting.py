"""Corrections as proposals: two persons, papers, both columns, nothing in clear (R-03.05, R-46.01; experience.md 9)."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import reverse

from hutong.domains.registry import services
from hutong.domains.registry.machines import correcting, file_correction
from hutong.domains.registry.models import Child, GuardianshipRegime, Proposal, ProposalLine
from hutong.domains.registry.services import errors, proposals
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.audit.models import Change
from hutong.foundation.documents import services as documents
from hutong.foundation.documents.tests import files
from hutong.foundation.messaging.models import Notice
from hutong.foundation.workflow import worker
from hutong.foundation.workflow.models import OPEN, WorkItem
from hutong.kernel import clock, ids

from .conftest import BORN

pytestmark = pytest.mark.django_db
MULBERRY, STONE, BAMBOO = "990101101202", "990101102201", "990102101201"
RIGHT = ids.make("500199", BORN, 28)


@pytest.fixture
def active(cast: SimpleNamespace, child: Child) -> Child:
    with use_scope(cast.director.scope):
        services.register(child, actor=cast.director)
    with use_scope(cast.supervisor.scope):
        return services.approve(child, actor=cast.supervisor)


@pytest.fixture
def propose(cast: SimpleNamespace, active: Child) -> Callable[..., Proposal]:
    """``propose(name="…")``: a draft of the village director (or ``actor``); ``papers=True`` adds what it asks for."""

    def made(
        *,
        actor: Any = None,
        papers: bool = True,
        submit: bool = False,
        reason: str = "登记时听错了",
        **changes: Any,
    ) -> Proposal:
        who = actor or cast.director
        with use_scope(who.scope):
            found = services.propose(active, actor=who, changes=changes, reason=reason)
            for paper in correcting.papers(changes) if papers else ():
                attach(found, who, paper)
            return services.submit_proposal(found, actor=who) if submit else found

    return made


def attach(proposal: Proposal, actor: Any, paper: str) -> None:
    documents.store(
        file=io.BytesIO(files.png()), actor=actor, child_id=proposal.child_id, area_code=proposal.area_code,
        purpose=paper, name="照片.png", subject_type=proposals.SUBJECT, subject_id=proposal.pk,
    )  # fmt: skip


def now(child: Child) -> Child:
    with use_scope(system_scope("test")):
        return Child.objects.get(pk=child.pk)


def test_a_name_is_corrected_by_two_persons(
    cast: SimpleNamespace, active: Child, propose: Callable[..., Proposal]
) -> None:
    proposal = propose(name="单小荷", submit=True)
    with use_scope(cast.county.scope):
        item = WorkItem.objects.get(kind="registry.correct")
        assert (item.owner_post, item.summary) == (cast.county.post, "姓名")
        services.approve_proposal(proposal, actor=cast.county, reason="与户口簿一致")
        item.refresh_from_db()
        assert item.closed_at
        changed = Change.objects.get(table="registry_child", diff__has_key="name", operation="UPDATE")
        assert "登记时听错了" in changed.reason
        assert proposal.public_id in changed.reason
    assert (now(active).name, now(active).name_pinyin) == ("单小荷", "shanxiaohe")
    worker.settle()
    with use_scope(cast.director.scope):
        assert Notice.objects.get(post=cast.director.post).title == "更正申请已同意"


def test_the_second_person_is_another_person(cast: SimpleNamespace, propose: Callable[..., Proposal]) -> None:
    proposal = propose(actor=cast.county, name="单小荷", submit=True)
    with use_scope(cast.county.scope):
        assert WorkItem.objects.get(kind="registry.correct").owner_post == cast.county_second.post
        for decide in (services.approve_proposal, services.refuse_proposal, services.send_back_proposal):
            with pytest.raises(PermissionDenied, match="不能审批自己的申请"):
                decide(proposal, actor=cast.county, reason="同意更正吧")
        services.approve_proposal(proposal, actor=cast.county_second)
        proposal.refresh_from_db()
        assert proposal.state == "APPROVED"


def test_what_identifies_a_child_is_decided_by_the_county(
    cast: SimpleNamespace, propose: Callable[..., Proposal]
) -> None:
    proposal = propose(
        birth_date=date(2015, 3, 13), id_number=ids.make("500199", date(2015, 3, 13), 12), submit=True
    )
    with use_scope(cast.supervisor.scope), pytest.raises(PermissionDenied, match="由县级民政审批"):
        services.approve_proposal(proposal, actor=cast.supervisor)


def test_in_care_nobody_changes_it_alone(cast: SimpleNamespace, active: Child) -> None:
    with use_scope(cast.county.scope):
        for field, value in {
            "name": "单小荷", "id_number": RIGHT, "sex": 1, "birth_date": date(2015, 3, 13), "hukou_area": MULBERRY,
            "residence_area": MULBERRY, "id_kind": "UNSEEN",
        }.items():  # fmt: skip
            with pytest.raises(errors.Refused, match="请提出更正申请") as refused:
                services.edit_child(active, actor=cast.county, version=active.version, changes={field: value})
            assert refused.value.field == field
        with pytest.raises(errors.Refused, match="请提出更正申请"):
            services.set_regime(
                active,
                actor=cast.county,
                kind="ENTRUSTED",
                since=date(2026, 1, 1),
                who="单大伯",
                basis="协议",
            )
        services.edit_child(
            active, actor=cast.county, version=active.version, changes={"address": "柳村三组"}
        )
    assert now(active).address == "柳村三组"


def test_papers_are_asked_for_and_missing_ones_stop(
    cast: SimpleNamespace, propose: Callable[..., Proposal]
) -> None:
    proposal = propose(id_number=RIGHT, papers=False)
    with use_scope(cast.director.scope):
        with pytest.raises(errors.Refused, match="还缺户口簿"):
            services.submit_proposal(proposal, actor=cast.director)
        attach(proposal, cast.director, "户口簿")
        services.submit_proposal(proposal, actor=cast.director)
    assert proposal.state == "SUBMITTED"


def test_no_number_stands_in_clear(cast: SimpleNamespace, propose: Callable[..., Proposal]) -> None:
    proposal = propose(id_number=RIGHT, phone="13800001111", address="柳村一组四号", submit=True)
    with use_scope(cast.county.scope), connection.cursor() as cursor:
        dumps = []
        for table in ("registry_proposal", "registry_proposalline", "audit_change", "workflow_workitem",
                      "workflow_statuschange", "workflow_outbox"):  # fmt: skip
            with use_scope(system_scope("test")):
                cursor.execute(f"SELECT coalesce(string_agg(to_jsonb(t)::text, ''), '') FROM {table} t")
                dumps.append(cursor.fetchone()[0])
        for secret in (RIGHT, "13800001111", "柳村一组四号", ids.make("500199", BORN, 12)):
            assert secret not in "".join(dumps)
        assert {line.field: line.new for line in ProposalLine.objects.all()}["id_number"] == RIGHT
        services.approve_proposal(proposal, actor=cast.county)
    assert (now(proposal.child).id_number, now(proposal.child).phone) == (RIGHT, "13800001111")


@pytest.mark.parametrize("words", ["号码应为 500199201503120128 才对", "电话 138 0000 1111 打过了", " "])
def test_words_carry_no_numbers(propose: Callable[..., Proposal], words: str) -> None:
    with pytest.raises(errors.Refused) as refused:
        propose(name="单小荷", reason=words)
    assert refused.value.field == "reason"


def test_one_open_proposal_a_field(cast: SimpleNamespace, propose: Callable[..., Proposal]) -> None:
    first = propose(name="单小荷")
    with pytest.raises(errors.Refused, match="“姓名”已有未办结"):
        propose(name="单小何", ethnic="苗族")
    assert propose(ethnic="苗族").state == "DRAFT"
    with use_scope(cast.director.scope):
        services.withdraw_proposal(first, actor=cast.director, reason="写错了")
    assert propose(name="单小何").state == "DRAFT"


def test_the_same_form_twice_makes_one(cast: SimpleNamespace, active: Child) -> None:
    with use_scope(cast.director.scope):
        given: dict[str, Any] = {"changes": {"name": "单小荷"}, "reason": "听错了字", "form_key": "k" * 32}
        one, two = (services.propose(active, actor=cast.director, **given) for _ in range(2))
        assert one == two
        with pytest.raises(errors.Refused, match="没有需要更正的项目"):
            services.propose(active, actor=cast.director, changes={"name": active.name}, reason="没有变化")


def test_sent_back_mended_and_agreed(cast: SimpleNamespace, propose: Callable[..., Proposal]) -> None:
    proposal = propose(name="单小荷", submit=True)
    with use_scope(cast.county.scope):
        services.send_back_proposal(proposal, actor=cast.county, reason="照片看不清，请重拍")
    with use_scope(cast.director.scope):
        item = WorkItem.objects.get(kind="registry.correct_revise")
        assert (item.owner_post, item.summary) == (cast.director.post, "照片看不清，请重拍")
        mended = services.revise_proposal(
            proposal, actor=cast.director, changes={"name": "单小河"}, reason="户口簿上是河字"
        )
        services.submit_proposal(mended, actor=cast.director)
        item.refresh_from_db()
        assert item.closed_at
    with use_scope(cast.county.scope):
        services.approve_proposal(mended, actor=cast.county)
    assert now(proposal.child).name == "单小河"


def test_refused_with_a_reason_leaves_the_file(
    cast: SimpleNamespace, propose: Callable[..., Proposal]
) -> None:
    proposal = propose(name="单小荷", submit=True)
    with use_scope(cast.county.scope):
        with pytest.raises(errors.Refused, match="请写明不予更正的理由"):
            services.refuse_proposal(proposal, actor=cast.county, reason="不")
        services.refuse_proposal(proposal, actor=cast.county, reason="户口簿上就是禾字")
    assert now(proposal.child).name == "单小禾"
    with use_scope(cast.director.scope):
        assert not ProposalLine.objects.filter(open=True).exists()
        assert not WorkItem.objects.filter(OPEN, subject_type=proposals.SUBJECT).exists()


def test_a_field_that_changed_meanwhile_is_decided_again(
    cast: SimpleNamespace, active: Child, propose: Callable[..., Proposal]
) -> None:
    from hutong.domains.registry.services import deciding

    proposal = propose(address="柳村三组", submit=True)
    with use_scope(cast.director.scope):
        services.edit_child(
            active, actor=cast.director, version=active.version, changes={"address": "柳村二组"}
        )
    with use_scope(cast.supervisor.scope):
        lines = list(proposal.lines.select_related("proposal"))
        with pytest.raises(errors.Stale):
            services.approve_proposal(proposal, actor=cast.supervisor)
        old = deciding.seen_token(now(active), lines)
        services.edit_child(
            now(active), actor=cast.supervisor, version=now(active).version, changes={"address": "柳村一组"}
        )
        with pytest.raises(errors.Stale):
            services.approve_proposal(proposal, actor=cast.supervisor, seen=old, again=True)
        services.approve_proposal(
            proposal, actor=cast.supervisor, seen=deciding.seen_token(now(active), lines), again=True
        )
    assert now(active).address == "柳村三组"


@pytest.mark.parametrize(("to", "owner"), [(MULBERRY, "supervisor"), (STONE, "county")])
def test_a_wrong_place_is_decided_where_both_are_known(
    cast: SimpleNamespace, propose: Callable[..., Proposal], to: str, owner: str
) -> None:
    proposal = propose(residence_area=to, submit=True)
    decider = getattr(cast, owner)
    with use_scope(decider.scope):
        assert WorkItem.objects.get(kind="registry.correct").owner_post == decider.post
        services.approve_proposal(proposal, actor=decider)
    assert now(proposal.child).residence_area == to


def test_the_township_decides_nothing_beyond_its_range(
    cast: SimpleNamespace, propose: Callable[..., Proposal]
) -> None:
    proposal = propose(residence_area=STONE, submit=True)
    with use_scope(cast.supervisor.scope), pytest.raises(PermissionDenied, match="不都在您的辖区内"):
        services.approve_proposal(proposal, actor=cast.supervisor)


def test_another_county_is_a_move(propose: Callable[..., Proposal]) -> None:
    with pytest.raises(errors.Refused, match="请办理转出转入") as refused:
        propose(hukou_area=BAMBOO)
    assert refused.value.field == "hukou_area"


def test_the_guardian_is_changed_by_two(cast: SimpleNamespace, propose: Callable[..., Proposal]) -> None:
    regime = {"kind": "ENTRUSTED", "who": "单大伯", "basis": "委托照护协议 3 号", "since": date(2026, 1, 5)}
    with clock.frozen(date(2026, 2, 1)):
        proposal = propose(guardian=regime, submit=True)
        with use_scope(cast.supervisor.scope):
            services.approve_proposal(proposal, actor=cast.supervisor)
            assert GuardianshipRegime.objects.get(child=proposal.child).who == "单大伯"


ACCOUNT = {
    "payee_name": "单大河",
    "payee_bank": "某农商银行城东支行",
    "payee_account": "6228 4800 0000 0012 345",
}


def test_where_the_money_goes_is_changed_by_two(
    cast: SimpleNamespace, active: Child, propose: Callable[..., Proposal], client_as: Any
) -> None:
    """R-50: nobody turns a child's allowance into another account alone; the number stands sealed and is shown masked."""
    with use_scope(cast.county.scope):
        for field, value in ACCOUNT.items():
            with pytest.raises(errors.Refused, match="由另一人审批"):
                services.edit_child(active, actor=cast.county, version=active.version, changes={field: value})
    with pytest.raises(errors.Refused, match="一起填写"):
        propose(payee_name="单大河", payee_account="6228480000000012345")
    with pytest.raises(errors.Refused, match="8 至 32 位"):
        propose(**(ACCOUNT | {"payee_account": "6228-48X"}))
    proposal = propose(**ACCOUNT, submit=True)
    with use_scope(cast.supervisor.scope), pytest.raises(PermissionDenied, match="由县级民政审批"):
        services.approve_proposal(proposal, actor=cast.supervisor)
    with use_scope(cast.county.scope):
        services.approve_proposal(proposal, actor=cast.county, reason="与银行卡一致")
    assert (now(active).payee_name, now(active).payee_account) == ("单大河", "6228480000000012345")
    page = client_as("director").get(reverse("registry:child", args=[active.public_id])).content.decode()
    assert "6228***********2345" in page
    assert "6228480000000012345" not in page
    with use_scope(cast.county.scope), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_child AS kid WHERE kid::text LIKE '%12345%'")
        assert cursor.fetchone() == (0,)
    gone = dict.fromkeys(ACCOUNT, "")
    with use_scope(cast.county.scope):
        services.approve_proposal(propose(**gone, submit=True), actor=cast.county, reason="已销户")
    assert now(active).payee_account == ""


def test_a_number_that_contradicts_is_refused_before_it_is_proposed(
    make: Any, propose: Callable[..., Proposal]
) -> None:
    other = make(name="马小满", order=14)
    with pytest.raises(errors.Taken):
        propose(id_number=other.id_number)
    with pytest.raises(errors.Refused, match="出生日期与身份证号码"):
        propose(id_number=ids.make("500199", date(2015, 3, 13), 12))


def test_a_number_taken_meanwhile_stops_the_approval_whole(
    cast: SimpleNamespace, make: Any, propose: Callable[..., Proposal]
) -> None:
    proposal = propose(id_number=RIGHT, ethnic="苗族", submit=True)
    make(name="马小满", order=28)
    with use_scope(cast.county.scope):
        with pytest.raises(errors.Taken):
            services.approve_proposal(proposal, actor=cast.county)
        proposal = Proposal.objects.select_related("child").get(pk=proposal.pk)
        assert proposal.state == "SUBMITTED"
    assert now(proposal.child).ethnic == ""


STEPS = {
    "submit": services.submit_proposal, "approve": services.approve_proposal, "send_back": services.send_back_proposal,
    "refuse": services.refuse_proposal, "withdraw": services.withdraw_proposal,
}  # fmt: skip
MAY = {
    ("DRAFT", "submit"): {"director"}, ("DRAFT", "withdraw"): {"director"},
    ("SENT_BACK", "submit"): {"director"}, ("SENT_BACK", "withdraw"): {"director"},
    ("SUBMITTED", "withdraw"): {"director"}, ("SUBMITTED", "approve"): {"county", "county_second"},
    ("SUBMITTED", "send_back"): {"county", "county_second"}, ("SUBMITTED", "refuse"): {"county", "county_second"},
}  # fmt: skip


@pytest.mark.parametrize("state", list(file_correction.STATES))
def test_every_state_and_every_role(
    cast: SimpleNamespace, propose: Callable[..., Proposal], state: str
) -> None:
    """State × step × role: exactly the table's cells are possible, everything else is refused and changes nothing."""
    proposal = propose(name="单小荷")
    with use_scope(system_scope("test")):
        Proposal.objects.filter(pk=proposal.pk).update(state=state)
    allowed: dict[tuple[str, str], set[str]] = {}
    for step, service in STEPS.items():
        for role in ("director", "supervisor", "county", "county_second", "clerk", "auditor", "security"):
            actor = getattr(cast, role)
            with use_scope(system_scope("test")):
                seen = Proposal.objects.get(pk=proposal.pk)
                words = {} if step == "submit" else {"reason": "情况已核对"}
                try:
                    with transaction.atomic():
                        with use_scope(actor.scope):
                            service(seen, actor=actor, **words)
                        allowed.setdefault((state, step), set()).add(role)
                        raise ZeroDivisionError
                except ZeroDivisionError:
                    pass
                except PermissionDenied:
                    seen.refresh_from_db()
                    assert seen.state == state
    assert allowed == {cell: roles for cell, roles in MAY.items() if cell[0] == state}


# pages


def address(proposal: Proposal, name: str = "proposal", *args: str) -> str:
    return reverse(f"registry:{name}", args=[proposal.public_id, *args])


def test_through_the_pages(client_as: Any, cast: SimpleNamespace, active: Child) -> None:
    client = client_as("director")
    start = reverse("registry:propose", args=[active.public_id])
    assert "户口簿" in client.get(start).content.decode()
    assert "此项必填" in client.get(start, {"chosen": "1"}).content.decode()
    form = client.get(start, {"part": "name"})
    assert 'value="单小禾"' in form.content.decode()
    given = {"name": "单小荷", "reason": "户口簿上是荷字", "form_key": uuid.uuid4().hex}
    answer = client.post(f"{start}?part=name", given)
    again = client.post(f"{start}?part=name", given)
    assert answer.status_code == 302
    assert answer.url == again.url
    page = client.get(answer.url).content.decode()
    assert "缺少，必须补交" in page
    assert 'class="different"' in page
    assert "同意更正</button>" not in page
    with use_scope(cast.director.scope):
        proposal = Proposal.objects.get()
        refused = client.post(address(proposal, "proposal_step", "submit"))
        assert "还缺户口簿或出生医学证明" in refused.content.decode()
        attach(proposal, cast.director, "户口簿或出生医学证明")
    assert client.post(address(proposal, "proposal_step", "submit")).status_code == 302
    county = client_as("county")
    assert "同意更正</button>" in county.get(address(proposal)).content.decode()
    assert "由县级民政审批" in client_as("supervisor").get(address(proposal)).content.decode()
    assert county.post(address(proposal, "proposal_step", "approve"), {"reason": "一致"}).status_code == 302
    told = county.post(address(proposal, "proposal_step", "approve"), {"reason": "一致"})
    assert told.status_code == 422
    assert "可能已有人先行办理" in told.content.decode()
    assert now(active).name == "单小荷"


def test_the_decider_sees_what_changed_and_ticks(
    client_as: Any, cast: SimpleNamespace, active: Child, propose: Callable[..., Proposal]
) -> None:
    proposal = propose(address="柳村三组", submit=True)
    with use_scope(cast.director.scope):
        services.edit_child(
            active, actor=cast.director, version=active.version, changes={"address": "柳村二组"}
        )
    client = client_as("supervisor")
    step = address(proposal, "proposal_step", "approve")
    stopped = client.post(step, {"reason": ""})
    assert stopped.status_code == 422
    page = stopped.content.decode()
    assert "请重新核对" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert client.post(step, {"seen": seen, "again": "1"}).status_code == 302
    assert now(active).address == "柳村三组"


def test_what_was_typed_stays(client_as: Any, active: Child) -> None:
    start = reverse("registry:propose", args=[active.public_id])
    answer = client_as("director").post(
        f"{start}?part=birth", {"birth_date": "2015-03-13", "reason": "出生证明是十三日", "form_key": uuid.uuid4().hex}
    )  # fmt: skip
    assert answer.status_code == 422
    assert "不一致" in answer.content.decode()
    assert "出生证明是十三日" in answer.content.decode()


def test_direct_forms_no_longer_carry_what_needs_two(client_as: Any, active: Child) -> None:
    client = client_as("director")
    identity = client.get(reverse("registry:edit", args=[active.public_id, "identity"])).content.decode()
    assert 'name="ethnic"' in identity
    assert 'name="id_number"' not in identity
    assert "须申请更正" in identity
    forged = {"version": str(active.version), "ethnic": "苗族", "name": "别人"}
    assert (
        client.post(reverse("registry:edit", args=[active.public_id, "identity"]), forged).status_code == 302
    )
    assert (now(active).name, now(active).ethnic) == ("单小禾", "苗族")
    assert client.get(reverse("registry:add", args=[active.public_id, "regime"])).status_code == 302
    page = client.get(reverse("registry:child", args=[active.public_id])).content.decode()
    assert "申请更正" in page


@pytest.mark.parametrize(
    "who", ["stranger", "stranger_county", "next_director", "auditor", "security", "clerk"]
)
def test_to_others_the_proposal_does_not_exist(
    client_as: Any, cast: SimpleNamespace, propose: Callable[..., Proposal], who: str
) -> None:
    proposal = propose(name="单小荷", submit=True)
    client = client_as(who)
    pages = [("proposal",), ("revise_proposal",), *(("proposal_step", step) for step in STEPS)]
    statuses = {page: client.post(address(proposal, *page), {"reason": "看看"}).status_code for page in pages}
    assert statuses == dict.fromkeys(pages, 404)
    assert client.get(address(proposal)).status_code == 404
    listed = client.get(reverse("registry:proposals"))
    assert listed.status_code == 404 or proposal.public_id not in listed.content.decode()
    if who in {"stranger", "stranger_county", "next_director"}:
        with use_scope(getattr(cast, who).scope):
            assert not ProposalLine.objects.exists()
