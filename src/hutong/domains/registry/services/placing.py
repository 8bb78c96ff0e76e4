"""After a village or township was split: each child goes to one of the new places, said by a person, never guessed (N12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from hutong.domains.registry import events
from hutong.domains.registry.models import Child
from hutong.domains.registry.services import indexing, moving, terms
from hutong.domains.registry.services.errors import Refused
from hutong.foundation.access.acting import Acting
from hutong.foundation.network import history
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import areas, clock

SUBJECT = "registry.place"
ASSIGN = "registry.assign_place"
COLUMNS = {"residence_area": "residence", "hukou_area": "hukou"}
_IN_CARE = ("DRAFT", "REGISTERED", "ACTIVE", "MOVED_OUT")


def choices(child: Child) -> dict[str, list[str]]:
    """Column → the places it may go to, for those of the child's two places that were split."""
    ends = history.successors({child.residence_area, child.hukou_area})
    return {
        column: ends[areas.pad(getattr(child, column))]
        for column in COLUMNS
        if len(ends[areas.pad(getattr(child, column))]) > 1
    }


def ask_for(code: str, targets: Sequence[str]) -> int:
    """Put every child filed under a split place on the worklist of whoever covers all of the new ones; how many.

    Under a system scope, in the handler of the change.
    """
    owner = _owner(code, targets)
    children = Child.objects.filter(Q(residence_area=code) | Q(hukou_area=code), state__in=_IN_CARE)
    due = terms.working_due("assign_place_days", clock.today())
    path = network.area_path(code)
    items = [
        workflow.NewItem(
            kind=ASSIGN, title=f"落实新区划：{child.name}", owner=owner, subject_type=SUBJECT, subject_id=child.pk,
            link=reverse("registry:assign_place", args=[child.public_id]), due_on=due, area_code=code, child_id=child.pk,
            summary=f"{path}，请核对后选定新的村（社区）。"[:200], escalate_to_role=network.COUNTY,
        )
        for child in children.order_by("file_no")
    ] if owner else []  # fmt: skip
    workflow.open_items(items=items, actor=None)
    return len(items)


def _owner(code: str, targets: Sequence[str]) -> Post | None:
    """The nearest supervisor or county whose places hold the old and all the new codes."""
    for above in reversed(areas.ancestors(code)[:-1]):
        if all(areas.contains(above, one) for one in targets):
            return network.find_supervisor(above)
    return None


@transaction.atomic
def assign(child: Child, *, actor: Acting, places: Mapping[str, str]) -> Child:
    """Write the chosen place(s); open work follows by the announcement. Raises Refused, NotNow."""
    actor.check("move.approve")
    held = Child.objects.select_for_update().get(pk=child.pk)
    offered = choices(held)
    if not offered:
        raise NotNow("这名儿童的区划已经落实，可能已有人先行办理。请刷新后再看。")
    changes = []
    for column, known in offered.items():
        place = areas.pad(places[column]) if places.get(column) else ""
        if place not in known:
            raise Refused("请在分设后的地方中选择一个。", column)
        changes.append([COLUMNS[column], getattr(held, column), place])
    for what, _, place in changes:
        moving.rehome(held, what, place, reason="区划分设，逐人落实")
    workflow.close_items(subject_type=SUBJECT, subject_id=held.pk, actor=actor, outcome="已落实新区划")
    workflow.announce(
        event=events.PLACED,
        payload={"child_id": held.pk, "changes": changes},
        key=f"placed:{held.pk}:{held.version}",
    )
    return held


def reindex(children: Sequence[int]) -> None:
    """Make the search find refiled children under their new places. Under a system scope."""
    for start in range(0, len(children), 1000):
        indexing.index(Child.objects.filter(pk__in=children[start : start + 1000]))


def count_by_residence(codes: Sequence[str]) -> dict[str, int]:
    """How many files stand exactly under each code, for whoever reviews a change of places."""
    found: dict[str, int] = dict.fromkeys(codes, 0)
    rows = Child.objects.filter(residence_area__in=codes).values_list("residence_area", flat=True)
    for code in rows:
        found[code] += 1
    return found
