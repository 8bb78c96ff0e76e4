"""Sessions for tests, as signing in makes them."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.internal.flows import login
from allauth.account.internal.userkit import user_id_to_str
from django.test import Client

from hutong.foundation.accounts.models import User

BACKEND = "hutong.foundation.accounts.backend.SignInBackend"


def signed_in(user: User, *, ago: float = 1) -> Client:
    """A client whose session gave the password ``ago`` seconds ago."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    _note(client, user, time.time() - ago)
    return client


def grow_old(client: Client, by: float = 3600) -> None:
    """Let ``by`` seconds pass since the password was given."""
    session: Any = client.session
    for record in session[login.AUTHENTICATION_METHODS_SESSION_KEY]:
        record["at"] -= by
    session.save()


def confirm_again(client: Client) -> None:
    """The password once more, as before changes of one's own second step."""
    session: Any = client.session
    records = session[login.AUTHENTICATION_METHODS_SESSION_KEY]
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [*records, {**records[-1], "reauthenticated": True}]
    session.save()


def _note(client: Client, user: User, at: float) -> None:
    session: Any = client.session
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": at}]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(user)
    session.save()
