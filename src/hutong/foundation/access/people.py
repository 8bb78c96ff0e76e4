"""Accounts as the security administrator keeps them: who may sign in, never what they may see (R-02.*, TM-14)."""

from __future__ import annotations

import re
import secrets
from datetime import date

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from hutong.foundation.access import systems
from hutong.foundation.access.acting import Acting
from hutong.foundation.accounts import links
from hutong.foundation.accounts.models import User
from hutong.foundation.network.models import Holding, Org, Post
from hutong.foundation.network.selectors import current
from hutong.kernel import areas, clock

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class AccountRefused(ValueError):
    """The account cannot be kept like that; the text says why."""


def list_people(actor: Acting, text: str = "", on: date | None = None) -> QuerySet[User]:
    """Accounts of people who hold or held a post in the acting range, and new ones that hold none anywhere."""
    lo, hi = areas.bounds(actor.post.area_code)
    held = Holding.objects.filter(user=OuterRef("pk"))
    here = held.filter(post__area_code__gte=lo, post__area_code__lt=hi)
    people = systems.without_programs(User.objects.filter(Exists(here) | ~Exists(held)))
    if text.strip():
        people = people.filter(Q(name__contains=text.strip()) | Q(username__startswith=text.strip().lower()))
    return people.annotate(in_post=Exists(held.filter(current(on), post__active=True))).order_by("username")


def get_person(actor: Acting, username: str) -> User:
    """Raises User.DoesNotExist for an account outside the acting range."""
    actor.check("account.manage")
    return list_people(actor).get(username=username)


def first_password() -> str:
    """Fifteen characters in three groups, without look-alikes: to be read out once and changed at the first sign-in."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(3))


@transaction.atomic
def create_account(*, actor: Acting, username: str, name: str) -> tuple[User, str]:
    """A new account and its first password, which is stored nowhere in clear."""
    actor.check("account.manage")
    username = username.strip().lower()
    if not _USERNAME.fullmatch(username):
        raise AccountRefused("用户名应为 3 至 40 个小写字母、数字、点、横线或下划线，以字母或数字开头。")
    if User.objects.filter(username=username).exists():
        raise AccountRefused(
            f"用户名“{username}”已被使用。一人一号：请先查找此人是否已有账号，或换一个用户名。"
        )
    password = first_password()
    return User.objects.create_user(username, password, name=name.strip()), password


@transaction.atomic
def reset_password(*, actor: Acting, user: User) -> str:
    """A new first password; all sessions end with the old one."""
    _not_oneself(actor, user)
    password = first_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    end_sessions(actor=actor, user=user)
    return password


@transaction.atomic
def set_active(*, actor: Acting, user: User, active: bool) -> User:
    _not_oneself(actor, user)
    user.is_active = active
    user.save(update_fields=["is_active"])
    if not active:
        end_sessions(actor=actor, user=user)
    return user


@transaction.atomic
def end_sessions(*, actor: Acting, user: User) -> int:
    """End every session of the person; returns how many."""
    actor.check("account.manage")
    sessions = list(UserSession.objects.filter(user_id=user.pk))
    for session in sessions:
        session.end()
    return len(sessions)


@transaction.atomic
def remove_second_step(*, actor: Acting, user: User) -> int:
    """For a lost phone: the second step and the recovery codes go, and so do the sessions."""
    _not_oneself(actor, user)
    count = int(Authenticator.objects.filter(user_id=user.pk).delete()[0])
    end_sessions(actor=actor, user=user)
    return count


@transaction.atomic
def unlink(*, actor: Acting, user: User) -> int:
    """Take the account at the unit's identity provider away from the person, and the sessions with it."""
    _not_oneself(actor, user)
    count = links.unlink(user=user, by=actor.user)
    end_sessions(actor=actor, user=user)
    return count


def _not_oneself(actor: Acting, user: User) -> None:
    actor.check("account.manage")
    if systems.is_program(user):
        raise AccountRefused("这是系统程序的账号，不能登录，也不设密码。请在“部门接口”中吊销或更换它的密钥。")
    if user.pk == actor.user.pk:
        raise AccountRefused("不能对自己的账号办理此事。请另一位安全管理员办理。")


@transaction.atomic
def first_administrator(*, username: str, name: str, body: str, area_code: str) -> str:
    """The very first account of an empty system: holds the posts of account and system administration; returns its password.

    Refused once anybody has an account: from then on the security administrator makes accounts.
    """
    if User.objects.exists():
        raise AccountRefused("系统里已有账号。新账号请由安全管理员在“账号管理”中建立。")
    password = first_password()
    user = User.objects.create_user(username, password, name=name.strip())
    org = Org.objects.create(name=body, kind="MZ", area_code=area_code)
    for role, title in (("SECURITY_ADMIN", f"{body}安全管理员"), ("SYS_ADMIN", "系统管理员")):
        post = Post.objects.create(org=org, role=role, area_code=area_code, title=title)
        Holding.objects.create(post=post, user=user, since=clock.today(), reason="系统启用")
    return password
