"""What waits for named persons: raised by anybody, read and finished by them alone."""

from __future__ import annotations

from django.db import connection, transaction

from hutong.domains.compartments.models import Matter
from hutong.domains.compartments.permissions import check_can_open
from hutong.domains.compartments.services.errors import Refused
from hutong.foundation.access.acting import Acting
from hutong.kernel import clock
from hutong.kernel.public_ids import new_public_id


def raise_matter(
    *, compartment: str, area_code: str, words: str, key: str, link: str = "", child_id: int | None = None
) -> None:
    """Put something before the named persons. Anybody may; nobody outside can read it back. ``key`` makes it one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT compartments_raise_matter(%s, %s, %s, %s, %s, %s, %s)",
            [new_public_id(), compartment, area_code, child_id, words[:120], link, key],
        )


@transaction.atomic
def settle_matter(*, key: str, actor: Acting, outcome: str) -> None:
    """What waited under ``key`` is done, if it is open and the actor may see it."""
    done = {"done_at": clock.now(), "done_by": actor.user, "outcome": outcome[:200]}
    Matter.objects.filter(key=key, done_at__isnull=True).update(**done)


@transaction.atomic
def finish_matter(matter: Matter, *, actor: Acting, outcome: str) -> Matter:
    """The named person has dealt with what waited."""
    check_can_open(actor, matter.compartment)
    if not outcome.strip():
        raise Refused("请写明办理结果。", "outcome")
    done = {"done_at": clock.now(), "done_by": actor.user, "outcome": outcome.strip()[:200]}
    if Matter.objects.filter(pk=matter.pk, done_at__isnull=True).update(**done) != 1:
        raise Refused("这一事项已经办结，请刷新后再看。")
    for name, value in done.items():
        setattr(matter, name, value)
    return matter
