"""The door, twice: for real and for trying out. The pages on which it is kept are in ``page_urls``."""

from django.urls import URLPattern, URLResolver, include, re_path

from hutong.delivery.api.routes import PREFIX, ROUTES, TRIAL_PREFIX, pattern
from hutong.delivery.api.views import door


def _addresses(*, trial: bool) -> list[URLPattern]:
    found = [
        re_path(pattern(route.path), door.view_of(name, trial=trial, keyless=route.keyless), name=name)
        for name, route in ROUTES.items()
    ]
    return [*found, re_path("", door.nowhere, name="nowhere")]


urlpatterns: list[URLPattern | URLResolver] = [
    re_path(f"^{PREFIX}", include((_addresses(trial=False), "api"))),
    re_path(f"^{TRIAL_PREFIX}", include((_addresses(trial=True), "api_trial"))),
]
