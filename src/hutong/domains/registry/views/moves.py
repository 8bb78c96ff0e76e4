"""Moves: propose, see, take a step, the letter to a county outside the system."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from hutong.domains.registry import selectors, services
from hutong.domains.registry.forms import leaving
from hutong.domains.registry.machines import move as machine
from hutong.domains.registry.models import Move
from hutong.domains.registry.presenters import moves as presenting
from hutong.domains.registry.services import errors
from hutong.domains.registry.views.child import opened, opened_to_change
from hutong.foundation.access.explaining import Explanation
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments
from hutong.foundation.design.listings import Column, listing
from hutong.foundation.documents import selectors as documents
from hutong.foundation.documents import tickets
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow import selectors as workflow

SUBJECT = "registry.move"
COLUMNS = (Column("儿童"), Column("从"), Column("到"), Column("进展"), Column("提出"))
TABS = (("in", "转入待接收"), ("out", "转出办理中"), ("done", "已办结"))


@dataclass(frozen=True, slots=True)
class _Step:
    service: Callable[..., Any]
    form: Callable[..., forms.Form]
    done: str


def _words(needed: bool) -> Callable[..., forms.Form]:
    return lambda *args, **kwargs: leaving.WordsForm(*args, needed=needed, **kwargs)


STEPS: dict[str, _Step] = {
    "approve": _Step(services.moves.approve, _words(False), "已同意转出，已送接收方。"),
    "approve_letter": _Step(services.moves.approve_letter, leaving.LetterForm, "已同意转出并登记发函。"),
    "send_back": _Step(services.moves.send_back, _words(True), "已退回修改。"),
    "submit": _Step(services.moves.submit, leaving.MendForm, "已重新提交。"),
    "answer": _Step(services.moves.answer, _words(True), "已补充，再次送接收方。"),
    "withdraw": _Step(services.moves.withdraw, _words(True), "转移已撤回。"),
    "receipt": _Step(services.moves.receipt, leaving.ReceiptForm, "回执已登记，转移办结。"),
    "bounce": _Step(services.moves.bounce, _words(True), "已登记对方退回。"),
    "receive": _Step(services.moving.receive, leaving.ReceiveForm, "已接收，现在由您负责。"),
    "ask": _Step(services.moving.ask, _words(True), "已请转出方补充。"),
    "refuse": _Step(services.moving.refuse, _words(True), "已退回转出方。"),
}


@require_safe
@needs("move.propose")
def moves(request: ActingRequest) -> HttpResponse:
    """What waits for this post to take over, what the places are sending, and what is done."""
    tab = request.GET.get("tab", "in")
    tab = tab if tab in dict(TABS) else "in"
    page = listing(request.GET, COLUMNS, selectors.list_moves(request.acting, tab))
    codes = [code for one in page.rows for code in (one.from_area, one.to_area) if code]
    tabs = [
        {"label": label, "url": f"{reverse('registry:moves')}?tab={key}", "active": key == tab}
        for key, label in TABS
    ]
    context = {"listing": page, "tabs": tabs, "paths": network.area_paths(codes), "tones": presenting.TONES}
    return fragments.render(request, "registry/moves.html", context)


@require_http_methods(["GET", "POST"])
@needs("move.propose")
def propose(request: ActingRequest, public_id: str) -> HttpResponse:
    """The sending side's form; what was typed stays when refused."""
    child = opened(request, public_id, "办理转移")
    form = leaving.MoveForm(request.POST if request.method == "POST" else None, child=child)
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "form_key": form.cleaned_data["form_key"].hex}
        try:
            made = services.moves.propose(child, actor=request.acting, **given)
        except errors.Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        except PermissionDenied as denied:
            form.add_error(None, str(denied))
        else:
            messages.success(request, f"转移已提出：{made.get_state_display()}。")
            return redirect("registry:move", made.public_id)
    context = {
        "child": child, "title": "办理转移", "form": form, "conflict": [], "version": child.version, "button": "提交",
        "intro": "对方接收之前仍由您负责。跨乡镇由儿童督导员审核，跨区县由县级民政审核。",
        "in_drawer": fragments.wants_fragment(request),
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return fragments.render(request, "registry/form.html", context, block="drawer", status=status)


@require_http_methods(["GET", "POST"])
@needs("move.approve")
def assign_place(request: ActingRequest, public_id: str) -> HttpResponse:
    """A child whose village or township was split: which of the new places is hers."""
    child = opened_to_change(request, public_id, "落实新区划")
    offered = services.placing.choices(child)
    if not offered:
        messages.info(request, "这名儿童的区划已经落实。")
        return redirect("registry:child", public_id)
    paths = network.area_paths([code for codes in offered.values() for code in codes])
    pairs = {column: [(code, paths[code]) for code in codes] for column, codes in offered.items()}
    form = leaving.PlaceForm(request.POST if request.method == "POST" else None, offered=pairs)
    if request.method == "POST" and form.is_valid():
        try:
            services.placing.assign(child, actor=request.acting, places=form.cleaned_data)
        except errors.Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        except PermissionDenied as denied:
            form.add_error(None, str(denied))
        else:
            messages.success(request, f"{child.name} 的新区划已落实，待办随之移交。")
            return redirect("web:home")
    context = {
        "child": child, "title": "落实新区划", "form": form, "conflict": [], "version": child.version, "button": "保存",
        "intro": "原来的地方已分设，请核对这名儿童现在属于哪一个；不确定的先向儿童主任核实，不要猜。",
        "in_drawer": fragments.wants_fragment(request),
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return fragments.render(request, "registry/form.html", context, block="drawer", status=status)


def _found(request: ActingRequest, public_id: str) -> Move:
    """The move, recorded as a reading where the file itself is in sight; 404 for whoever sees neither side."""
    try:
        found = selectors.get_move(public_id)
    except Move.DoesNotExist:
        raise Http404 from None
    child = selectors.in_sight(found)
    if child is not None:
        selectors.opening(request.acting, child, "转移", Explanation("move", found.public_id))
    return found


@require_safe
@needs("child.view")
def show(request: ActingRequest, public_id: str) -> HttpResponse:
    return _page(request, _found(request, public_id))


def _page(request: ActingRequest, move: Move) -> HttpResponse:
    actor = request.acting
    sight = selectors.in_sight(move)
    papers = list(documents.list_of_subject(SUBJECT, move.pk)) if sight and actor.may("document.view") else []
    context = {
        "move": move,
        "badge": (move.get_state_display(), presenting.TONES[move.state]),
        "situation": presenting.situation(move),
        "facts": presenting.facts(move),
        "buttons": presenting.buttons(move, actor),
        "steps": presenting.history(workflow.list_history(SUBJECT, move.pk), machine.MOVE),
        "child": sight,
        "files": documents.file_rows(papers),
        "upload_url": _upload(move, actor) if sight and move.live and actor.may("document.upload") else "",
    }
    return fragments.render(request, "registry/move.html", context)


def _upload(move: Move, actor: Any) -> str:
    return tickets.upload_url(
        post_id=actor.post.pk, area_code=move.from_area, child_id=move.child_id, subject_type=SUBJECT, subject_id=move.pk,
        back=reverse("registry:move", args=[move.public_id]),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("child.view")
def step(request: ActingRequest, public_id: str, event: str) -> HttpResponse:
    """One step of the handshake; only steps this post may take from here exist."""
    move = _found(request, public_id)
    button = next((one for one in presenting.buttons(move, request.acting) if one.event == event), None)
    if event not in STEPS or button is None:
        if request.method == "POST" and event in STEPS:
            messages.error(request, "转移已不是您打开时的状态，本次操作没有生效，请看最新情况。")
            return redirect("registry:move", public_id)
        raise Http404
    taken = STEPS[event]
    form = taken.form(request.POST if request.method == "POST" else None, move=move)
    if request.method == "POST" and form.is_valid():
        try:
            taken.service(move, actor=request.acting, **form.cleaned_data)
        except errors.Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        except PermissionDenied as denied:
            form.add_error(None, str(denied))
        else:
            messages.success(request, taken.done)
            after = selectors.find_move(public_id)  # a refusal takes the file and the move out of sight
            return redirect("registry:move", public_id) if after else redirect("registry:moves")
    context = {
        "move": move, "title": button.word, "form": form, "intro": presenting.INTROS.get(event, ""), "button": button,
        "back": reverse("registry:move", args=[public_id]), "in_drawer": fragments.wants_fragment(request),
        "name": move.child_name,
    }  # fmt: skip
    return fragments.render(
        request, "registry/leaving_step.html", context, block="drawer", status=422 if form.is_bound else 200
    )


@require_safe
@needs("move.approve")
def letter(request: ActingRequest, public_id: str) -> HttpResponse:
    """The letter to a county outside the system, for printing (GB/T 9704): no ID number, no address, no diagnosis."""
    move = _found(request, public_id)
    child = selectors.in_sight(move)
    if not move.outside or child is None:
        raise Http404
    paths = network.area_paths([move.from_area])
    context = {
        "move": move,
        "child": child,
        "from_path": paths[move.from_area],
        "office": request.acting.post.org.name,
    }
    return fragments.render(request, "registry/move_letter.html", context)
