"""Emergency openings on pages."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hutong.domains.glass import permissions, presenters, selectors, services
from hutong.domains.glass.data import terms
from hutong.domains.glass.forms import BreakForm, ReviewForm
from hutong.domains.glass.machines.opening import MACHINE
from hutong.domains.glass.models import Opening
from hutong.foundation.access import explaining
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments
from hutong.foundation.design.listings import Column, listing
from hutong.foundation.network import selectors as network
from hutong.kernel import clock

COLUMNS = (
    Column("时间"), Column("查阅人"), Column("档案号"), Column("儿童所在地"), Column("紧急情况"),
    Column("本人近期次数", kind="number"), Column("复核"),
)  # fmt: skip


@require_GET
@needs("glass.view")
def openings(request: ActingRequest) -> HttpResponse:
    """Of the own children, by the own people, and one's own; how often each person did it."""
    waiting = request.GET.get("show") == "waiting"
    page = listing(request.GET, COLUMNS, selectors.list_openings(waiting=waiting))
    own = list(selectors.list_own(request.acting)[:5]) if request.acting.may("glass.break") else []
    context = {
        "page": page,
        "own": own,
        "tabs": [
            {"label": "全部", "url": reverse("glass:openings"), "active": not waiting},
            {"label": "待复核", "url": reverse("glass:openings") + "?show=waiting", "active": waiting},
        ],
        "paths": network.area_paths([row.area_code for row in page.rows]),
        "counts": selectors.count_by_person([row.user_id for row in page.rows]),
        "days": terms.value("rate_days", clock.today()),
        "tones": presenters.TONES,
        "why": terms.label,
        "today": clock.today(),
    }
    return fragments.render(request, "glass/openings.html", context)


@require_http_methods(["GET", "POST"])
@needs("glass.break")
def break_glass(request: ActingRequest) -> HttpResponse:
    """The emergency form: which file, what happens; then the file itself."""
    form = BreakForm(request.POST if request.method == "POST" else None)
    if form.is_bound and not ratelimit.consume(request, action="break_glass", user=request.user):
        form.add_error(None, "查找过于频繁，请稍等几分钟再试；儿童有危险的，请直接拨打 110。")
    if form.is_valid():
        try:
            done = services.open_file(actor=request.acting, **form.cleaned_data)
        except services.Refused as refused:
            form.add_error(refused.field, refused.sentence)
        else:
            if done.opening is None:
                messages.info(request, "这份档案在您的辖区内，无需紧急查阅，可以直接打开。")
            else:
                messages.warning(request, "已打开。请只看处置需要的内容；用完请在页面上方点“结束”。")
            return redirect("registry:child", done.child_public_id)
    context = {
        "form": form,
        "minutes": terms.value("minutes", clock.today()),
        "days": terms.value("rate_days", clock.today()),
        "count": selectors.count_by_person([request.acting.user.pk]).get(request.acting.user.pk, 0),
        "late": selectors.list_overdue(request.acting),
    }
    return fragments.render(request, "glass/break.html", context, status=422 if form.is_bound else 200)


def _get(public_id: str) -> Opening:
    try:
        return selectors.get_opening(public_id)
    except Opening.DoesNotExist:
        raise Http404 from None


@require_GET
@needs("glass.view")
def opening(request: ActingRequest, public_id: str) -> HttpResponse:
    return _show(request, _get(public_id), ReviewForm())


def _show(request: ActingRequest, found: Opening, form: ReviewForm) -> HttpResponse:
    context = {
        "opening": found,
        "reason": terms.label(found.reason, found.at.date()),
        "child": selectors.find_child(found) if request.acting.may("child.view") else None,
        "place": network.area_path(found.area_code),
        "reads": list(selectors.list_reads(found)[:200]),
        "why": explaining.label,
        "count": selectors.count_by_person([found.user_id]).get(found.user_id, 0),
        "days": terms.value("rate_days", clock.today()),
        "tone": presenters.TONES[found.state],
        "may_review": found.state == MACHINE.initial and permissions.may_review(found, request.acting),
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return fragments.render(request, "glass/opening.html", context, status=status)


@require_POST
@needs("glass.break")
def end(request: ActingRequest, public_id: str) -> HttpResponse:
    found = _get(public_id)
    if found.user_id != request.acting.user.pk:
        raise Http404
    services.end(opening=found, actor=request.acting)
    messages.success(request, "紧急查阅已结束。")
    return redirect("glass:opening", public_id)


@require_POST
@needs("glass.review")
def review(request: ActingRequest, public_id: str, event: str) -> HttpResponse:
    found, form = _get(public_id), ReviewForm(request.POST)
    if event not in {step.event for step in MACHINE.transitions}:
        raise Http404
    if not form.is_valid():
        return _show(request, found, form)
    services.review(opening=found, actor=request.acting, event=event, words=form.cleaned_data["words"])
    messages.success(request, f"复核意见已登记：{found.get_state_display()}。")
    return redirect("glass:opening", public_id)
