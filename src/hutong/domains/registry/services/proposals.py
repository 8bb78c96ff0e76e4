"""Proposing corrections: drafted with papers, handed in, taken back. What is decided on them is in ``deciding``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.urls import reverse

from hutong.domains.registry import permissions
from hutong.domains.registry.machines import correcting, file_correction
from hutong.domains.registry.models import Child, GuardianshipRegime, Proposal, ProposalLine
from hutong.domains.registry.services import care, editing, owners
from hutong.domains.registry.services.errors import Refused
from hutong.domains.registry.services.wordcheck import written
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import because
from hutong.foundation.documents import selectors as documents
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import services as workflow
from hutong.kernel import clock

SUBJECT: Final = "registry.proposal"
DECIDE: Final = "registry.correct"
REVISE: Final = "registry.correct_revise"
GUARDIAN: Final = "guardian"


@transaction.atomic
def propose(
    child: Child, *, actor: Acting, changes: Mapping[str, Any], reason: str, form_key: str = ""
) -> Proposal:
    """A draft with the fields of ``changes`` that differ from the file. Papers are then added, then ``submit``.

    ``changes``: as for ``edit_child``, and ``guardian`` as kind, who, basis, since. Raises Refused, Taken.
    """
    actor.check("child.propose")
    if form_key and (made := Proposal.objects.filter(form_key=form_key).first()):
        return made
    words = written(reason, "更正理由", least=4)
    held = Child.objects.select_for_update().get(pk=child.pk)
    differing = _differing(held, changes)
    check_possible(held, differing, actor)
    proposal = Proposal(
        child=held, reason=words, proposed_by=actor.user, proposed_post=actor.post, proposed_label=actor.label,
        form_key=form_key or None,
    )  # fmt: skip
    lines = [_line(proposal, held, field, value) for field, value in differing.items()]
    try:
        with transaction.atomic(), because(words):
            proposal.save(force_insert=True)
            ProposalLine.objects.bulk_create(lines)
    except IntegrityError as error:
        if form_key and (made := Proposal.objects.filter(form_key=form_key).first()):
            return made
        raise Refused(_already_open(held, differing)) from error
    workflow.begin(proposal, actor=actor, right="child.propose", reason=words)
    return proposal


def _differing(child: Child, changes: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := changes.keys() - correcting.LABELS.keys():
        raise TypeError(f"not fields of a file: {sorted(unknown)}")
    found = {field: value for field, value in changes.items() if current(child, field) != value}
    if not found:
        raise Refused("填写的内容与档案现在的内容相同，没有需要更正的项目。")
    return found


def _line(proposal: Proposal, child: Child, field: str, value: Any) -> ProposalLine:
    line = ProposalLine(proposal=proposal, child=child, field=field)
    line.keep(old=current(child, field), new=value)
    return line


def _already_open(child: Child, fields: Iterable[str]) -> str:
    taken = ProposalLine.objects.filter(child=child, open=True, field__in=list(fields))
    names = "、".join(correcting.LABELS[one] for one in taken.values_list("field", flat=True))
    return f"“{names}”已有未办结的更正申请，请先办完或撤回那一份。"


def current(child: Child, field: str) -> Any:
    """What the file says now about a field that can be corrected."""
    if field != GUARDIAN:
        return editing.value(child, field)
    regime = GuardianshipRegime.objects.filter(child=child, void=False, until__isnull=True).first()
    return regime and {
        "kind": regime.kind, "who": regime.who, "basis": regime.basis, "since": regime.since,
    }  # fmt: skip


def check_possible(child: Child, changes: Mapping[str, Any], actor: Acting) -> None:
    """Refused where the file, so corrected, would contradict itself, or where this is no correction but a move."""
    if child.state != "ACTIVE":
        raise Refused("只有在管的档案需要申请更正；未审核的档案可以直接修改，已退出的请先恢复在管。")
    for field in correcting.AREAS:
        if field in changes and owners.common_level(current(child, field), changes[field]) is None:
            raise Refused("跨区县的变动属于迁移，请办理转出转入；这里只更正登记错误。", field)
    if GUARDIAN in changes:
        care.check_regime(**changes[GUARDIAN])
    trial = Child.objects.get(pk=child.pk)
    editing.assign(trial, actor, {k: v for k, v in changes.items() if k != GUARDIAN})


@transaction.atomic
def revise(proposal: Proposal, *, actor: Acting, changes: Mapping[str, Any], reason: str) -> Proposal:
    """Other values for the same fields, before it is (again) handed in. A field set back to what stands is refused."""
    actor.check("child.propose")
    held = Proposal.objects.select_for_update().select_related("child").get(pk=proposal.pk)
    permissions.check_can_revise(actor, held)
    lines = {line.field: line for line in held.lines.select_related("proposal")}
    given = {field: value for field, value in changes.items() if field in lines}
    for field, value in given.items():
        if current(held.child, field) == value:
            label = correcting.LABELS[field]
            raise Refused(f"“{label}”与档案现在的内容相同；不需要更正时，请撤回这份申请。", field)
    check_possible(held.child, given, actor)
    held.reason = written(reason, "更正理由", least=4)
    with because(held.reason):
        for field, value in given.items():
            lines[field].keep(old=current(held.child, field), new=value)
        ProposalLine.objects.bulk_update(lines.values(), ["old_sealed", "new_sealed"])
        held.save(update_fields=["reason"])
    return held


@transaction.atomic
def submit(proposal: Proposal, *, actor: Acting) -> Proposal:
    """Hand it in, with all papers; from now on it is measured against what the file said at this moment."""
    permissions.check_can_revise(actor, proposal)
    child = Child.objects.select_for_update().get(pk=proposal.child_id)
    lines = list(proposal.lines.select_related("proposal"))
    changes = {line.field: line.new for line in lines}
    check_possible(child, changes, actor)
    if missing := missing_papers(proposal, changes):
        raise Refused(f"还缺{'、'.join(missing)}，请上传后再提交。")
    owner = deciding_post(child, lines, besides=proposal.proposed_post)
    if owner is None:
        raise Refused("本县没有设县级民政岗位，请联系系统管理员。")
    workflow.apply(proposal, "submit", actor=actor, fields={"submitted_at": clock.now()})
    for line in lines:
        line.keep(old=current(child, line.field), new=line.new)
    ProposalLine.objects.bulk_update(lines, ["old_sealed", "new_sealed"])
    close_items(proposal, REVISE, actor, "已重新提交")
    open_item(
        proposal, DECIDE, f"审批更正：{child.name}", owner, "correction_decide_days", actor, labels(lines)
    )
    return proposal


@transaction.atomic
def withdraw(proposal: Proposal, *, actor: Acting, reason: str) -> Proposal:
    """Taken back by whoever proposed it (or holds that post now)."""
    permissions.check_can_withdraw(actor, proposal)
    words = written(reason, "撤回的原因")
    workflow.apply(proposal, "withdraw", actor=actor, reason=words, fields={"decision": words})
    settle(proposal)
    close_items(proposal, None, actor, "申请人撤回")
    return proposal


def settle(proposal: Proposal) -> None:
    """The fields are free for another proposal."""
    ProposalLine.objects.filter(proposal=proposal).update(open=False)


def missing_papers(proposal: Proposal, fields: Iterable[str]) -> list[str]:
    """Papers the fields ask for that are not attached under their name."""
    here = set(documents.list_of_subject(SUBJECT, proposal.pk).values_list("purpose", flat=True))
    return [paper for paper in correcting.papers(fields) if paper not in here]


def level(child: Child, lines: Iterable[ProposalLine]) -> correcting.Level | None:
    """The lowest level that decides all lines; None where no single county covers them."""
    asked: set[correcting.Level | None] = {"township"}
    for line in lines:
        asked.add(correcting.rule(line.field).approve)
        if line.field in correcting.AREAS:
            asked.add(owners.common_level(current(child, line.field), line.new))
    return None if None in asked else "county" if "county" in asked else "township"


def deciding_post(child: Child, lines: list[ProposalLine], *, besides: Post) -> Post | None:
    """Where the proposal goes: about a place, to whoever answers for that place; else for the residence."""
    places = {line.new for line in lines if line.field in correcting.AREAS}
    wanted = level(child, lines)
    if wanted is None or (len(places) > 1 and owners.common_level(*places) is None):
        raise Refused("户籍地和居住地分属两个区县，请分两份申请，分别由两地审批。")
    return owners.decider(next(iter(places), child.residence_area), wanted, besides=besides)


def labels(lines: Iterable[ProposalLine]) -> str:
    return "、".join(correcting.LABELS[line.field] for line in lines)


def open_item(
    proposal: Proposal, kind: str, title: str, owner: Post, term: str, actor: Acting, summary: str
) -> None:
    today = clock.today()
    days = correcting.term(term, proposal.area_code, today)
    assert days is not None
    workflow.open_item(
        kind=kind, title=title, owner=owner, subject_type=SUBJECT, subject_id=proposal.pk, link=link(proposal),
        due_on=workflow.working_due(today, days), area_code=proposal.area_code, child_id=proposal.child_id,
        summary=summary[:200], actor=actor, escalate_to_role="COUNTY_CA" if kind == DECIDE else "",
    )  # fmt: skip


def close_items(proposal: Proposal, kind: str | None, actor: Acting, outcome: str) -> None:
    workflow.close_items(
        subject_type=SUBJECT, subject_id=proposal.pk, kind=kind, actor=actor, outcome=outcome
    )


def link(proposal: Proposal) -> str:
    return reverse("registry:proposal", args=[proposal.public_id])


def is_open(proposal: Proposal) -> bool:
    return proposal.state in file_correction.OPEN
