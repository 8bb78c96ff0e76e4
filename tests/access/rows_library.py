"""Rows of the policy library. The document of the world is a draft of the cast's county."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .rows import Row, World, some_id
from .rows_domains import READ_WRITE


def policy_draft(world: World) -> Any:
    """A draft of one clause, put in order by the county."""
    from hutong.domains.library import services
    from hutong.foundation.access.scope import use_scope

    def make() -> Any:
        with use_scope(world.cast.county.scope):
            return services.begin(actor=world.cast.county, title="试行办法")

    return world.once("policy draft", make)


def draft_and(**more: Any) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"public_id": policy_draft(world).public_id} | more


def its_clause(**more: Any) -> Callable[[World], dict[str, Any]]:
    def make(world: World) -> dict[str, Any]:
        from hutong.foundation.access.scope import use_scope

        document = policy_draft(world)
        with use_scope(world.cast.county.scope):
            return {"public_id": document.public_id, "clause": document.clauses.get().public_id} | more

    return make


ROWS: tuple[Row, ...] = (
    Row("library:index", "library.view"),
    Row("library:find", "library.view"),
    Row("library:ask", "library.view", READ_WRITE),
    Row("library:rules", "library.view"),
    Row("library:rule", "library.view", args=some_id("name", "defacto")),
    Row("library:document", "library.view", args=draft_and()),
    Row("library:desk", "library.edit"),
    Row("library:import", "library.edit", READ_WRITE),
    Row("library:begin", "library.edit", ("POST",)),
    Row("library:gaps", "library.edit"),
    Row("library:reviews", "library.edit"),
    Row("library:review", "library.edit", READ_WRITE, args=some_id("public_id")),
    Row("library:head", "library.edit", READ_WRITE, args=draft_and()),
    Row("library:history", "library.edit", args=draft_and()),
    Row("library:open_review", "library.edit", READ_WRITE, args=draft_and()),
    Row("library:relate", "library.edit", READ_WRITE, args=draft_and()),
    Row("library:unrelate", "library.edit", ("POST",), args=draft_and(target="zzzz")),
    Row("library:clause", "library.edit", READ_WRITE, args=its_clause()),
    Row("library:clause_act", "library.edit", ("POST",), args=its_clause(act="add")),
    Row("library:step", "library.edit", READ_WRITE, args=draft_and(event="withdraw"), fresh=True),
)
