"""Who answers for a post on a day: whoever holds it, else the nearest post above that somebody holds (ADR 0029).

Work belongs to posts; a post nobody holds would keep it from everybody. So the question "whose is this" never ends at an empty
post. Nothing is stored: holdings say it, on every day and at every moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from hutong.foundation.accounts import rights
from hutong.foundation.accounts.models import User
from hutong.foundation.network.errors import NetworkRefused
from hutong.foundation.network.models import Holding, Post
from hutong.foundation.network.selectors import COUNTY, SUPERVISOR, current
from hutong.kernel import areas, clock

ABOVE: tuple[str, ...] = (SUPERVISOR, COUNTY, "PLAN_OFFICER")
"""Civil affairs, going up: township, county, city."""
OWN_KIND: frozenset[str] = frozenset({"AUDITOR", "SECURITY_ADMIN", "SYS_ADMIN"})
"""Whose work only their own kind may do (separation of duties), wherever above it stands."""


def in_force(on: date) -> QuerySet[Holding]:
    """Holdings of the day whose holder can work: a locked account holds nothing."""
    return Holding.objects.filter(current(on), user__is_active=True, post__active=True)


def _held(on: date) -> Exists:
    return Exists(in_force(on).filter(post=OuterRef("pk")))


def answering_roles(role: str) -> tuple[str, ...]:
    return (role,) if role in OWN_KIND else ABOVE


def nearest(post: Post, held: Iterable[Post]) -> list[Post]:
    """Of posts that are held, those answering for ``post``: all at the nearest place upwards that has one."""
    able = [
        one for one in held
        if one.pk != post.pk and one.role in answering_roles(post.role) and areas.contains(one.area_code, post.area_code)
    ]  # fmt: skip
    if not able:
        return []
    place = max((one.area_code for one in able), key=lambda code: areas.LEVELS.index(areas.level(code)))
    return [one for one in able if one.area_code == place]


def find_answering(post: Post, on: date | None = None, *, without: Sequence[int] = ()) -> list[Post]:
    """Posts above that answer for ``post`` on the day; ``without``: people who do not count."""
    day = on or clock.today()
    held = in_force(day).exclude(user__in=without).values("post")
    above = Post.objects.filter(
        active=True, role__in=answering_roles(post.role), area_code__in=areas.ancestors(post.area_code), pk__in=held
    )  # fmt: skip
    return nearest(post, above.order_by("pk"))


def list_holders(post: Post, on: date | None = None) -> list[User]:
    """Who answers for the post's work on the day: its holders, else the holders of the posts above that answer."""
    day = on or clock.today()
    people = User.objects.filter(is_active=True).order_by("pk")
    own = people.filter(pk__in=in_force(day).filter(post=post).values("user"))
    if own.exists():
        return list(own)
    above = [one.pk for one in find_answering(post, day)]
    return list(people.filter(pk__in=in_force(day).filter(post__in=above).values("user")))


def answered_for(post: Post, candidates: QuerySet[Post], on: date | None = None) -> list[Post]:
    """Of ``candidates``, the posts nobody holds for which ``post`` answers today. One query where none is empty, else two."""
    if not is_answering(post.role):
        return []
    day = on or clock.today()
    lo, hi = areas.bounds(post.area_code)
    here = candidates.filter(active=True, area_code__gte=lo, area_code__lt=hi).exclude(pk=post.pk)
    empty = here.exclude(role__in=rights.MACHINES).filter(~_held(day)).order_by("area_code", "pk")
    vacant = [one for one in empty if post.role in answering_roles(one.role)]
    if not vacant:
        return []
    codes = {code for one in vacant for code in areas.ancestors(one.area_code)}
    held = Post.objects.filter(_held(day), active=True, area_code__in=codes)
    able = list(held.filter(role__in={role for one in vacant for role in answering_roles(one.role)}))
    return [one for one in vacant if post.pk in {found.pk for found in nearest(one, able)}]


def is_answering(role: str) -> bool:
    """Whether posts of this role ever answer for others."""
    return role in ABOVE or role in OWN_KIND


def check_answered(post: Post, on: date, *, leaving: Holding) -> None:
    """Raise where nobody would answer for the post from the day on: somebody has to take it over first."""
    if not rights.has(post.role, "work.do"):
        return
    staying = in_force(on).filter(post=post).exclude(pk=leaving.pk).exclude(user=leaving.user_id)
    if staying.exists() or find_answering(post, on, without=[leaving.user_id]):
        return
    raise NetworkRefused(
        f"“{post.title}”在 {on:%Y-%m-%d} 没有人接任，上级也没有在岗的人可以代管，待办会无人负责。请先登记接任人或代班人。"
    )


def standing_in(user: User, post: Post, on: date | None = None) -> Holding:
    """How someone who answers for an empty post appears in it: never saved."""
    return Holding(post=post, user=user, since=on or clock.today(), deputy=True, reason=STAND_IN)


STAND_IN = "岗位无人，上级代管"
