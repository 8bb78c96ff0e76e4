"""What everybody reads: the shelf, one document, one rule with its articles, and the answers for the telephone."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_safe

from hutong.domains.library import selectors
from hutong.domains.library.forms import AskForm, ShelfForm
from hutong.domains.library.models import Document
from hutong.domains.library.presenters import shelf as presenting
from hutong.domains.policy import selectors as policy
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments
from hutong.foundation.design.listings import Column, listing
from hutong.kernel import areas, clock

COLUMNS: Final = (
    Column("文件", "title", ("title", "pk")), Column("文号"), Column("适用地区", "place", ("applies_area", "pk")),
    Column("施行", "start", ("valid_from", "pk")), Column("状态"),
)  # fmt: skip


def found_or_404(public_id: str, request: ActingRequest) -> Document:
    try:
        return selectors.get_document(public_id, request.acting)
    except Document.DoesNotExist:
        raise Http404 from None


def _asked(form: ShelfForm) -> tuple[str, selectors.Asked]:
    given = form.cleaned_data if form.is_valid() else {}
    day = None if given.get("ever") else given.get("on") or clock.today()
    return given.get("q", ""), selectors.Asked(day, given.get("area", ""), given.get("level", ""))


@require_safe
@needs("library.view")
def index(request: ActingRequest) -> HttpResponse:
    """Search words against clauses; without words the documents in force."""
    form = ShelfForm(request.GET)
    question, asked = _asked(form)
    hits = selectors.search(question, asked) if question.strip() else []
    page = listing(request.GET, COLUMNS, selectors.list_public(asked))
    shown = [one.document for one in hits] if question.strip() else list(page.rows)
    context = {
        "form": form,
        "question": question.strip(),
        "hits": [(one, presenting.clause_label(one.clause), _things(one)) for one in hits],
        "listing": page,
        "places": {one.applies_area: presenting.place(one.applies_area) for one in shown},
        "days": {one.pk: presenting.in_words(one) for one in shown},
        "librarian": request.acting.may("library.edit"),
    }
    return fragments.render(request, "library/index.html", context, status=200 if form.is_valid() else 422)


def _things(hit: selectors.Hit) -> list[presenting.Thing]:
    return presenting.things(hit.clause.links.all()) if hit.clause else []


@require_safe
@needs("library.view")
def find(request: ActingRequest) -> HttpResponse:
    """The same search as data: for a telephone desk's own screen, under the same sign-in."""
    form = ShelfForm(request.GET)
    if not form.is_valid():
        errors = {name: [str(one) for one in told] for name, told in form.errors.items()}
        return JsonResponse({"errors": errors}, status=422, json_dumps_params={"ensure_ascii": False})
    question, asked = _asked(form)
    rows = [
        {
            "document": one.document.title,
            "number": one.document.number,
            "area": one.document.applies_area,
            "in_force": one.live,
            "clause": presenting.clause_label(one.clause),
            "summary": one.clause.summary if one.clause else "",
            "links": [f"{link.kind}:{link.name}" for link in one.clause.links.all()] if one.clause else [],
            "url": f"/library/documents/{one.document.public_id}/",
        }
        for one in selectors.search(question, asked)
    ]
    return JsonResponse({"count": len(rows), "results": rows}, json_dumps_params={"ensure_ascii": False})


@require_safe
@needs("library.view")
def document(request: ActingRequest, public_id: str) -> HttpResponse:
    found = found_or_404(public_id, request)
    return fragments.render(request, "library/document.html", presenting.page(found, request.acting))


@require_http_methods(["GET", "POST"])
@needs("library.view")
def ask(request: ActingRequest) -> HttpResponse:
    """One box, answers at once. By POST: what a caller says stands in no address."""
    initial = {"area": request.acting.post.area_code}
    form = AskForm(request.POST if request.method == "POST" else None, initial=initial)
    answers = None
    area, day = request.acting.post.area_code, clock.today()
    if form.is_bound and form.is_valid():
        area, day = form.cleaned_data["area"] or area, form.day()
        answers = selectors.answer(form.cleaned_data["q"], area, day)
    context = {
        "form": form,
        "answers": answers,
        "place": presenting.place(area),
        "day": day,
        "wide": areas.level(area) not in ("township", "village"),
        "labels": {one.clause.pk: one.clause.label for one in answers.clauses if one.clause}
        if answers
        else {},
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return fragments.render(request, "library/ask.html", context, block="answers", status=status)


def _day(request: ActingRequest) -> date:
    form = ShelfForm({"on": request.GET.get("on", "")})
    return (form.cleaned_data.get("on") if form.is_valid() else None) or clock.today()


@require_safe
@needs("library.view")
def rules(request: ActingRequest) -> HttpResponse:
    """Every rule by kind, with how many articles stand behind it."""
    articles = selectors.linked_names("rule")
    groups: dict[str, list[tuple[policy.RuleLine, int]]] = {}
    for one in policy.list_rules():
        groups.setdefault(one.kind_label, []).append((one, articles.get(one.name, 0)))
    return fragments.render(request, "library/rules.html", {"groups": groups})


@require_safe
@needs("library.view")
def rule(request: ActingRequest, name: str) -> HttpResponse:
    """What a rule asks, with the figures of the pack of the own area, its articles and the programmes it opens."""
    day, own = _day(request), request.acting.post.area_code
    try:
        info = policy.find_rule(name, policy.pack_for(own, day), day, own)
    except policy.PackError:
        raise Http404 from None
    if info is None:
        raise Http404
    articles = selectors.articles_of("rule", name, day)
    context = {
        "info": info,
        "day": day,
        "articles": articles,
        "articles_of_figures": {
            one.key: selectors.articles_of("param", one.key, day) for one in info.figures
        },
        "labels": {one.clause.pk: one.clause.label for one in articles if one.clause},
        "offers": policy.offers_of(name, own, day),
    }
    return fragments.render(request, "library/rule.html", context)
