"""A 登记表 filled with what is known of one child: what page and Word file draw alike."""

from __future__ import annotations

from dataclasses import dataclass

from hutong.domains.ledgers.data.forms import Field, Form
from hutong.domains.ledgers.presenters import people
from hutong.domains.ledgers.presenters.people import Line
from hutong.domains.ledgers.presenters.sources import SOURCES
from hutong.domains.registry.models import Child
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Holding
from hutong.kernel import clock

COLUMNS = 6
"""Three pairs of label and value in a row."""


@dataclass(frozen=True, slots=True)
class Cell:
    """``span`` in columns of the grid the value takes; ``ticks``: each box with whether it is ticked."""

    label: str
    value: str
    span: int
    ticks: tuple[tuple[str, bool], ...] = ()

    @property
    def words(self) -> str:
        """As printed: boxes drawn with ☑ and □."""
        if not self.ticks:
            return self.value
        return "　".join(f"{'☑' if on else '□'}{label}" for label, on in self.ticks)


@dataclass(frozen=True, slots=True)
class Filled:
    code: str
    title: str
    unit: str
    day: str
    sections: tuple[tuple[str, tuple[tuple[Cell, ...], ...]], ...]
    foot: tuple[str, ...]
    note: str
    mark: str


def fill(form: Form, child: Child, *, unit: str, mark: str, clear: bool = False) -> Filled:
    """The form for a child the caller has opened (and recorded as read)."""
    (line,) = people.lines([child], clear=clear)
    line.supervisor = _holders(child.residence_area)
    line.stopped = list(
        child.roll.filter(until__isnull=False, until__lte=clock.today()).order_by("-until")[:1]
    )
    sections = tuple((part.title, tuple(_row(row, line) for row in part.rows)) for part in form.sections)
    return Filled(form.code, form.title, unit, str(clock.today()), sections, form.foot, form.note, mark)


def _row(fields: tuple[Field, ...], line: Line) -> tuple[Cell, ...]:
    """Values share what the labels leave of the row; the last takes the rest."""
    cells, left = [], COLUMNS
    for at, field in enumerate(fields):
        behind = len(fields) - at - 1
        span = left - 1 - 2 * behind if behind == 0 else max(1, COLUMNS // len(fields) - 1)
        cells.append(_cell(field, line, span))
        left -= 1 + span
    return tuple(cells)


def _cell(field: Field, line: Line, span: int) -> Cell:
    answer = SOURCES[field.source](line) if field.source else ""
    if field.choices:
        ticked = {answer} if isinstance(answer, str) else set(answer)
        return Cell(field.label, "", span, tuple((label, label in ticked) for label in field.choices))
    return Cell(field.label, answer if isinstance(answer, str) else "、".join(answer), span)


def _holders(area_code: str) -> str:
    post = network.find_supervisor(area_code)
    if post is None or post.role != network.SUPERVISOR:
        return ""
    held = (
        Holding.objects.filter(network.current(), post=post).select_related("user").order_by("deputy", "pk")
    )
    return "、".join(one.user.name for one in held)
