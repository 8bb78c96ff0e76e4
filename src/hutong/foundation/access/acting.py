"""Which post a signed-in person acts in, and what that post may do."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, Value
from django.http import HttpRequest

from hutong.foundation.access.models import ACTIVE, Assignment, NamedPerson
from hutong.foundation.access.scope import Scope
from hutong.foundation.accounts import rights
from hutong.foundation.accounts.models import User
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Holding, Post
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
    """The same actor, seeing also the children assigned to the post one by one, and knowing the compartments the person
    is named for: one statement. Call it under ``acting.scope``."""
    day = clock.today()
    current = Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gt=day))
    assigned = Assignment.objects.filter(current, post=acting.post).annotate(
        what=Value(""), whom=F("child_id")
    )
    named = NamedPerson.objects.filter(current, user=acting.user, state=ACTIVE).annotate(
        what=F("compartment"), whom=Value(0)
    )
    columns = ("what", "whom", "area_code")
    rows = list(assigned.values_list(*columns).union(named.values_list(*columns), all=True))
    extra = tuple(child for what, child, _ in rows if not what)
    sealed = tuple(sorted({what for what, _, area in rows if what and _within(acting.scope, area)}))
    if extra:
        acting = replace(acting, scope=replace(acting.scope, extra=extra))
    return replace(acting, sealed=sealed) if sealed != acting.sealed else acting


def _within(scope: Scope, area_code: str) -> bool:
    """Whether everything the post sees lies in the area the person is named for."""
    lo, hi = areas.bounds(area_code)
    return lo <= scope.lo and scope.hi <= hi
