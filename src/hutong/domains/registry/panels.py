"""What higher apps show on the child's page: they register a panel in ``AppConfig.ready``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting


@dataclass(frozen=True, slots=True)
class Panel:
    """``render`` gives safe HTML, or None to stay away; ``order``: below 10 above all cards, below 100
    after safety, guardian and benefits, the rest after the family."""

    slug: str
    title: str
    order: int
    right: str | None
    render: Callable[[Acting, Child], str | None]
    lasting: bool = False
    """Shows what was made with the file and stays with it, so that it is also asked for files merged into another."""


@dataclass(frozen=True, slots=True)
class Shown:
    slug: str
    title: str
    html: str
    order: int


_panels: list[Panel] = []


def register(panel: Panel) -> None:
    """Called from an app's ``ready``; a slug once registered is replaced."""
    _panels[:] = sorted(
        [one for one in _panels if one.slug != panel.slug] + [panel], key=lambda one: one.order
    )


def shown(actor: Acting, child: Child, *, lasting: bool = False) -> list[Shown]:
    """The panels this actor gets for this child; ``lasting``: only those with what was made with the file."""
    made = []
    for panel in _panels:
        if (panel.lasting or not lasting) and (panel.right is None or actor.may(panel.right)):
            html = panel.render(actor, child)
            if html is not None:
                made.append(Shown(panel.slug, panel.title, html, panel.order))
    return made


def shown_of_merged(actor: Acting, absorbed: Iterable[Child]) -> list[Shown]:
    """What higher apps made with files since merged into this one: it stays with them and is shown here."""
    return [
        Shown(
            f"{one.slug}-{child.file_no}",
            f"{one.title}（并入的档案 {child.file_no}）",
            one.html,
            max(one.order, 10),
        )
        for child in absorbed
        for one in shown(actor, child, lasting=True)
    ]
