"""Reads of those who keep the door."""

from __future__ import annotations

from django.db.models import Count, Max, Q, QuerySet

from hutong.delivery.api.machines import key as machine
from hutong.delivery.api.models import Call, Key, Receipt, System
from hutong.kernel import clock


def list_systems() -> QuerySet[System]:
    """Systems in scope with how many keys work and wait, and when they last called."""
    working = Q(keys__state=machine.ACTIVE, keys__until__gt=clock.now())
    return (
        System.objects.select_related("org")
        .annotate(
            working=Count("keys", filter=working, distinct=True),
            waiting=Count("keys", filter=Q(keys__state=machine.REQUESTED), distinct=True),
            last_call=Max("calls__at"),
        )
        .order_by("org__name", "name")
    )


def get_system(public_id: str) -> System:
    """Raises System.DoesNotExist, also for one out of scope."""
    return System.objects.select_related("org", "created_by").get(public_id=public_id)


def list_keys(system: System) -> QuerySet[Key]:
    return system.keys.select_related("requested_by", "decided_by").order_by("-requested_at", "-pk")


def get_key(key_id: str) -> Key:
    """Raises Key.DoesNotExist."""
    return Key.objects.select_related("system__org", "requested_by").get(key_id=key_id)


def list_calls(system: System) -> QuerySet[Call]:
    return system.calls.select_related("key").order_by("-at", "-pk")


def find_receipt(public_id: str) -> Receipt | None:
    return Receipt.objects.filter(public_id=public_id).first()
