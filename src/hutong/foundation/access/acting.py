"""Which post a signed-in person acts in, and what that post may do."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest

from hutong.foundation.access.models import Assignment
from hutong.foundation.access.scope import Scope
from hutong.foundation.accounts import rights
from hutong.foundation.accounts.models import User
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Holding, Post
from hutong.kernel import clock

SESSION_KEY = "acting_post"


@dataclass(frozen=True, slots=True)
class Acting:
    """A person in a post: the ``actor`` of every service."""

    user: User
    post: Post
    scope: Scope
    holdings: tuple[Holding, ...] = ()

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


def acting_for(request: HttpRequest) -> Acting | None:
    """The acting post of a request: the one chosen in the session, else the first held; None if none is held."""
    user = request.user
    assert isinstance(user, User)
    held = tuple(network.list_current_holdings(user))
    if not held or not user.is_active:
        return None
    chosen = request.session.get(SESSION_KEY)
    holding = next((one for one in held if one.post_id == chosen), held[0])
    holding.user = user
    return acting_as(holding, others=held)


def with_assigned(acting: Acting) -> Acting:
    """The same actor, seeing also the children assigned to the post one by one. Call it under ``acting.scope``."""
    day = clock.today()
    current = Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gt=day))
    extra = tuple(Assignment.objects.filter(current, post=acting.post).values_list("child_id", flat=True))
    return replace(acting, scope=replace(acting.scope, extra=extra)) if extra else acting
