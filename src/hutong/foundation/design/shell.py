"""What the frame of every page shows: who is signed in, on which post, and where to go.

The context processor that knows posts and rights gives ``shell``, anything with the attributes of ``Shell``;
``design/base.html`` only draws it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the navigation; ``icon`` names a drawing of ``components/icon.html``, no ``count`` for 0 or None."""

    label: str
    url: str
    icon: str = "list"
    active: bool = False
    count: int | None = None


class PostChoice(NamedTuple):
    """A post the user holds; choosing it posts ``post=<value>`` to ``/access/post/``."""

    value: int | str
    label: str
    current: bool = False


class Running(NamedTuple):
    """Something that runs and ends by itself: said above every page, with a POST that ends it now."""

    words: str
    url: str
    end_url: str


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything around the content; without a ``user_name`` the page is drawn without frame.

    The first four ``nav`` items stand in the phone's tab bar, the rest under 更多.
    """

    user_name: str = ""
    post_label: str = ""
    nav: Sequence[NavItem] = ()
    posts: Sequence[PostChoice] = ()
    notices: int = 0
    search: bool = True
    banner: str = ""
    running: Sequence[Running] = ()
