"""Reads of notices: those of the acting post, and no others."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from hutong.foundation.access.acting import Acting
from hutong.foundation.messaging.models import Notice
from hutong.foundation.queries import Number, capped


def list_notices(actor: Acting) -> QuerySet[Notice]:
    """Newest first."""
    return Notice.objects.filter(post=actor.post).order_by("-at", "id")


def get_notice(notice_id: uuid.UUID, actor: Acting) -> Notice:
    """Raises Notice.DoesNotExist."""
    return Notice.objects.get(pk=notice_id, post=actor.post)


count_unread = Number(
    capped("messaging_notice WHERE post_id = %s AND read_at IS NULL"), lambda actor: (actor.post.pk,)
)
"""The number on the bell."""
