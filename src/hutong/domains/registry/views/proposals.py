"""Corrections as proposals: choose, propose, add papers, hand in; decide with both columns in sight (experience.md 9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from hutong.domains.registry import selectors, services
from hutong.domains.registry.forms import proposals as forms
from hutong.domains.registry.forms.sections import StepForm
from hutong.domains.registry.machines.file_correction import OPEN
from hutong.domains.registry.models import Child, Proposal
from hutong.domains.registry.presenters import proposals as presenters
from hutong.domains.registry.services import errors
from hutong.domains.registry.services import proposals as writing
from hutong.domains.registry.views.child import opened_to_change
from hutong.foundation.access.guards import ActingRequest, fresh, needs
from hutong.foundation.design import fragments
from hutong.foundation.design.listings import Column, listing

COLUMNS = (Column("儿童"), Column("更正项目"), Column("申请人"), Column("申请时间"), Column("状态"))
TABS: Final = {
    "waiting": ("待审批", ("SUBMITTED",), False),
    "mine": ("本岗位提出、未办结", OPEN, True),
    "done": ("已办结", ("APPROVED", "REFUSED", "WITHDRAWN"), False),
}
SHOWN: Final = 200
"""Nobody pages through more; the rest is reached from the child."""


@needs("child.propose")
def index(request: ActingRequest) -> HttpResponse:
    """Proposals of the range that wait, this post's own, and those settled last."""
    chosen = request.GET.get("tab", "")
    chosen = chosen if chosen in TABS else "waiting" if request.acting.may("child.correct") else "mine"
    _, states, mine = TABS[chosen]
    found = selectors.list_proposals(states=states, post=request.acting.post if mine else None)
    tabs = [
        {"label": label, "url": f"?tab={slug}", "active": slug == chosen}
        for slug, (label, _, _) in TABS.items()
    ]
    rows = [
        {"proposal": one, "fields": presenters.labels(one), "tone": presenters.TONES[one.state]}
        for one in found[:SHOWN]
    ]
    context = {"tabs": tabs, "rows": listing(request.GET, COLUMNS, rows)}
    return fragments.render(request, "registry/proposals.html", context)


@needs("child.propose")
def propose(request: ActingRequest, public_id: str) -> HttpResponse:
    """What is to be corrected (``?part=``), then the values; the draft's page asks for the papers."""
    child = opened_to_change(request, public_id, "申请更正")
    parts = request.GET.getlist("part")
    if not forms.fields_of(parts):
        form: Any = forms.ChooseForm(request.GET if "chosen" in request.GET else None)
        values = {"child": child, "form": form, "may": child.state == "ACTIVE"}
        return fragments.render(request, "registry/choose.html", values)
    names = forms.fields_of(parts)
    start = forms.initial(child, {name: writing.current(child, name) for name in names})
    form = forms.ProposalForm(names, request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        made = _saved(form, lambda: services.propose(
            child, actor=request.acting, changes=form.changes(), reason=form.cleaned_data["reason"],
            form_key=form.cleaned_data["form_key"].hex,
        ))  # fmt: skip
        if made is not None:
            messages.success(request, "更正申请已保存。请核对左右两栏，补齐材料后提交审批。")
            return redirect("registry:proposal", made.public_id)
    return _form(request, child, form, "申请更正", request.get_full_path())


@needs("child.propose")
def revise(request: ActingRequest, public_id: str) -> HttpResponse:
    """Other values for a draft or for one sent back."""
    proposal = found(request, public_id)
    if proposal.state not in ("DRAFT", "SENT_BACK"):
        messages.error(request, "这份申请已不能修改，请看最新情况。")
        return redirect("registry:proposal", public_id)
    lines = {line.field: line.new for line in proposal.lines.select_related("proposal")}
    names = [name for _, every in forms.PARTS.values() for name in every if name in lines]
    start = forms.initial(proposal.child, lines) | {"reason": proposal.reason}
    form = forms.ProposalForm(names, request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        made = _saved(form, lambda: services.revise_proposal(
            proposal, actor=request.acting, changes=form.changes(), reason=form.cleaned_data["reason"]
        ))  # fmt: skip
        if made is not None:
            messages.success(request, "修改已保存。")
            return redirect("registry:proposal", public_id)
    return _form(request, proposal.child, form, "修改更正申请", request.path, proposal)


def found(request: ActingRequest, public_id: str) -> Proposal:
    try:
        return selectors.get_proposal(public_id, request.acting)
    except Proposal.DoesNotExist:
        raise Http404 from None


def _saved(form: Any, save: Callable[[], Proposal]) -> Proposal | None:
    """What ``save`` made, or None with its refusal said in the form."""
    try:
        return save()
    except errors.Refused as refused:
        name = refused.field if refused.field in form.fields else f"guardian_{refused.field}"
        form.add_error(name if name in form.fields else None, refused.sentence)
    except PermissionDenied as denied:
        form.add_error(None, str(denied))
    return None


def _form(
    request: ActingRequest, child: Child, form: forms.ProposalForm, title: str, action: str,
    proposal: Proposal | None = None,
) -> HttpResponse:  # fmt: skip
    values = {"child": child, "form": form, "title": title, "action": action, "proposal": proposal}
    return fragments.render(request, "registry/propose.html", values, status=422 if form.is_bound else 200)


STEPS: Final[Mapping[str, tuple[Callable[..., Proposal], str, bool]]] = {
    "submit": (services.submit_proposal, "已提交审批。", False),
    "approve": (services.approve_proposal, "已同意更正，档案已改为申请的内容。", False),
    "send_back": (services.send_back_proposal, "已退回补正。", True),
    "refuse": (services.refuse_proposal, "已不予更正，理由已告知申请人。", True),
    "withdraw": (services.withdraw_proposal, "申请已撤回。", True),
}
"""Event → service, what is said afterwards, whether words are required."""


@needs("child.view")
def show(request: ActingRequest, public_id: str) -> HttpResponse:
    return _page(request, found(request, public_id))


@needs("child.view")
@fresh(event=("approve",))
def step(request: ActingRequest, public_id: str, event: str) -> HttpResponse:
    """One step of a proposal; who may is in the transition table and in ``permissions``."""
    if event not in STEPS:
        raise Http404
    proposal = found(request, public_id)
    if request.method != "POST":
        return redirect("registry:proposal", public_id)
    service, done, needs_reason = STEPS[event]
    form = StepForm(request.POST, needs_reason=needs_reason)
    if not form.is_valid():
        return _page(request, proposal, form, event, 422)
    words: dict[str, Any] = {} if event == "submit" else {"reason": form.cleaned_data["reason"]}
    if event == "approve":
        words |= {"seen": request.POST.get("seen", ""), "again": request.POST.get("again") == "1"}
    try:
        service(proposal, actor=request.acting, **words)
    except errors.Refused as refused:
        form.add_error("reason" if refused.field == "reason" else None, refused.sentence)
    except PermissionDenied as denied:
        form.add_error(None, str(denied))
        proposal = found(request, public_id)
    else:
        messages.success(request, done)
        return redirect("registry:proposal", public_id)
    return _page(request, proposal, form, event, 422)


def _page(
    request: ActingRequest, proposal: Proposal, form: django_forms.Form | None = None, event: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    proposal.child.refresh_from_db()
    context = {
        "proposal": proposal,
        "child": proposal.child,
        "sheet": presenters.sheet(proposal, request.acting),
        "form": form,
        "event": event,
        "typed": form["reason"].value() if form is not None else "",
    }
    return fragments.render(request, "registry/proposal.html", context, status=status)
