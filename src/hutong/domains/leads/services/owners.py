"""Whose work a lead is at each stage: always a post, never nobody."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from hutong.domains.leads.models import Lead
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Holding, Post
from hutong.kernel import areas


def responsible(codes: Iterable[str]) -> dict[str, tuple[Post | None, bool]]:
    """Village code → (post that verifies, whether for want of a child director it is the supervisor above).

    One query for all directors; one for each township that lacks one. A post somebody holds goes before a vacant one.
    """
    wanted = sorted(set(codes))
    held = Exists(Holding.objects.filter(network.current(), post=OuterRef("pk")))
    posts = network.list_posts(role=network.DIRECTOR).filter(area_code__in=wanted).annotate(held=held)
    directors: dict[str, Post] = {}
    for post in posts.order_by("held", "-pk"):
        directors[post.area_code] = post
    found: dict[str, tuple[Post | None, bool]] = {}
    above: dict[str, Post | None] = {}
    for code in wanted:
        if code in directors:
            found[code] = (directors[code], False)
            continue
        township = areas.parent(code) or code
        if township not in above:
            above[township] = network.find_supervisor(code)
        found[code] = (above[township], True)
    return found


def county(lead: Lead, *, besides: Post | None = None) -> Post:
    """The officer who decides: the county's post, another than ``besides`` where there is one; else the owner stays."""
    upwards = [code for code in reversed(areas.ancestors(lead.area_code)) if code != areas.COUNTRY]
    for code in upwards:
        posts = list(network.list_posts(role=network.COUNTY, area_code=code))
        chosen = [post for post in posts if besides is None or post.pk != besides.pk] or posts
        if chosen:
            return chosen[0]
    return lead.owner_post


def reviewer(lead: Lead, *, besides: Post | None) -> Post:
    """Who reviews a "not true": the supervisor above, unless that post verified itself; then the county."""
    supervisor = network.find_supervisor(lead.area_code)
    if supervisor is not None and (besides is None or supervisor.pk != besides.pk):
        return supervisor
    return county(lead, besides=besides)
