"""The session store of Django's own table; reading it, which every request does, asks a remembered query."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from hutong.foundation.queries import Remembered


def _one(*, key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


_live = Remembered(_one)


class SessionStore(db.SessionStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Any:
        found = _live.first(key=str(self.session_key or ""), now=timezone.now())
        if found is None:
            self._session_key = None
        return found
