"""What the frame around every page shows: who acts where, which places they can go, how much waits.

Apps register their entries here (architecture §3.8: lower apps never import higher ones).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from hutong.foundation.access.acting import Acting
from hutong.foundation.design.environment import plain_url
from hutong.foundation.queries import Number, numbers_together


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    url_name: str
    icon: str
    right: str | None = None
    order: int = 100
    count: Number | None = None
    shown: Callable[[Acting], bool] | None = None


@dataclass(slots=True)
class NavItem:
    label: str
    url: str
    icon: str
    active: bool
    count: int | None


@dataclass(frozen=True, slots=True)
class Running:
    """Something that runs and ends by itself, told on every page: words, a page about it, a POST that ends it."""

    words: str
    url: str
    end_url: str


@dataclass(slots=True)
class Shell:
    user_name: str = ""
    post_label: str = ""
    nav: list[NavItem] = field(default_factory=list)
    posts: list[tuple[int, str, bool]] = field(default_factory=list)
    notices: int = 0
    search: bool = True
    banner: str = ""
    running: list[Running] = field(default_factory=list)


_entries: list[Entry] = []
_notices: list[Number] = []
_running: list[Callable[[Acting], list[Running]]] = []


def register(entry: Entry) -> None:
    """Called from an app's ``ready``."""
    _entries.append(entry)
    _entries.sort(key=lambda one: one.order)


def register_notices(count: Number) -> None:
    _notices.append(count)


def register_running(tell: Callable[[Acting], list[Running]]) -> None:
    """``tell`` must not ask the database: it stands on every page."""
    _running.append(tell)


def _here(path: str, urls: list[str]) -> str:
    """The entry a page belongs to: the longest address it begins with; home is only itself."""
    holding = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(holding, key=len, default="")


def _post_label(title: str, deputy: bool) -> str:
    return f"{title}（代班）" if deputy else title


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    acting: Acting | None = getattr(request, "acting", None)
    if acting is None:
        return {"shell": Shell(), "acting": None}
    entries = [
        entry
        for entry in _entries
        if (entry.right is None or acting.may(entry.right)) and (entry.shown is None or entry.shown(acting))
    ]
    urls = [plain_url(entry.url_name) for entry in entries]
    here = _here(request.path, urls)
    counted = [entry.count for entry in entries if entry.count]
    numbers = numbers_together([*counted, *_notices], acting)
    waiting = iter(numbers)
    nav = [
        NavItem(entry.label, url, entry.icon, url == here, next(waiting) if entry.count else None)
        for entry, url in zip(entries, urls, strict=True)
    ]
    return {
        "shell": Shell(
            user_name=acting.user.name,
            post_label=_post_label(acting.post.title, acting.stands_in is not None),
            nav=nav,
            posts=[
                (one.post_id, _post_label(one.post.title, one.deputy), one.post_id == acting.post.pk)
                for one in acting.holdings
            ],
            search=acting.may("child.search"),
            notices=sum(numbers[len(counted) :]),
            running=[one for tell in _running for one in tell(acting)],
        ),
        "acting": acting,
    }
