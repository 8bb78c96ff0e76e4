"""One template, whole or in part: a page for a plain request, one block of it for htmx (ADR 0008)."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html


def render(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    block: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page, or only ``block`` when htmx asks (and is neither boosting nor restoring history).

    In such a block, names set at the top of the template are unknown; ``ui`` and the context are known.
    """
    backend = cast(Jinja2, engines["jinja2"])
    found = backend.env.get_template(template)
    values = _values(backend, request, context or {})
    if block and wants_fragment(request):
        html = "".join(found.blocks[block](found.new_context(values)))
    else:
        html = found.render(values)
    response = HttpResponse(html, status=status)
    response["Vary"] = "HX-Request"
    return response


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asked for a part of the page."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def _values(backend: Jinja2, request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    # masked once for the page, not anew in each of its forms
    token = SimpleLazyObject(lambda: get_token(request))
    values: dict[str, Any] = {
        "request": request,
        "csrf_input": SimpleLazyObject(
            lambda: format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)
        ),
        "csrf_token": token,
    }
    for processor in backend.template_context_processors:
        values |= processor(request)
    return values | context
