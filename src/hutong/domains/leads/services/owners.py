"""Whose work a lead is at each stage: always a post, never nobody."""

from __future__ import annotations

from hutong.domains.leads.models import Lead
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Post
from hutong.kernel import areas


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
