"""What a view says about who may enter, with the request as a guarded view sees it."""

from __future__ import annotations

from django.http import HttpRequest

from hutong.foundation.access.acting import Acting
from hutong.foundation.accounts.guards import View, fresh, needs, public

__all__ = ["ActingRequest", "View", "fresh", "needs", "public"]


class ActingRequest(HttpRequest):
    """A request that has passed ``needs``: somebody acts in a post."""

    acting: Acting
