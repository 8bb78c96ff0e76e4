"""The difference as pages: the list, the review row by row, the second person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hutong.foundation.access.guards import ActingRequest, fresh, needs
from hutong.foundation.adjustments import forms, selectors, services
from hutong.foundation.adjustments import machines as machine
from hutong.foundation.adjustments.models import Adjustment
from hutong.foundation.design import fragments
from hutong.foundation.design.listings import Column, listing
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow import selectors as workflow
from hutong.foundation.workflow import services as engine
from hutong.kernel import areas

COLUMNS = (Column("名称"), Column("范围"), Column("生效日期"), Column("进展"), Column("比对"))
ROWS = (Column("代码"), Column("差异"), Column("涉及"), Column("建议"), Column("决定"))
TONES = {machine.OPEN: "info", machine.DECIDED: "warn", machine.CONFIRMED: "info", machine.APPLIED: "ok"}
SUBJECT = "adjustments.adjustment"
STEPS: dict[str, tuple[Callable[..., Any], bool, str, str]] = {
    "submit": (services.submit, False, "提交另一人确认", "已提交，等待另一人确认。"),
    "confirm": (services.confirm, False, "确认全部决定", "已确认。"),
    "send_back": (services.send_back, True, "退回重定", "已退回。"),
    "withdraw": (services.withdraw, True, "撤回", "已撤回，没有作任何改动。"),
}
"""Event → service, whether words are required, the button, what is said when done."""


@require_safe
@needs("area.revise")
def index(request: ActingRequest) -> HttpResponse:
    page = listing(request.GET, COLUMNS, selectors.list_adjustments(request.acting))
    paths = network.area_paths([one.area_code for one in page.rows])
    context = {"listing": page, "paths": paths, "tones": TONES}
    return fragments.render(request, "adjustments/index.html", context)


@require_safe
@needs("network.view")
def place(request: ActingRequest, code: str) -> HttpResponse:
    """What a code has been called, and what became of it: reference data, the same for everybody."""
    try:
        found = selectors.story_of(code)
    except areas.AreaCodeError:
        raise Http404 from None
    if not found.periods:
        raise Http404
    return fragments.render(request, "adjustments/place.html", {"story": found})


@require_http_methods(["GET", "POST"])
@needs("area.revise")
def new(request: ActingRequest) -> HttpResponse:
    """Upload a list; nothing changes but that the difference is written down."""
    initial = {"within": request.acting.post.area_code}
    form = forms.ListForm(request.POST or None, request.FILES or None, initial=initial)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        about: str | None = "file"
        try:
            listed, digest = services.read_upload(given["file"].read(), given["within"])
            about = None
            made = services.compare(
                actor=request.acting, listed=listed, digest=digest, within=given["within"], title=given["title"],
                source=given["source"], effective_on=given["effective_on"],
            )  # fmt: skip
        except services.AdjustmentRefused as refused:
            form.add_error(about, refused.sentence)
            problems = refused.problems
        else:
            messages.success(request, "比对完成，请逐行决定。")
            return redirect("adjustments:show", made.public_id)
    status = 422 if form.is_bound else 200
    return fragments.render(
        request, "adjustments/new.html", {"form": form, "problems": problems}, status=status
    )


def _found(public_id: str) -> Adjustment:
    try:
        return selectors.get_adjustment(public_id)
    except Adjustment.DoesNotExist:
        raise Http404 from None


@require_safe
@needs("area.revise")
def show(request: ActingRequest, public_id: str) -> HttpResponse:
    return _page(request, _found(public_id))


def _page(
    request: ActingRequest, found: Adjustment, *, problems: list[str] | None = None, status: int = 200
) -> HttpResponse:
    undecided, kind = request.GET.get("only") == "undecided", request.GET.get("kind", "")
    kind = kind if kind in machine.KINDS else ""
    page = listing(request.GET, ROWS, selectors.list_rows(found, undecided=undecided, kind=kind), size=50)
    codes = [code for row in page.rows for code in [*row.guess, *row.targets, row.area_code]]
    tabs = [
        {"label": label, "url": f"?kind={value}", "active": kind == value and not undecided}
        for value, label in [("", "全部"), *machine.KINDS.items()]
    ]
    tabs.append({"label": "还没有决定", "url": "?only=undecided", "active": undecided})
    context = {
        "found": found,
        "listing": page,
        "tabs": tabs,
        "names": {row.area_code: row.new_name for row in found.rows.exclude(new_name="")} | selectors.names_of(codes),
        "path": network.area_path(found.area_code) or "全国",
        "buttons": _buttons(request, found),
        "tone": TONES.get(found.state, "plain"),
        "problems": problems or [],
        "left": list(selectors.list_posts_left(found)) if found.state == machine.APPLIED else [],
        "words": {one.event: one.word for one in machine.ADJUSTMENT.transitions} | {"create": "比对清单"},
        "steps": reversed(list(workflow.list_history(SUBJECT, found.pk))),
        "decisions": machine.DECISIONS,
    }  # fmt: skip
    return fragments.render(request, "adjustments/show.html", context, status=status)


def _buttons(request: ActingRequest, found: Adjustment) -> list[tuple[str, str]]:
    """Steps for this actor; whoever compared or decided is not offered to confirm."""
    return [
        (one.event, STEPS[one.event][2])
        for one in engine.allowed_events(found, request.acting)
        if one.event in STEPS and not (one.right == "area.confirm" and _had_a_hand(request, found))
    ]


def _had_a_hand(request: ActingRequest, found: Adjustment) -> bool:
    return found.made_by_id == request.user.pk or found.rows.filter(decided_by=request.user.pk).exists()


@require_POST
@needs("area.revise")
def plain(request: ActingRequest, public_id: str) -> HttpResponse:
    """Decide at once what leaves no choice; mergers and splits stay for a person."""
    found = _found(public_id)
    done = services.accept_plain(found, actor=request.acting)
    messages.success(request, f"已按建议决定 {done} 行；并入、分设仍须逐行决定。")
    return redirect(f"{reverse('adjustments:show', args=[public_id])}?only=undecided")


@require_http_methods(["GET", "POST"])
@needs("area.revise")
def row(request: ActingRequest, public_id: str, code: str) -> HttpResponse:
    """One difference and what is to become of it."""
    found = _found(public_id)
    one = found.rows.filter(area_code=code).select_related("adjustment").first()
    if one is None:
        raise Http404
    form = forms.DecisionForm(one, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.decide(one, actor=request.acting, **form.cleaned_data)
        except services.AdjustmentRefused as refused:
            form.add_error("targets" if "targets" in form.fields else None, refused.sentence)
        except PermissionDenied as denied:
            form.add_error(None, str(denied))
        else:
            return redirect(f"{reverse('adjustments:show', args=[public_id])}?only=undecided")
    guesses = selectors.names_of(one.guess) | {
        two.area_code: two.new_name for two in found.rows.filter(area_code__in=one.guess)
    }
    context = {
        "found": found, "row": one, "form": form, "path": network.area_path(one.area_code), "guesses": guesses,
        "in_drawer": fragments.wants_fragment(request),
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return fragments.render(request, "adjustments/row.html", context, block="drawer", status=status)


@require_http_methods(["GET", "POST"])
@needs("area.revise")
@fresh(event=("confirm",))
def step(request: ActingRequest, public_id: str, event: str) -> HttpResponse:
    """Submit, confirm, send back, withdraw."""
    found = _found(public_id)
    if event not in STEPS or event not in dict(_buttons(request, found)):
        if request.method == "POST" and event in STEPS:
            messages.error(request, "区划调整已不是您打开时的状态，本次操作没有生效，请看最新情况。")
            return redirect("adjustments:show", public_id)
        raise Http404
    service, needed, word, done = STEPS[event]
    form = forms.WordsForm(request.POST if request.method == "POST" else None, needed=needed)
    if request.method == "POST" and form.is_valid():
        words = {} if event == "submit" else form.cleaned_data
        try:
            service(found, actor=request.acting, **words)
        except services.AdjustmentRefused as refused:
            messages.error(request, refused.sentence)
            return _page(request, _found(public_id), problems=refused.problems, status=422)
        except PermissionDenied as denied:
            form.add_error(None, str(denied))
        else:
            messages.success(request, done)
            return redirect("adjustments:show", public_id)
    context = {"found": found, "form": form, "word": word, "in_drawer": fragments.wants_fragment(request)}
    status = 422 if form.is_bound else 200
    return fragments.render(request, "adjustments/step.html", context, block="drawer", status=status)
