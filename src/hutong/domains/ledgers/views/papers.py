"""登记表 of one child: on the page as it prints, and as Word. Each is a reading of the file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from hutong.domains.ledgers.data import catalogue
from hutong.domains.ledgers.data.forms import Form, forms
from hutong.domains.ledgers.forms.paper import PaperForm
from hutong.domains.ledgers.presenters.filled import fill
from hutong.domains.ledgers.views.exports import attachment
from hutong.domains.registry import selectors as registry
from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.guards import ActingRequest, needs
from hutong.foundation.design import fragments
from hutong.kernel import clock


def _form(code: str) -> Form:
    found = forms().get(code)
    if found is None:
        raise Http404
    return found


def _opened(public_id: str, actor: Acting, what: str) -> Child:
    try:
        return registry.get_child(public_id, actor, what)
    except Child.DoesNotExist:
        raise Http404 from None


def _mark(actor: Acting) -> str:
    return f"内部资料，严禁外传　{actor.label}　{clock.now():%Y-%m-%d %H:%M}"


@require_GET
@needs("ledger.view")
def paper(request: ActingRequest, public_id: str, code: str) -> HttpResponse:
    """The form as it prints, numbers masked."""
    form = _form(code)
    child = _opened(public_id, request.acting, "登记表")
    return _page(request, child, form, PaperForm(request.acting))


def _page(request: ActingRequest, child: Child, form: Form, asked: PaperForm) -> HttpResponse:
    actor = request.acting
    context: dict[str, Any] = {
        "child": child,
        "filled": fill(form, child, unit=actor.post.org.name, mark=_mark(actor)),
        "tabs": [
            {
                "label": one.title,
                "url": reverse("ledgers:paper", args=[child.public_id, one.code]),
                "active": one is form,
            }
            for one in forms().values()
        ],
        "form": asked,
        "source": form.source,
    }
    status = 422 if asked.is_bound and asked.errors else 200
    return fragments.render(request, "ledgers/paper.html", context, status=status)


@require_POST
@needs("ledger.view")
def paper_file(request: ActingRequest, public_id: str, code: str) -> HttpResponse:
    """The form as Word; complete numbers only with the right and a stated legal purpose."""
    form, actor = _form(code), request.acting
    asked = PaperForm(actor, request.POST)
    if not asked.is_valid():
        return _page(request, _opened(public_id, actor, "登记表"), form, asked)
    clear = bool(asked.cleaned_data.get("clear_id"))
    if clear:
        purpose = catalogue.purpose_label(asked.cleaned_data["purpose"])
        words = f"{purpose}：{asked.cleaned_data['words'].strip()}"[:80]
        actor = replace(actor, scope=replace(actor.scope, purpose=words))
    child = _opened(public_id, actor, "登记表（完整号码）" if clear else "登记表（Word）")
    # python-docx takes a moment to load: only where a file is written
    from hutong.domains.ledgers.papers import document, registration

    filled = fill(form, child, unit=actor.post.org.name, mark=_mark(actor), clear=clear)
    content = registration.write(filled, at=clock.now())
    return attachment(content, f"{form.title} {child.file_no}.docx", document.MIME)
