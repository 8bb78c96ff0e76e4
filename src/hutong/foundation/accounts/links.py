"""Which account belongs to which person at the unit's identity provider: issuer and subject, nothing else (ADR 0031)."""

from __future__ import annotations

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.dispatch import Signal

from hutong.foundation.accounts.models import User

changed = Signal()
"""Sent with ``user``, ``by`` and ``linked`` when a link was made or taken away; whoever tells people listens."""


class LinkRefused(ValueError):
    """The link cannot be made or taken away; the text says why."""


def holder(issuer: str, subject: str) -> User | None:
    """Whose account it is; None where nobody linked it."""
    found = SocialAccount.objects.filter(provider=issuer, uid=subject).select_related("user").first()
    return found.user if found is not None else None


def is_linked(user: User) -> bool:
    return bool(SocialAccount.objects.filter(user_id=user.pk).exists())


@transaction.atomic
def link(*, user: User, issuer: str, subject: str, name: str) -> None:
    """One account there to one account here. ``name``: what people call the provider."""
    User.objects.select_for_update().get(pk=user.pk)
    if SocialAccount.objects.filter(user_id=user.pk, provider=issuer).exists():
        raise LinkRefused(f"您的账号已经绑定“{name}”。要换绑，请先解除原来的绑定。")
    try:
        with transaction.atomic():
            SocialAccount.objects.create(user_id=user.pk, provider=issuer, uid=subject, extra_data={})
    except IntegrityError:
        raise LinkRefused(
            f"刚才登录的“{name}”账号已绑定本系统的另一个账号，一人一号，没有绑定。请确认登录的是您本人的账号；"
            "如果是，请联系安全管理员解除那一个。"
        ) from None
    changed.send(sender=SocialAccount, user=user, by=user, linked=True)


@transaction.atomic
def unlink(*, user: User, by: User) -> int:
    """Take away every link of the person; returns how many there were."""
    if user.pk == by.pk and not user.has_usable_password():
        raise LinkRefused("您的账号没有密码，解除绑定后将无法登录。请先请安全管理员重置密码。")
    # the table of tokens is closed to this role; Django would look there for rows to take along
    links = SocialAccount.objects.filter(user_id=user.pk)
    count = int(links._raw_delete(links.db))
    if count:
        changed.send(sender=SocialAccount, user=user, by=by, linked=False)
    return count
