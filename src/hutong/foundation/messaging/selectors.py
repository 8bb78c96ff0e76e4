"""Reads of notices: those of the acting post, and no others."""

from __future__ import annotations

import uuid

from django.db import connection
from django.db.models import QuerySet

from hutong.foundation.access.acting import Acting
from hutong.foundation.messaging.models import Notice


def list_notices(actor: Acting) -> QuerySet[Notice]:
    """Newest first."""
    return Notice.objects.filter(post=actor.post).order_by("-at", "id")


def get_notice(notice_id: uuid.UUID, actor: Acting) -> Notice:
    """Raises Notice.DoesNotExist."""
    return Notice.objects.get(pk=notice_id, post=actor.post)


def count_unread(actor: Acting) -> int:
    """The number on the bell."""
    with connection.cursor() as cursor:  # on every page: building the query would cost more than running it
        cursor.execute(
            "SELECT count(*) FROM messaging_notice WHERE post_id = %s AND read_at IS NULL", [actor.post.pk]
        )
        return int(cursor.fetchone()[0])
