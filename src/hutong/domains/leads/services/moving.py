"""Leads follow a child to a new place (R-03.07): the responsible village, the copied hukou, whoever must act."""

from __future__ import annotations

from hutong.domains.leads.models import Lead
from hutong.domains.leads.services import receiving
from hutong.domains.registry.models import Child
from hutong.foundation.access.scope import because
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow.models import OPEN, WorkItem


def follow(child_id: int) -> int:
    """Write the child's places into her leads, and into live ones the post that now holds them; how many changed.

    Under a system scope, after the worklist items have been handed over. Ended leads go along: what was found and
    answered belongs to the file, and the next run must see it. Days and evidence stay.
    """
    child = Child.objects.get(pk=child_id)
    post, above = network.responsible_posts([child.residence_area])[child.residence_area]
    changed = 0
    with because("儿童转移，线索随档案移交"):
        for lead in Lead.objects.filter(child=child).select_related("owner_post"):
            fields: dict[str, object] = {
                "area_code": child.residence_area, "hukou_area": child.hukou_area
            }  # fmt: skip
            if lead.live and post is not None:
                holder = _holder(lead)
                fields |= {"owner_post": holder or post, "no_director": above}
            changed += Lead.objects.filter(pk=lead.pk).update(**fields)
    return changed


def _holder(lead: Lead) -> object | None:
    """Who has the verification on the worklist; none when it is past that."""
    item = WorkItem.objects.filter(
        OPEN, subject_type=receiving.SUBJECT, subject_id=lead.pk, kind=receiving.VERIFY
    )
    found = item.select_related("owner_post").first()
    return found.owner_post if found else None
