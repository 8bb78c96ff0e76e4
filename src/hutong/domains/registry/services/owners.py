"""Who decides about a file at a level: always a post, another than the asker's where there is one."""

from __future__ import annotations

from hutong.domains.registry.machines.correcting import Level
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Post
from hutong.kernel import areas


def decider(area_code: str, level: Level, *, besides: Post) -> Post | None:
    """The township's supervisor, or the county officer where the level asks for it or the supervisor is the asker."""
    if level == "township":
        supervisor = network.find_supervisor(area_code)
        if supervisor is not None and supervisor.pk != besides.pk:
            return supervisor
    return county(area_code, besides=besides)


def county(area_code: str, *, besides: Post) -> Post | None:
    """A county officer's post; the asker's own only where the county has no other (another holder then decides)."""
    posts = list(network.list_posts(role=network.COUNTY, area_code=areas.county(area_code)))
    return next((post for post in posts if post.pk != besides.pk), posts[0] if posts else None)


def common_level(*codes: str) -> Level | None:
    """The lowest deciding level that covers all these places; None where they lie in different counties."""
    counties = {areas.county(code) for code in codes}
    if len(counties) > 1:
        return None
    townships = {code[:9] for code in codes}
    return "township" if len(townships) == 1 and "000" not in {one[6:9] for one in townships} else "county"
