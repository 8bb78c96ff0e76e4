"""Open work follows a child to a new place: handed over by the engine, none lost (R-03.07)."""

from __future__ import annotations

from hutong.domains.registry.models import Child
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.models import OPEN, WorkItem
from hutong.kernel import areas


def follow(child: Child, *, what: str, from_area: str, to_area: str) -> int:
    """Hand over the child's open items whose owner answered for ``from_area``; how many changed hands.

    Under a system scope. An owner whose range holds the new place too keeps its items; a director's go to the post
    responsible there, a supervisor's and a county's to the same role above the new place.
    """
    stays = child.residence_area if what == "hukou" else ""
    items = list(WorkItem.objects.filter(OPEN, child_id=child.pk).select_related("owner_post"))
    handed = 0
    for item in items:
        owner = item.owner_post
        if not areas.contains(owner.area_code, from_area) or (
            stays and areas.contains(owner.area_code, stays)
        ):
            continue
        to = successor(owner, to_area)
        handed += workflow.hand_over(item, to=to, area_code=to_area, reason="儿童转移，随档案移交")
    return handed


def successor(post: Post, place: str) -> Post:
    """Who does for ``place`` what ``post`` did: itself if it covers the place, else the same role there, else whoever answers."""
    if areas.contains(post.area_code, place):
        return post
    return network.find_post_above(post.role, place) or network.find_responsible_post(place) or post
