"""The librarian's desk: drafts, gaps, the register of reviews; a draft put in order and handed to a second person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hutong.domains.library import forms, selectors, services
from hutong.domains.library.models import Clause, Document, Review
from hutong.domains.library.presenters import shelf as presenting
from hutong.domains.library.views.shelf import found_or_404
from hutong.domains.policy import selectors as policy
from hutong.foundation.access.guards import ActingRequest, fresh, needs
from hutong.foundation.design import fragments
from hutong.foundation.design.listings import Column, listing
from hutong.foundation.workflow import selectors as workflow

REVIEWS: Final = (Column("文件"), Column("类别"), Column("理由"), Column("期限"), Column("结果"))
STEPS: Final[dict[str, tuple[Callable[..., Any], type[django_forms.Form] | None, str]]] = {
    "submit": (services.submit, None, "已提交，等待另一人复核发布。"),
    "publish": (services.publish, None, "已发布，全平台可以查到。"),
    "send_back": (services.send_back, forms.WordsForm, "已退回整理人。"),
    "reopen": (services.reopen, forms.WordsForm, "已收回。修改完再提交复核，期间不在检索之内。"),
    "repeal": (services.repeal, forms.RepealForm, "已登记废止。"),
    "withdraw": (services.withdraw, forms.WordsForm, "草稿已撤销。"),
}
"""Event → service, what is asked for, what is said when done."""


def _own_draft(public_id: str, request: ActingRequest) -> Document:
    """What may be edited; anything else is not there for the desk."""
    found = found_or_404(public_id, request)
    if found.shipped or not request.acting.scope.covers(found.area_code):
        raise Http404
    return found


def _clause(document: Document, public_id: str) -> Clause:
    try:
        return selectors.get_clause(document, public_id)
    except Clause.DoesNotExist:
        raise Http404 from None


@require_safe
@needs("library.edit")
def desk(request: ActingRequest) -> HttpResponse:
    context = {
        "drafts": [(one, presenting.TONES[one.state]) for one in selectors.list_drafts(request.acting)[:50]],
        "reviews": selectors.list_reviews(open_only=True)[:20],
        "form": forms.ImportForm(),
    }
    return fragments.render(request, "library/desk.html", context)


@require_http_methods(["GET", "POST"])
@needs("library.edit")
def bring_in(request: ActingRequest) -> HttpResponse:
    """A text file becomes a draft."""
    form = forms.ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = services.import_file(actor=request.acting, content=file.read(), name=file.name or "")
        except services.LibraryRefused as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, f"已拆成 {made.clauses.count()} 条，请逐条核对、写要点。")
            return redirect("library:document", made.public_id)
    status = 422 if form.is_bound else 200
    return fragments.render(request, "library/import.html", {"form": form}, status=status)


@require_POST
@needs("library.edit")
def begin(request: ActingRequest) -> HttpResponse:
    try:
        made = services.begin(actor=request.acting, title=request.POST.get("title", ""))
    except services.LibraryRefused as refused:
        messages.error(request, str(refused))
        return redirect("library:desk")
    return redirect("library:head", made.public_id)


@require_http_methods(["GET", "POST"])
@needs("library.edit")
def head(request: ActingRequest, public_id: str) -> HttpResponse:
    found = _own_draft(public_id, request)
    initial = {name: getattr(found, name) for name in forms.HeadForm.base_fields}
    form = forms.HeadForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and _did(
        form, services.edit_head, found, actor=request.acting, **form.cleaned_data
    ):  # fmt: skip
        messages.success(request, "已保存。")
        return redirect("library:document", public_id)
    return _form(request, found, form, "文件信息", reverse("library:head", args=[public_id]))


@require_http_methods(["GET", "POST"])
@needs("library.edit")
def edit_clause(request: ActingRequest, public_id: str, clause: str) -> HttpResponse:
    found = _own_draft(public_id, request)
    one = _clause(found, clause)
    one.document = found
    names = ("number", "heading", "summary", "original", "words")
    initial = {name: getattr(one, name) for name in names}
    initial["links"] = [f"{link.kind}:{link.name}" for link in one.links.all()]
    form = forms.ClauseForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and _did(
        form, services.edit_clause, one, actor=request.acting, **form.cleaned_data
    ):  # fmt: skip
        return redirect(f"{reverse('library:document', args=[public_id])}#clause-{one.public_id}")
    return _form(request, found, form, one.label, reverse("library:clause", args=[public_id, clause]))


@require_POST
@needs("library.edit")
def clause_act(request: ActingRequest, public_id: str, clause: str, act: str) -> HttpResponse:
    """Merge into the one before, add one after, remove."""
    acts: dict[str, Callable[..., Any]] = {
        "merge": services.merge_up, "add": services.add_after, "remove": services.remove,
    }  # fmt: skip
    if act not in acts:
        raise Http404
    found = _own_draft(public_id, request)
    one = _clause(found, clause)
    one.document = found
    try:
        acts[act](one, actor=request.acting)
    except (services.LibraryRefused, PermissionDenied) as refused:
        messages.error(request, str(refused))
    return redirect("library:document", public_id)


@require_http_methods(["GET", "POST"])
@needs("library.edit")
def relate(request: ActingRequest, public_id: str) -> HttpResponse:
    found = _own_draft(public_id, request)
    targets = selectors.list_public(selectors.Asked()).exclude(pk=found.pk)
    form = forms.RelateForm(request.POST if request.method == "POST" else None, targets=targets)
    if request.method == "POST" and form.is_valid() and _did(
        form, services.relate, found, actor=request.acting, **form.cleaned_data
    ):  # fmt: skip
        return redirect("library:document", public_id)
    return _form(request, found, form, "与其他文件的关系", reverse("library:relate", args=[public_id]))


@require_POST
@needs("library.edit")
def unrelate(request: ActingRequest, public_id: str, target: str) -> HttpResponse:
    found = _own_draft(public_id, request)
    held = found.relations.filter(target__public_id=target)
    if not held:
        raise Http404
    try:
        for one in held:
            services.unrelate(one, actor=request.acting)
    except PermissionDenied as refused:
        messages.error(request, str(refused))
    return redirect("library:document", public_id)


@require_http_methods(["GET", "POST"])
@needs("library.edit")
@fresh(event=("publish", "repeal"))
def step(request: ActingRequest, public_id: str, event: str) -> HttpResponse:
    """Submit, publish, send back, take back, repeal, withdraw."""
    found = _own_draft(public_id, request)
    offered = dict(presenting.steps(found, request.acting))
    if event not in STEPS or event not in offered:
        if request.method == "POST" and event in STEPS:
            messages.error(
                request, "文件已不是您打开时的状态，或应由另一人办理，本次操作没有生效。请看最新情况。"
            )
            return redirect("library:document", public_id)
        raise Http404
    service, kind, done = STEPS[event]
    form = (kind or django_forms.Form)(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _did(
        form, service, found, actor=request.acting, **form.cleaned_data
    ):  # fmt: skip
        messages.success(request, done)
        return redirect("library:document", public_id)
    return _form(
        request,
        found,
        form,
        offered[event],
        reverse("library:step", args=[public_id, event]),
        save=offered[event],
    )


@require_http_methods(["GET", "POST"])
@needs("library.edit")
def open_review(request: ActingRequest, public_id: str) -> HttpResponse:
    """Enter a document, of whomever, into the own register."""
    found = found_or_404(public_id, request)
    form = forms.ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _did(
        form, services.open_review, found, actor=request.acting, **form.cleaned_data
    ):  # fmt: skip
        messages.success(request, "已登记，到期前在待办中提醒。")
        return redirect("library:document", public_id)
    return _form(request, found, form, "登记清理或评估", reverse("library:open_review", args=[public_id]))


@require_safe
@needs("library.edit")
def reviews(request: ActingRequest) -> HttpResponse:
    page = listing(request.GET, REVIEWS, selectors.list_reviews(open_only=request.GET.get("only") == "open"))
    return fragments.render(
        request, "library/reviews.html", {"listing": page, "only": request.GET.get("only", "")}
    )


@require_http_methods(["GET", "POST"])
@needs("library.edit")
def review(request: ActingRequest, public_id: str) -> HttpResponse:
    try:
        entry = selectors.get_review(public_id)
    except Review.DoesNotExist:
        raise Http404 from None
    form = forms.FinishForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _did(
        form, services.finish_review, entry, actor=request.acting, **form.cleaned_data
    ):  # fmt: skip
        messages.success(request, "已办结。")
        return redirect("library:reviews")
    status = 422 if form.is_bound else 200
    return fragments.render(request, "library/review.html", {"entry": entry, "form": form}, status=status)


@require_safe
@needs("library.edit")
def gaps(request: ActingRequest) -> HttpResponse:
    """Clauses that decide nothing, rules without an article, links to what the release has dropped."""
    linked = selectors.linked_names("rule")
    rules = [one for one in policy.list_rules() if one.name not in linked and one.kind != "background"]
    context = {
        "clauses": selectors.unlinked_clauses()[:200],
        "rules": rules,
        "stale": selectors.stale_links(policy.linkable()),
    }
    return fragments.render(request, "library/gaps.html", context)


@require_safe
@needs("library.edit")
def history(request: ActingRequest, public_id: str) -> HttpResponse:
    """Who did what to an office's own document."""
    found = _own_draft(public_id, request)
    steps = reversed(list(workflow.list_history("library.document", found.pk)))
    return fragments.render(
        request, "library/history.html", {"found": found, "steps": steps, "words": presenting.WORDS}
    )


def _did(
    form: django_forms.Form,
    service: Callable[..., Any],
    *args: Any,
    **values: Any,
) -> bool:
    """Whether the service did it; its sentence otherwise stands above the form."""
    try:
        service(*args, **values)
    except (services.LibraryRefused, PermissionDenied) as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _form(
    request: ActingRequest, found: Document, form: Any, title: str, action: str, *, save: str = "保存"
) -> HttpResponse:
    context = {
        "found": found, "form": form, "word": title, "action": action, "save": save, "in_drawer": fragments.wants_fragment(request),
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return fragments.render(request, "library/form.html", context, block="drawer", status=status)
