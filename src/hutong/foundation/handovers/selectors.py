"""Reads of hand-overs: mine, the range's, whom one may ask, and what goes with a post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from hutong.foundation.access.acting import Acting
from hutong.foundation.access.models import ACTIVE, COMPARTMENTS, PROPOSED, NamedPerson
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.accounts.models import User
from hutong.foundation.handovers import machines as machine
from hutong.foundation.handovers import permissions
from hutong.foundation.handovers.models import HandOver
from hutong.foundation.network import duty
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Holding
from hutong.foundation.workflow import kinds
from hutong.foundation.workflow.models import OPEN, WorkItem
from hutong.kernel import areas, clock


def list_visible(actor: Acting) -> QuerySet[HandOver]:
    """One's own, as giver or taker; of the range for those who supervise. Newest first."""
    mine = Q(from_user=actor.user) | Q(to_user=actor.user) | Q(proposed_by=actor.user) | Q(post=actor.post)
    if actor.may("work.supervise"):
        mine |= Q(area_code__gte=actor.scope.lo, area_code__lt=actor.scope.hi)
    found = HandOver.objects.filter(mine).select_related("post", "from_user", "to_user")
    return found.order_by("-since", "-pk")


def get_visible(public_id: str, actor: Acting) -> HandOver:
    """Raises HandOver.DoesNotExist."""
    return list_visible(actor).get(public_id=public_id)


def list_own_holdings(actor: Acting) -> list[Holding]:
    """What the acting person holds and has not begun to hand over."""
    busy = HandOver.objects.filter(from_user=actor.user, state__in=machine.LIVE).values_list(
        "holding", flat=True
    )
    held = [one for one in actor.holdings if one.pk]
    given = set(busy)
    return [one for one in held if one.pk not in given]


def get_holding(public_id: str, actor: Acting) -> Holding:
    """A holding of today or later that the actor may hand over. Raises Holding.DoesNotExist."""
    rows = Holding.objects.exclude(until__lte=clock.today()).select_related("post", "post__org", "user")
    found = rows.get(public_id=public_id)
    if found.user_id != actor.user.pk and not permissions.supervises(actor, found.post):
        raise Holding.DoesNotExist
    return found


def list_candidates(
    holding: Holding, actor: Acting, *, exclude: Sequence[int] = ()
) -> list[tuple[User, str]]:
    """Whom to ask: who works at the same level or at the place above; for a supervisor within the range acted in."""
    post = holding.post
    supervising = permissions.supervises(actor, post)
    base = areas.pad(actor.post.area_code) if supervising else permissions.base_of(post)
    lo, hi = areas.bounds(base)
    held = (
        duty.in_force(clock.today())
        .filter(Q(post__area_code=base) | Q(post__area_code__gte=lo, post__area_code__lt=hi), deputy=False)
        .exclude(user__in=[holding.user_id, *exclude])
        .select_related("user", "post")
        .order_by("post__area_code", "pk")
    )
    level = areas.level(post.area_code)
    found: dict[int, tuple[User, str]] = {}
    for one in held:
        near = one.post.area_code == base or areas.level(one.post.area_code) == level
        if near and one.user_id not in found and not one.user.must_change_password:
            found[one.user_id] = (one.user, one.post.title)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Handed:
    """One line of what is handed over: what kind, where, when due; never whose. The names come with the post itself."""

    kind: str
    where: str
    due: date
    state: str


def list_handed(found: HandOver) -> list[Handed]:
    """Before the day what is open now, afterwards what was open on the day and what became of it; both sides see the same."""
    with use_scope(system_scope("交接清单")):
        if found.state in machine.OPEN:
            items = list(WorkItem.objects.filter(OPEN, owner_post=found.post).order_by("due_on", "pk"))
        else:
            items = list(
                WorkItem.objects.filter(pk__in=[one[0] for one in found.handed]).order_by("due_on", "pk")
            )
    paths = network.area_paths([one.area_code for one in items]) if items else {}
    return [
        Handed(kinds.label(one.kind), paths.get(one.area_code, ""), one.due_on, _word(one, found)) for one in items
    ]  # fmt: skip


def _word(item: WorkItem, found: HandOver) -> str:
    if item.closed_at is not None:
        return "已办结"
    if item.owner_post_id != found.post_id:
        return "已改派"
    return "已暂停" if item.paused_on else "待办"


def list_personal(actor: Acting) -> list[str]:
    """What hangs on the person and not on the post, and is never handed over by itself: lists for sealed compartments.

    Told to the person alone: which list somebody is on is nobody else's business here.
    """
    rows = NamedPerson.objects.filter(user=actor.user, state__in=(ACTIVE, PROPOSED)).filter(
        Q(until__isnull=True) | Q(until__gt=clock.today())
    )
    return [COMPARTMENTS[code] for code in rows.order_by("compartment").values_list("compartment", flat=True)]
