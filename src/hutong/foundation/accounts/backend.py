"""Signing in is allauth's; who a session belongs to, which every request asks, is a remembered query."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from hutong.foundation.accounts.models import User
from hutong.foundation.queries import Remembered


def _one(*, pk: int) -> QuerySet[User]:
    return User.objects.filter(pk=pk)


_person = Remembered(_one)


class SignInBackend(AuthenticationBackend):  # type: ignore[misc]
    def get_user(self, user_id: Any) -> User | None:
        found = _person.first(pk=int(user_id))
        return found if found is not None and self.user_can_authenticate(found) else None
