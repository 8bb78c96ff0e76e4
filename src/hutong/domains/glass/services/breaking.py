"""Breaking the glass: at once, one file, for a short time, told to everybody concerned (TM-20; R-46.01)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import connection, transaction

from hutong.domains.glass import selectors
from hutong.domains.glass.data import terms
from hutong.domains.glass.models import Opening
from hutong.domains.registry import selectors as registry
from hutong.domains.registry.models import Child
from hutong.foundation.access import vault
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.models import Grant
from hutong.foundation.workflow import services as workflow
from hutong.kernel import clock, ids, names
from hutong.kernel.public_ids import new_public_id

OPENED: Final = "glass.opened"
KIND: Final = "glass"


class Refused(Exception):
    """A sentence for the user; ``field`` names the field it belongs to."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.field = sentence, field


@dataclass(frozen=True, slots=True)
class Opened:
    """``opening`` None: the file lies in the actor's own range, nothing had to be broken."""

    child_public_id: str
    opening: Opening | None


@transaction.atomic
def open_file(*, actor: Acting, number: str, name: str, reason: str, words: str) -> Opened:
    """Show the actor one file beyond their range from now on. Refused: nothing was opened, and why.

    ``number``: file number or ID number; it and the name must both fit, so that nobody finds a file by trying.
    """
    actor.check("glass.break")
    today = clock.today()
    why, words = terms.reasons(today).get(reason), " ".join(words.split())
    if why is None:
        raise Refused("请选择紧急情况的种类。", "reason")
    least = terms.value("least_words", today)
    if len(words) < least:
        raise Refused(f"请写明情况（至少 {least} 个字）：儿童现在怎样、在哪里、谁要求查阅。", "words")
    name = names.clean(name)
    own = _find_own(number, name)
    if own is not None:
        return Opened(own.public_id, None)
    late = selectors.list_overdue(actor)
    if late and not why.danger:
        raise Refused(
            f"您有 {len(late)} 次紧急查阅逾期未复核，复核之前不能再次紧急查阅；儿童有生命危险的除外。请催办复核，或致电儿童所在地民政部门。",
            "reason",
        )
    made = _break(actor, number, name, reason, words, danger=why.danger)
    if made is None:
        raise Refused(
            "没有找到姓名和号码都相符的档案。请核对后再试；仍找不到的，请直接联系儿童所在地民政部门或拨打 110。",
            "number",
        )
    opening_id, child_public_id = made
    opening = Opening.objects.get(public_id=opening_id)
    workflow.announce(event=OPENED, payload={"opening": opening.pk}, key=f"{OPENED}:{opening.pk}")
    return Opened(child_public_id, opening)


def _find_own(number: str, name: str) -> Child | None:
    found = registry.find_by_id_number(number) or registry.find_by_file_no(number.strip().upper())
    return found if found is not None and found.name == name else None


def _break(
    actor: Acting, number: str, name: str, reason: str, words: str, *, danger: bool
) -> tuple[str, str] | None:
    now = clock.now()
    until = now + timedelta(minutes=terms.value("minutes", now.date()))
    due = workflow.working_due(now.date(), terms.value("review_working_days", now.date()))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT opened, child FROM glass_open(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                vault.token(ids.normalise(number), "id"), number.strip().upper(), name, new_public_id(), reason,
                words[:300], danger, actor.label, now, until, due,
            ],
        )  # fmt: skip
        row = cursor.fetchone()
    return (row[0], row[1]) if row else None


@transaction.atomic
def end(*, opening: Opening, actor: Acting) -> Opening:
    """Done before the time is over. Twice is once."""
    if opening.user_id != actor.user.pk:
        raise Refused("只有查阅人本人可以提前结束。")
    now = clock.now()
    if opening.ended_at is None and opening.until > now:
        Grant.objects.filter(kind=KIND, ref=opening.public_id, user=actor.user, until__gt=now).update(
            until=now
        )
        opening.ended_at = now
        opening.save(update_fields=["ended_at"])
    return opening
