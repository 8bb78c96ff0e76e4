"""Reads of the registry: the front door for other apps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from django.db import connection
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from hutong.domains.registry.machines import exit as exits
from hutong.domains.registry.machines import file_correction
from hutong.domains.registry.machines import move as machine
from hutong.domains.registry.models import (
    Child,
    Circumstance,
    Exit,
    GuardianshipRegime,
    GuardianshipStatus,
    HealthEpisode,
    Kinship,
    Move,
    Opened,
    Pair,
    Proposal,
    RollEntry,
    SchoolEpisode,
)
from hutong.foundation.access import reading, vault
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.explaining import Explanation
from hutong.foundation.accounts import rights
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Post
from hutong.foundation.queries import Remembered
from hutong.kernel import areas, clock, ids

Fact = TypeVar("Fact", bound=Model)


def _named(*, public_id: str) -> QuerySet[Child]:
    return Child.objects.select_related("intake", "merged_into__intake").filter(public_id=public_id)


_by_public_id = Remembered(_named)


def get_child(public_id: str, actor: Acting, what: str = "档案") -> Child:
    """The child if the actor may see her (else Child.DoesNotExist); the reading is explained and recorded in this
    transaction. On a page only looked at, ``ReasonNeeded`` where no task of the actor explains it.

    Of a merged file the survivor; where that is out of sight, the pointer itself (state MERGED).
    """
    found = _by_public_id.first(public_id=public_id)
    if found is None:
        raise Child.DoesNotExist
    child = survivor(found)
    opening(actor, child, what)
    return child


def survivor(child: Child) -> Child:
    """The file a child's file stands for: itself, or the one it was merged into where that is in sight."""
    return child.merged_into or child


def list_absorbed(child: Child) -> QuerySet[Child]:
    """Files merged into this one: what higher apps made with them hangs on them still (architecture §3.9)."""
    return child.absorbed.order_by("file_no")


def opening(actor: Acting, child: Child, what: str, because: Explanation | None = None) -> None:
    """Explain and record that ``actor`` opens this child's file, or something that shows it."""
    reading.opening(
        actor, child_id=child.pk, residence=child.residence_area, hukou=child.hukou_area, what=what, because=because
    )  # fmt: skip


def find_by_file_no(file_no: str) -> Child | None:
    """By 档案号, within scope; of a merged file the survivor. Not a reading."""
    found = Child.objects.filter(file_no=file_no).select_related("merged_into").first()
    return found and survivor(found)


def find_by_id_number(number: str) -> Child | None:
    """By ID number in any spelling, within scope."""
    token = vault.token(ids.normalise(number), "id")
    found = Child.objects.filter(id_token=token).select_related("merged_into").first() if token else None
    return found and survivor(found)


def list_of_number(number: str) -> QuerySet[Child]:
    """Children within scope whose own number this is, or the number of a current kin of theirs; not a reading."""
    token = vault.token(ids.normalise(number), "id") if number else ""
    kin = Kinship.objects.filter(until__isnull=True, person__id_token=token).values("child_id")
    found = Child.objects.filter(Q(id_token=token) | Q(pk__in=kin), state__in=("REGISTERED", "ACTIVE"))
    return found if token else found.none()


def list_children(area_code: str | None = None, *, states: Sequence[str] = ("ACTIVE",)) -> QuerySet[Child]:
    """Children within scope living in the area (or below), by file number."""
    children = Child.objects.filter(state__in=states)
    if area_code:
        lo, hi = areas.bounds(area_code)
        children = children.filter(residence_area__gte=lo, residence_area__lt=hi)
    return children.order_by("file_no")


def pks_by_file_no(file_nos: Iterable[str]) -> dict[str, tuple[int, str]]:
    """File number → (key, residence area) of children within scope; for runs over many."""
    found: dict[str, tuple[int, str]] = {}
    wanted = list(file_nos)
    for start in range(0, len(wanted), 5000):
        rows = Child.objects.filter(file_no__in=wanted[start : start + 5000])
        fields = ("file_no", "pk", "residence_area", "merged_into_id", "merged_into__residence_area")
        for no, pk, area, kept, kept_area in rows.values_list(*fields):
            found[no] = (kept, kept_area) if kept_area else (pk, area)
    return found


def list_kin(child: Child) -> QuerySet[Kinship]:
    """Current kin, parents first; of one relative entered twice the one that stays."""
    return _kin(child_id=child.pk)


def _kin(*, child_id: int) -> QuerySet[Kinship]:
    current = Kinship.objects.filter(child=child_id, until__isnull=True)
    stays = current.filter(person=OuterRef("person__merged_into"))
    return current.filter(~Exists(stays)).select_related("person").order_by("relation", "pk")


def list_siblings(child: Child) -> QuerySet[Child]:
    """Other children within scope through the same parent."""
    return _siblings(child_id=child.pk)


def _siblings(*, child_id: int) -> QuerySet[Child]:
    ties = Kinship.objects.filter(until__isnull=True, relation__in=["father", "mother"])
    parents = ties.filter(child=child_id).values("person_id")
    # the other ends first, then the children: a join of both would bring each child as often as it has such parents
    others = ties.filter(person_id__in=parents).exclude(child=child_id).values("child_id")
    return Child.objects.filter(pk__in=others, merged_into__isnull=True).order_by("birth_date", "pk")


def _hanging(most: int, rows: Callable[[int], QuerySet[Fact]]) -> Remembered[Fact]:
    return Remembered(lambda *, child_id: rows(child_id)[:most])


@dataclass(frozen=True, slots=True)
class Sections:
    """What hangs on a child, as her page shows it: each by one remembered query."""

    guards: Remembered[GuardianshipStatus]
    regimes: Remembered[GuardianshipRegime]
    facts: Remembered[Circumstance]
    roll: Remembered[RollEntry]
    schooling: Remembered[SchoolEpisode]
    health: Remembered[HealthEpisode]
    kin: Remembered[Kinship]
    siblings: Remembered[Child]
    absorbed: Remembered[Child]
    moves: Remembered[Move]
    leaving: Remembered[Exit]
    proposed: Remembered[Proposal]


SECTIONS: Final = Sections(
    guards=_hanging(
        60, lambda pk: GuardianshipStatus.objects.filter(child=pk, void=False).order_by("-since")
    ),
    regimes=_hanging(
        60, lambda pk: GuardianshipRegime.objects.filter(child=pk, void=False).order_by("-since")
    ),
    facts=_hanging(400, lambda pk: Circumstance.objects.filter(child=pk).order_by("-since", "-pk")),
    roll=_hanging(200, lambda pk: RollEntry.objects.filter(child=pk).order_by("-since")),
    schooling=_hanging(6, lambda pk: SchoolEpisode.objects.filter(child=pk).order_by("-since")),
    health=_hanging(6, lambda pk: HealthEpisode.objects.filter(child=pk).order_by("-since")),
    kin=_hanging(60, lambda pk: _kin(child_id=pk)),
    siblings=_hanging(12, lambda pk: _siblings(child_id=pk)),
    absorbed=_hanging(20, lambda pk: Child.objects.filter(merged_into=pk).order_by("file_no")),
    moves=_hanging(6, lambda pk: _moves(pk)),
    leaving=_hanging(1, lambda pk: Exit.objects.filter(child=pk, state__in=exits.LIVE).order_by("pk")),
    proposed=_hanging(12, lambda pk: Proposal.objects.filter(child=pk, state__in=file_correction.OPEN)),
)


def list_circumstances(child: Child, *, superseded: bool = False) -> QuerySet[Circumstance]:
    """Facts in force or past, latest first."""
    facts = child.circumstances.order_by("-since", "-pk")
    return facts if superseded else facts.filter(superseded_at__isnull=True)


def list_roll(child: Child, on: date | None = None) -> QuerySet[RollEntry]:
    """What runs now, or on the day."""
    if on is None:
        return child.roll.filter(until__isnull=True).order_by("scheme")
    return child.roll.filter(since__lte=on).filter(Q(until__isnull=True) | Q(until__gt=on)).order_by("scheme")


def list_opened(actor: Acting, limit: int = 8) -> list[Child]:
    """The files the actor opened last, within the present scope."""
    rows = Opened.objects.filter(user=actor.user, child__merged_into__isnull=True)
    rows = rows.select_related("child").order_by("-at")[:limit]
    return [row.child for row in rows]


def responsible_post(child: Child) -> Post | None:
    """Who answers for the child: the director of the village of residence, else the supervisor above."""
    return network.find_responsible_post(child.residence_area)


def hukou_post(child: Child) -> Post | None:
    """The second responsible body where household registration and residence differ (R-01.04)."""
    if child.hukou_area == child.residence_area:
        return None
    return network.find_responsible_post(child.hukou_area)


@dataclass(frozen=True, slots=True)
class Opener:
    """A person who may open a file now; ``way``: post, assigned, granted, or named (a wholly sealed file)."""

    user_id: int
    role: str
    way: str


_MAY_VIEW, _MAY_KEEP = (
    [role for role in rights.ROLES if rights.has(role, right)] for right in ("child.view", "sealed.view")
)


def list_openers(child: Child) -> list[Opener]:
    """Everybody who may open the file at this moment, whichever of it the asker sees (TM-03). One query."""
    places = sorted({*areas.ancestors(child.residence_area), *areas.ancestors(child.hukou_area)})
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person, role, way FROM registry_openers(%s, %s, %s, %s, %s, %s)",
            [child.pk, places, _MAY_VIEW, _MAY_KEEP, clock.today(), now],
        )
        return [Opener(*row) for row in cursor.fetchall()]


def get_proposal(public_id: str, actor: Acting, what: str = "更正申请") -> Proposal:
    """A proposal about a child within scope (else Proposal.DoesNotExist); it shows her facts, so it is a reading."""
    found = Proposal.objects.select_related("child", "proposed_post").get(public_id=public_id)
    reading.opening(
        actor, child_id=found.child_id, residence=found.child.residence_area, hukou=found.child.hukou_area, what=what
    )  # fmt: skip
    return found


def list_proposals(*, states: Sequence[str] = (), post: Post | None = None) -> QuerySet[Proposal]:
    """Proposals within scope, newest first; of one proposing post where given."""
    found = Proposal.objects.select_related("child").prefetch_related("lines").order_by("-created_at", "-pk")
    found = found.filter(state__in=states) if states else found
    return found.filter(proposed_post=post) if post else found


def list_open_proposals(child: Child) -> QuerySet[Proposal]:
    """What is proposed about the child and not settled yet."""
    return list_proposals(states=file_correction.OPEN).filter(child=child)


_POSTS = ("from_post", "to_post", "sender_post", "approver_post", "to_above")


def get_move(public_id: str) -> Move:
    """A move of either side's. Raises Move.DoesNotExist."""
    return Move.objects.select_related(*_POSTS).get(public_id=public_id)


def find_move(public_id: str) -> Move | None:
    return Move.objects.filter(public_id=public_id).first()


def in_sight(move: Move) -> Child | None:
    """The child of the move, while the asker may see the file itself."""
    return Child.objects.filter(pk=move.child_id).first()


def list_moves(actor: Acting, tab: str) -> QuerySet[Move]:
    """``in``: waiting for this post; ``out``: live ones from the places; ``done``: ended ones of both directions."""
    here = Q(from_area__gte=actor.scope.lo, from_area__lt=actor.scope.hi)
    mine = Q(to_post=actor.post) | Q(to_above=actor.post)
    moves = Move.objects.select_related("to_post").order_by("-opened_at", "-pk")
    match tab:
        case "in":
            return moves.filter(mine, state__in=machine.BOTH)
        case "out":
            return moves.filter(here, state__in=machine.LIVE)
        case _:
            there = Q(to_area__gte=actor.scope.lo, to_area__lt=actor.scope.hi)
            return moves.filter(here | there | mine, state__in=machine.ENDED)


def list_moves_of_child(child: Child) -> QuerySet[Move]:
    """The child's moves, latest first."""
    return _moves(child.pk)


def _moves(child_id: int) -> QuerySet[Move]:
    return Move.objects.filter(child=child_id).select_related(*_POSTS).order_by("-opened_at", "-pk")


def get_exit(public_id: str) -> Exit:
    """A request to leave, of a child in sight. Raises Exit.DoesNotExist."""
    return Exit.objects.select_related("child", "requester_post").get(public_id=public_id)


def find_live_exit(child: Child) -> Exit | None:
    return Exit.objects.filter(child=child, state__in=exits.LIVE).first()


def get_pair(public_id: str, actor: Acting) -> Pair:
    """A pair of which the actor may see both sides (else Pair.DoesNotExist); looking at it is a reading of both files."""
    joined = ("first", "second", "first_person", "second_person", "answered_post")
    pair = Pair.objects.select_related(*joined).get(public_id=public_id)
    reading.record(actor, _children_of(pair), "重复核对", Explanation("pair", pair.public_id))
    return pair


def _children_of(pair: Pair) -> list[tuple[int, str]]:
    if pair.first and pair.second:
        return [(one.pk, one.residence_area) for one in (pair.first, pair.second)]
    ties = Kinship.objects.filter(
        person__in=[pair.first_person_id, pair.second_person_id], until__isnull=True
    )
    return list(ties.values_list("child_id", "child__residence_area").distinct())


def list_pairs(states: Sequence[str]) -> QuerySet[Pair]:
    """Pairs of which both sides are in sight, likeliest first."""
    joined = ("first", "second", "first_person", "second_person")
    return Pair.objects.filter(state__in=states).select_related(*joined).order_by("-score", "pk")
