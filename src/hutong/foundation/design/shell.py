"""What the frame of every page shows: who is signed in, on which post, and where to go.

The context processor that knows posts and rights builds a ``Shell``; ``design/base.html`` only draws it. Pages
without a signed-in user leave it None.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the navigation; ``icon`` names a drawing of ``components/icon.html``, ``count`` 0 shows nothing."""

    label: str
    url: str
    icon: str = "list"
    active: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class PostChoice:
    """A post the user holds; choosing it posts ``post=<value>`` to ``Shell.switch_url``."""

    value: str
    label: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything around the content. The first four ``nav`` items stand in the phone's tab bar, the rest under 更多."""

    nav: tuple[NavItem, ...] = ()
    user_name: str = ""
    post_label: str = ""
    posts: tuple[PostChoice, ...] = ()
    notices: int = 0
    banner: str = ""
    search_url: str = "/children/"
    notices_url: str = "/messages/"
    switch_url: str = "/access/post/"
    account_url: str = "/account/"
    logout_url: str = "/account/logout/"
