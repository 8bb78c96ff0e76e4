"""Every address of the site, from the URL configuration itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    name: str
    pattern: str
    view: Callable[..., Any]

    @property
    def right(self) -> Any:
        """What ``@needs`` or ``@public`` said; 'unsaid' for a view that says nothing."""
        return getattr(self.view, "needs_right", "unsaid")

    @property
    def fresh(self) -> Any:
        """What ``@fresh`` said: True, the values of the address it asks for, or False."""
        return getattr(self.view, "needs_fresh", False)

    @property
    def ours(self) -> bool:
        module = getattr(getattr(self.view, "view_class", self.view), "__module__", "")
        return module.startswith("hutong.") and not module.startswith("hutong.foundation.accounts.")


def walk() -> Iterator[Route]:
    """All routes but the design examples (development only)."""
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(patterns: list[URLPattern | URLResolver], prefix: str, space: str) -> Iterator[Route]:
    for one in patterns:
        path = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            if path != "design/":
                yield from _walk(one.url_patterns, path, inner)
        else:
            yield Route(f"{space}{one.name}", path, one.callback)
