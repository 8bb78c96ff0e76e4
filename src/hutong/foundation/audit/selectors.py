"""Reads of the logs. Row security gives each reader the log of the own range only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import QuerySet

from hutong.foundation.audit.models import Change, Check, Checkpoint, Erasure, Folding, Read
from hutong.foundation.audit.witnesses import Folder
from hutong.kernel import clock, notes


def list_reads(child_id: int) -> QuerySet[Read]:
    """Who opened this child's file, latest first. Only for those with ``child.viewers`` (the caller checks)."""
    return Read.objects.filter(child_id=child_id).order_by("-at")


def list_all_reads(*, day: date | None = None, actor_ids: Iterable[int] | None = None) -> QuerySet[Read]:
    """The read log of the acting range, latest first."""
    rows = Read.objects.order_by("-at")
    if actor_ids is not None:
        rows = rows.filter(actor_id__in=list(actor_ids))
    if day is not None:
        begin, end = _day(day)
        rows = rows.filter(at__gte=begin, at__lt=end)
    return rows


def list_changes(
    *, day: date | None = None, actor_ids: Iterable[int] | None = None, table: str = ""
) -> QuerySet[Change]:
    """The change log of the acting range, latest first."""
    rows = Change.objects.order_by("-at", "-pk")
    if actor_ids is not None:
        rows = rows.filter(actor_id__in=list(actor_ids))
    if table:
        rows = rows.filter(table=table)
    if day is not None:
        begin, end = _day(day)
        rows = rows.filter(at__gte=begin, at__lt=end)
    return rows


@dataclass(frozen=True, slots=True)
class WitnessState:
    """One witness folder as it stands: what was handed over, and who has signed it up to where."""

    name: str
    handed: int
    signed: dict[str, int]


@dataclass(frozen=True, slots=True)
class ChainState:
    """What the auditor's page shows of the tree: installation-wide, no row's content."""

    checkpoint: Checkpoint | None
    folded_at: datetime | None
    verified: Check | None
    troubles: list[Check]
    erasures: list[Erasure]
    witnesses: list[WitnessState] = field(default_factory=list)


def chain_state() -> ChainState:
    """The last checkpoint, the last verification, open troubles of witnesses and clocks, the latest erasures."""
    latest = Check.objects.order_by("kind", "-at", "-pk").distinct("kind")
    checks = {one.kind: one for one in latest}
    folding = Folding.objects.first()
    return ChainState(
        checkpoint=Checkpoint.objects.order_by("-size").first(),
        folded_at=folding.folded_at if folding else None,
        verified=checks.get(Check.Kind.VERIFY),
        troubles=[one for one in checks.values() if one.kind != Check.Kind.VERIFY and not one.ok],
        erasures=list(Erasure.objects.order_by("-pk")[:10]),
        witnesses=[_witness_state(Folder(path)) for path in settings.WITNESSES],
    )


def _witness_state(folder: Folder) -> WitnessState:
    try:
        last = folder.last()
        signed = {name: notes.Checkpoint.parse(note.text).size for name, note in folder.cosigned().items()}
    except (OSError, notes.NoteError):
        return WitnessState(folder.path.name, -1, {})
    return WitnessState(folder.path.name, last.size if last else 0, signed)


def _day(day: date) -> tuple[datetime, datetime]:
    begin = datetime.combine(day, time(), tzinfo=clock.SHANGHAI)
    return begin, begin + timedelta(days=1)
