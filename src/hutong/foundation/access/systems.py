"""Programs that act: a department's system behind its key, the platform's own comparison.

Each has a post of its own, so that whatever it does stands in the logs under its name, and row security treats it like anybody.
Its account is never active: it cannot sign in, whatever password somebody might set.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from hutong.foundation.access.acting import Acting, acting_as
from hutong.foundation.accounts import rights
from hutong.foundation.accounts.models import User
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Holding, Org, Post
from hutong.kernel import clock

_MARK = ":"
"""Stands in every program's user name and in no person's (``people`` does not allow it)."""


def is_program(user: User) -> bool:
    return _MARK in user.username


def without_programs(people: QuerySet[User]) -> QuerySet[User]:
    return people.exclude(username__contains=_MARK)


@transaction.atomic
def set_up(*, kind: str, number: str, name: str, org: Org, role: str, area_code: str) -> Acting:
    """The program ``kind:number`` with its post, made once; ``role`` must be one of programs."""
    if role not in rights.MACHINES:
        raise ValueError(role)
    post, _ = Post.objects.get_or_create(org=org, role=role, area_code=area_code, title=name[:80])
    user, made = User.objects.get_or_create(
        username=f"{kind}{_MARK}{number}"[:40],
        defaults={"name": name[:40], "is_active": False, "must_change_password": False},
    )
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    holding = Holding.objects.filter(network.current(), post=post, user=user).first()
    if holding is None:
        holding = Holding.objects.create(post=post, user=user, since=clock.today(), reason="系统程序")
    return acting_as(holding)


def find(*, kind: str, number: str, purpose: str = "", on: date | None = None) -> Acting | None:
    """The program as an actor; None where it was never set up or its post has ended."""
    held = Holding.objects.filter(
        network.current(on), user__username=f"{kind}{_MARK}{number}", post__active=True
    )
    found = held.select_related("post", "post__org", "user").first()
    return acting_as(found, purpose=purpose) if found else None
