"""Which post a signed-in person acts in, and what that post may do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest

from hutong.foundation.access.models import ACTIVE
from hutong.foundation.access.scope import Scope
from hutong.foundation.accounts import rights
from hutong.foundation.accounts.models import User
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Holding, Post
from hutong.foundation.queries import Remembered
from hutong.kernel import areas, clock

SESSION_KEY = "acting_post"


@dataclass(frozen=True, slots=True)
class Acting:
    """A person in a post: the ``actor`` of every service.

    ``sealed``: compartments the person is named for in this post. They are shut (``scope.sealed`` is empty) until a page
    of theirs opens them.
    """

    user: User
    post: Post
    scope: Scope
    holdings: tuple[Holding, ...] = ()
    sealed: tuple[str, ...] = ()

    @property
    def role(self) -> str:
        return self.post.role

    @property
    def label(self) -> str:
        return f"{self.user.name}（{self.post.title}）"

    def may(self, right: str) -> bool:
        return rights.has(self.post.role, right)

    def check(self, right: str) -> None:
        """Raise the sentence the user sees when the post lacks the right."""
        if not self.may(right):
            raise PermissionDenied(f"您当前岗位（{self.post.title}）没有“{rights.RIGHTS[right]}”的权限。")


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
SELECT '', child_id, area_code FROM access_assignment
 WHERE post_id = %(post)s AND since <= %(day)s AND (until IS NULL OR until > %(day)s)
UNION ALL
SELECT compartment, 0, area_code FROM access_namedperson
 WHERE user_id = %(user)s AND state = %(active)s AND since <= %(day)s AND (until IS NULL OR until > %(day)s)
"""


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
    holding = next((one for one in held if one.post_id == chosen), held[0])
    holding.user = user
    return acting_as(holding, others=held)


def with_assigned(acting: Acting) -> Acting:
    """The same actor, seeing also the children assigned to the post one by one, and knowing the compartments the person
    is named for: one statement. Call it under ``acting.scope``."""
    with connection.cursor() as cursor:
        values: dict[str, int | str | date] = {
            "post": acting.post.pk,
            "user": acting.user.pk,
            "day": clock.today(),
            "active": ACTIVE,
        }
        cursor.execute(_ONE_BY_ONE, values)
        rows = cursor.fetchall()
    extra = tuple(child for what, child, _ in rows if not what)
    sealed = tuple(sorted({what for what, _, area in rows if what and _within(acting.scope, area)}))
    if extra:
        acting = replace(acting, scope=replace(acting.scope, extra=extra))
    return replace(acting, sealed=sealed) if sealed != acting.sealed else acting


def _within(scope: Scope, area_code: str) -> bool:
    """Whether everything the post sees lies in the area the person is named for."""
    lo, hi = areas.bounds(area_code)
    return lo <= scope.lo and scope.hi <= hi
