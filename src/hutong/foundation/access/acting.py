"""Which post a signed-in person acts in, and what that post may do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest

from hutong.foundation.access.models import ACTIVE
from hutong.foundation.access.scope import Scope
from hutong.foundation.accounts import rights
from hutong.foundation.accounts.models import User
from hutong.foundation.network import duty
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Holding, Post
from hutong.foundation.queries import Remembered
from hutong.kernel import areas, clock

SESSION_KEY = "acting_post"


@dataclass(frozen=True, slots=True)
class LiveGrant:
    """A child shown to the actor for a limited time (``models.Grant``), still running."""

    child_id: int
    kind: str
    ref: str
    until: datetime
    writes: bool


@dataclass(frozen=True, slots=True)
class Acting:
    """A person in a post: the ``actor`` of every service.

    ``acts``: something is being done (a form sent, a command, a job), so nobody is asked for a reason in between;
    False while a page is only looked at.
    ``sealed``: compartments the person is named for in this post. They are shut (``scope.sealed`` is empty) until a page
    of theirs opens them.
    """

    user: User
    post: Post
    scope: Scope
    holdings: tuple[Holding, ...] = ()
    sealed: tuple[str, ...] = ()
    grants: tuple[LiveGrant, ...] = ()
    acts: bool = True

    @property
    def role(self) -> str:
        return self.post.role

    @property
    def stands_in(self) -> Holding | None:
        """The holding under which the person acts for somebody else; None in a post of one's own."""
        held = next((one for one in self.holdings if one.post_id == self.post.pk), None)
        return held if held is not None and held.deputy else None

    @property
    def label(self) -> str:
        """Name and post as every record keeps them; who stands in is never taken for the holder."""
        return f"{self.user.name}（{self.post.title}{'，代班' if self.stands_in else ''}）"

    def may(self, right: str) -> bool:
        return rights.has(self.post.role, right)

    def check(self, right: str) -> None:
        """Raise the sentence the user sees when the post lacks the right."""
        if not self.may(right):
            raise PermissionDenied(f"您当前岗位（{self.post.title}）没有“{rights.RIGHTS[right]}”的权限。")

    def changes(self, child_id: int) -> bool:
        """Whether this child's file may be changed at all, rights aside: not where it is only looked at."""
        return child_id not in self.scope.looking

    def check_changes(self, child_id: int) -> None:
        if not self.changes(child_id):
            raise PermissionDenied(
                "您是凭限时授权查阅这份档案，只能看，不能改。需要办理的，请联系儿童所在地的责任岗位；"
                "儿童有生命危险的，请以“生命危险”为由另行紧急查阅。"
            )


def acting_as(holding: Holding, *, others: tuple[Holding, ...] = (), purpose: str = "") -> Acting:
    post = holding.post
    scope = Scope.for_area(
        post.area_code, user_id=holding.user_id, post_id=post.pk, role=post.role, purpose=purpose
    )
    return Acting(user=holding.user, post=post, scope=scope, holdings=others or (holding,))


def _held(*, user_id: int, day: date) -> QuerySet[Holding]:
    return network.list_current_holdings(user_id, day)


_holdings = Remembered(_held)

# on every page: the text is given, building a union of two querysets costs more than running it
_ONE_BY_ONE = """
SELECT '', child_id, area_code, '', NULL::timestamptz, true FROM access_assignment
 WHERE post_id = %(post)s AND since <= %(day)s AND (until IS NULL OR until > %(day)s)
UNION ALL
SELECT compartment, 0, area_code, '', NULL::timestamptz, false FROM access_namedperson
 WHERE user_id = %(user)s AND state = %(active)s AND since <= %(day)s AND (until IS NULL OR until > %(day)s)
UNION ALL
SELECT kind, child_id, '', ref, until, writes FROM access_grant
 WHERE (user_id = %(user)s AND (post_id IS NULL OR post_id = %(post)s) OR user_id IS NULL AND post_id = %(post)s)
   AND since <= %(now)s AND until > %(now)s
"""
"""What has run out is not selected: no job has to close anything."""


def acting_for(request: HttpRequest) -> Acting | None:
    """The acting post of a request: the one chosen in the session, else the first held; None if none is held."""
    user = request.user
    assert isinstance(user, User)
    if not user.is_active:
        return None
    held = tuple(_holdings(user_id=user.pk, day=clock.today()))
    if not held:
        return None
    chosen = request.session.get(SESSION_KEY)
    holding = next((one for one in held if one.post_id == chosen), None)
    if holding is None and chosen is not None:
        holding = find_stand_in(user, held, chosen)
        held = (*held, holding) if holding else held
    holding = holding or held[0]
    holding.user = user
    return acting_as(holding, others=held)


def find_stand_in(user: User, held: tuple[Holding, ...], post_id: int) -> Holding | None:
    """The empty post ``post_id``, if one of the posts held answers for it today (``network.duty``)."""
    wanted = Post.objects.filter(pk=post_id).select_related("org")
    for one in held:
        for post in duty.answered_for(one.post, wanted):
            return duty.standing_in(user, post)
    return None


def with_assigned(acting: Acting) -> Acting:
    """The same actor, seeing also the children assigned or granted one by one, and knowing the compartments the person
    is named for: one statement. Call it under ``acting.scope``."""
    now = clock.now()
    with connection.cursor() as cursor:
        values: dict[str, int | str | date] = {
            "post": acting.post.pk,
            "user": acting.user.pk,
            "day": now.date(),
            "active": ACTIVE,
            "now": now,
        }
        cursor.execute(_ONE_BY_ONE, values)
        rows = cursor.fetchall()
    sealed = tuple(sorted({row[0] for row in rows if not row[1] and _within(acting.scope, row[2])}))
    if sealed != acting.sealed:
        acting = replace(acting, sealed=sealed)
    shown = [row for row in rows if row[1]]
    if not shown:
        return acting
    free = {row[1] for row in shown if row[5]}
    extra = tuple(dict.fromkeys(row[1] for row in shown))
    looking = tuple(child for child in extra if child not in free)
    grants = tuple(
        LiveGrant(child, kind, ref, until, writes) for kind, child, _, ref, until, writes in shown if kind
    )
    return replace(acting, grants=grants, scope=replace(acting.scope, extra=extra, looking=looking))


def _within(scope: Scope, area_code: str) -> bool:
    """Whether everything the post sees lies in the area the person is named for."""
    lo, hi = areas.bounds(area_code)
    return lo <= scope.lo and scope.hi <= hi
