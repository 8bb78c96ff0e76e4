"""The site's addresses and a few that go wrong on purpose: a URL configuration for tests only."""

from __future__ import annotations

from typing import Final

from allauth.core.ratelimit import respond_429
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path

from hutong.config import urls
from hutong.config.urls import handler400, handler403, handler404, handler429, handler500
from hutong.foundation.access.guards import public
from hutong.foundation.workflow.errors import NotNow

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500"]

SECRET: Final = "张小花 500199201501010012"
"""Of a child; whatever goes wrong, no answer repeats it."""
ERRORS: Final[dict[int, Exception]] = {
    400: SuspiciousOperation(SECRET),
    403: PermissionDenied(),
    404: Http404(SECRET),
    409: NotNow("档案已由他人审核。"),
    413: RequestDataTooBig(SECRET),
    500: ZeroDivisionError(SECRET),
}


@public
def breaks(request: HttpRequest, status: int) -> HttpResponse:
    if status == 429:
        return respond_429(request)
    raise ERRORS[status]


urlpatterns: list[URLPattern | URLResolver] = [
    path("breaking/<int:status>/", breaks),
    path("api/breaking/<int:status>/", breaks),
    *urls.urlpatterns,
]
