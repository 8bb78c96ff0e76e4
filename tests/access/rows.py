"""The route table: one row per address of the site (TM-13; issue D.20).

``test_routes`` walks the URL configuration and fails for an address without a row here, or whose row does not say the
same right as the view's own ``@needs(…)``. To add a route, add one ``Row`` to ``rows_foundation`` or ``rows_domains``:

    Row("registry:child", "child.view", ("GET",), args=child_id, child=True)

* first the URL name with its namespace, then the right (None: anybody in a post; PUBLIC: also without signing in;
  OWN: one's own account, signed in but not in a post; THIRD: a package's own guard; KEY: a department's signed request),
* the methods it answers (others must be refused),
* ``args``: a function of the ``World`` giving the URL's keyword arguments for the child of the world,
* ``fresh=True`` when the view asks for the password or second step once more (``@fresh``),
* ``child=True`` when the page shows or changes one child: the stranger, who holds the same right elsewhere, must get 404.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

PUBLIC, OWN, THIRD, KEY = "public", "own", "third", "key"


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
    fresh: bool = False
    whole: bool = True
    """False: the child is real, the rest of the address is not, so those entitled may find nothing either."""


def some_id(name: str, value: Any = "zzzzzzzzzzzzzzzz") -> Callable[[World], dict[str, Any]]:
    """An id that exists nowhere: enough to see who is turned away before anything is looked up."""
    return lambda world: {name: value}
