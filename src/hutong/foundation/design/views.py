"""The gallery of components at ``/design/``: routed in development only, open without signing in, no child's data."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from hutong.foundation.design import components, examples, fragments


@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with its example and the example's source; ``?only=table`` shows one."""
    only = request.GET.get("only", "")
    files = sorted(set(components.catalogue().values()))
    shown = [name.removesuffix(".html") for name in files if not only or name == f"{only}.html"]
    folder = components.FOLDER.parent / "examples"
    sources = {name: (folder / f"{name}.html").read_text(encoding="utf-8") for name in shown}
    context = examples.context(request) | {"names": shown, "sources": sources, "shell": examples.SHELL}
    return fragments.render(request, "design/gallery.html", context)


@require_GET
def drawer(request: HttpRequest) -> HttpResponse:
    """What the example of the drawer opens."""
    return fragments.render(request, "design/gallery_drawer.html", examples.context(request))


@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """The place picker's answer: the example places whose path holds what was typed."""
    asked = request.GET.get("q", "").strip()
    found = [place for place in examples.PLACES if asked in place["path"]]
    return fragments.render(request, "design/gallery_places.html", {"places": found, "recent": not asked})


@require_GET
def job(request: HttpRequest) -> HttpResponse:
    """A job that is a quarter further at each question."""
    text = request.GET.get("at", "0")
    percent = min(int(text) + 25, 100) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return fragments.render(request, "design/gallery_job.html", {"percent": percent})


@require_GET
def chart_csv(request: HttpRequest) -> HttpResponse:
    """Rows of the example chart."""
    headers = {"Content-Disposition": 'attachment; filename="leads.csv"'}
    return HttpResponse(
        examples.CHARTS["trend"].csv(), content_type="text/csv; charset=utf-8", headers=headers
    )
