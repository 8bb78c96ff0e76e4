"""The route table: one row per address of the site (TM-13; issue D.20).

``test_routes`` walks the URL configuration and fails for an address without a row here, or whose row does not say the
same right as the view's own ``@needs(…)``. To add a route, add one ``Row`` to ``ROWS`` below:

    Row("registry:child", "child.view", ("GET",), args=of_child("public_id"), child=True)

* first the URL name with its namespace, then the right (None: anybody in a post; PUBLIC: also without signing in;
  OWN: one's own account, signed in but not in a post; THIRD: a package's own guard),
* the methods it answers (others must be refused),
* ``args``: a function of the ``World`` giving the URL's keyword arguments for the child of the world,
* ``child=True`` when the page shows or changes one child: the stranger, who holds the same right elsewhere, must get 404.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

PUBLIC, OWN, THIRD = "public", "own", "third"


@dataclass
class World:
    """What argument builders may draw on: the cast, and one child of 柳村 with what hangs on it, made when asked for."""

    cast: SimpleNamespace
    made: dict[str, Any] = field(default_factory=dict)

    def once(self, key: str, make: Callable[[], Any]) -> Any:
        """The thing made under ``key``, making it the first time."""
        if key not in self.made:
            self.made[key] = make()
        return self.made[key]


def no_args(world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Row:
    name: str
    right: str | None
    methods: tuple[str, ...] = ("GET",)
    args: Callable[[World], dict[str, Any]] = no_args
    child: bool = False
    max_queries: int | None = None


def some_id(name: str, value: Any = "zzzzzzzzzzzzzzzz") -> Callable[[World], dict[str, Any]]:
    """An id that exists nowhere: enough to see who is turned away before anything is looked up."""
    return lambda world: {name: value}


ROWS: tuple[Row, ...] = (
    # accounts: allauth's own pages and ours around them
    Row("account_home", OWN),
    Row("account_login", PUBLIC, ("GET", "POST")),
    Row("account_logout", PUBLIC, ("GET", "POST")),
    Row("account_inactive", PUBLIC),
    Row("account_change_password", OWN, ("GET", "POST")),
    Row("account_reauthenticate", OWN, ("GET", "POST")),
    Row("mfa_index", OWN),
    Row("mfa_authenticate", THIRD, ("GET", "POST")),
    Row("mfa_reauthenticate", OWN, ("GET", "POST")),
    Row("mfa_activate_totp", OWN, ("GET", "POST")),
    Row("mfa_deactivate_totp", OWN, ("GET", "POST")),
    Row("mfa_view_recovery_codes", OWN),
    Row("mfa_generate_recovery_codes", OWN, ("GET", "POST")),
    Row("mfa_download_recovery_codes", OWN),
    Row("usersessions_list", OWN, ("GET", "POST")),
    Row("usersessions_end", OWN, ("POST",), args=some_id("pk", 999_999_999)),
    # access
    Row("access:post", None, ("POST",)),
    # home, worklist, long jobs
    Row("web:home", None),
    Row("web:health", PUBLIC),
    Row("workflow:waiting", "work.do"),
    Row("workflow:done", "work.do"),
    Row("workflow:supervise", "work.supervise"),
    Row("workflow:item", "work.do", ("GET", "POST"), args=some_id("public_id")),
    Row("workflow:jobs", None),
    Row("workflow:job", None, args=some_id("public_id")),
    Row("workflow:cancel_job", None, ("POST",), args=some_id("public_id")),
    Row("workflow:undelivered", "event.retry", ("GET", "POST")),
    # documents, messages
    Row("documents:download", "document.view", args=some_id("public_id")),
    Row("documents:upload", "document.upload", ("GET", "POST"), args=some_id("ticket")),
    Row("documents:withdraw", "document.upload", ("POST",), args=some_id("public_id")),
    Row("messaging:notices", None),
    Row("messaging:read_all", None, ("POST",)),
    Row("messaging:open", None, args=some_id("notice_id", "00000000-0000-4000-8000-000000000000")),
)
