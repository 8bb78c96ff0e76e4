"""Reads of places, bodies and posts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from hutong.foundation.network.models import Holding
from hutong.kernel import clock

if TYPE_CHECKING:
    from hutong.foundation.accounts.models import User


def list_current_holdings(user: User, on: date | None = None) -> QuerySet[Holding]:
    """Posts the person holds on the day, principal ones first. None: the account does not work."""
    day = on or clock.today()
    held = Holding.objects.filter(user=user, since__lte=day, post__active=True)
    held = held.filter(Q(until__isnull=True) | Q(until__gt=day))
    return held.select_related("post", "post__org").order_by("deputy", "post__area_code", "pk")
