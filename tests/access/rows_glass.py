"""Rows of emergency openings."""

from __future__ import annotations

from typing import Any

from .rows import Row, World, some_id
from .rows_domains import READ_WRITE, child


def opened(world: World) -> dict[str, Any]:
    """The child of the world, opened in an emergency by the county next door."""
    from hutong.domains.glass import services
    from hutong.domains.glass.models import Opening
    from hutong.foundation.access.scope import use_scope

    def make() -> Opening:
        found, actor = child(world), world.cast.stranger_county
        with use_scope(actor.scope):
            done = services.open_file(
                actor=actor,
                number=found.file_no,
                name=found.name,
                reason="HOSPITAL",
                words="在外地住院需要联系监护人",
            )
        assert done.opening
        return done.opening

    return {"public_id": world.once("glass", make).public_id}


ROWS: tuple[Row, ...] = (
    Row("glass:openings", "glass.view"),
    Row("glass:break", "glass.break", READ_WRITE),
    Row("glass:opening", "glass.view", args=opened),
    Row("glass:end", "glass.break", ("POST",), args=some_id("public_id")),
    Row("glass:review", "glass.review", ("POST",), args=lambda world: opened(world) | {"event": "accept"}),
)
