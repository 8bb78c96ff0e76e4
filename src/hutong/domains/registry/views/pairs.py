"""The duplicates desk: pairs in sight, both sides in one order, three answers, merge and split (experience.md 8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from hutong.domains.registry import selectors, services
from hutong.domains.registry.forms import pairs as forms
from hutong.domains.registry.models import Pair
from hutong.domains.registry.presenters import pairs as presenters
from hutong.domains.registry.services import doubles_job, errors
from hutong.foundation.access.guards import ActingRequest, fresh, needs
from hutong.foundation.design import fragments
from hutong.foundation.design.listings import Column, listing

COLUMNS = (
    Column("哪两份"), Column("理由"), Column("相似度", "score", ("score", "pk"), "number"), Column("所在地"), Column("状态"),
)  # fmt: skip
TABS: Final = {
    "open": ("待核对", ("OPEN",)),
    "asked": ("待确认合并", ("ASKED",)),
    "later": ("暂不能定", ("LATER",)),
    "merged": ("已合并", ("MERGED",)),
    "different": ("不是同一人", ("DIFFERENT",)),
}
STEPS: Final[Mapping[str, tuple[Callable[..., Any], str]]] = {
    "different": (services.judge_different, "已记下：不是同一人。这一对不会再出现。"),
    "later": (services.judge_later, "已记下：暂不能定，到期再次提醒。"),
    "ask": (services.ask_merge, "已申请合并，等另一人确认。"),
    "withdraw": (services.withdraw_merge, "合并申请已撤回。"),
    "confirm": (services.confirm_merge, "已合并。打开任何一份，都会到保留的这一份。"),
    "refuse": (services.refuse_merge, "已不同意合并，这一对回到待核对。"),
    "split": (services.split_merge, "已拆分，两份档案恢复为合并前的样子。"),
    "reopen": (services.reopen_pair, "已重新列为待核对。"),
}


@needs("child.pair")
def index(request: ActingRequest) -> HttpResponse:
    chosen = request.GET.get("tab", "")
    chosen = chosen if chosen in TABS else "open"
    tabs = [
        {"label": label, "url": f"?tab={slug}", "active": slug == chosen} for slug, (label, _) in TABS.items()
    ]
    page = listing(request.GET, COLUMNS, selectors.list_pairs(TABS[chosen][1]), sort="-score")
    context = {
        "tabs": tabs,
        "page": page,
        "rows": presenters.rows(page.rows),
        "may_scan": request.acting.may("child.merge"),
    }
    return fragments.render(request, "registry/pairs.html", context)


@require_POST
@needs("child.merge")
def scan(request: ActingRequest) -> HttpResponse:
    """Look through the post's own range now; a long job with its progress."""
    job = doubles_job.start(actor=request.acting)
    return redirect("workflow:job", job.public_id)


def found(request: ActingRequest, public_id: str) -> Pair:
    try:
        return selectors.get_pair(public_id, request.acting)
    except Pair.DoesNotExist:
        raise Http404 from None


@needs("child.pair")
def show(request: ActingRequest, public_id: str) -> HttpResponse:
    return _page(request, found(request, public_id))


@needs("child.pair")
@fresh(event=("confirm", "split"))
def step(request: ActingRequest, public_id: str, event: str) -> HttpResponse:
    if event not in STEPS:
        raise Http404
    pair = found(request, public_id)
    if request.method != "POST":
        return redirect("registry:pair", public_id)
    service, done = STEPS[event]
    form = forms.AnswerForm(request.POST, event=event)
    if not form.is_valid():
        return _page(request, pair, form, event, 422)
    words = form.words()
    if event == "ask":
        words["takes"] = forms.takes(request.POST, words["survivor"])
    elif event == "confirm":
        words["seen"] = request.POST.get("seen", "")
    try:
        service(pair, actor=request.acting, **words)
    except errors.Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    except PermissionDenied as denied:
        form.add_error(None, str(denied))
    else:
        messages.success(request, done)
        return redirect("registry:pair", public_id)
    return _page(request, found(request, public_id), form, event, 422)


def _page(
    request: ActingRequest,
    pair: Pair,
    form: django_forms.Form | None = None,
    event: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "pair": pair,
        "desk": presenters.desk(pair, request.acting),
        "form": form,
        "event": event,
        "later": form if event == "later" else forms.AnswerForm(event="later"),
        "typed": request.POST,
    }
    return fragments.render(request, "registry/pair.html", context, status=status)
