"""Every way of finding a child, timed in process: run by ``pages.py`` once as the web role and once as the owner.

The owner passes row security by, so its queries carry the acting range as an explicit condition: the same rows.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from typing import Any, Final

import world

SCOPES: Final = ("village", "county", "province")
KINDS: Final = (
    "name",
    "two characters",
    "pinyin",
    "initials",
    "last four",
    "whole number",
    "kin",
    "village",
    "village and surname",
    "nobody",
)
AGAIN: Final = 3


def homes(scope: str, size: world.Size, rng: random.Random) -> str:
    """Area code of a random place of that level."""
    village = world.village_code(rng.randrange(size.villages))
    return {"village": village, "county": village[:6] + "000000", "province": "990000000000"}[scope]


def child_in(area: str, size: world.Size, rng: random.Random) -> int:
    """A random child living in the area."""
    while True:
        village = rng.randrange(size.villages)
        if area.endswith("0000000000"):
            break
        if area.endswith("000000"):
            county = (int(area[2:4]) - 1) * 10 + int(area[4:6]) - 1
            village = county * world.TOWNSHIPS * world.VILLAGES + village % (world.TOWNSHIPS * world.VILLAGES)
        else:
            county = (int(area[2:4]) - 1) * 10 + int(area[4:6]) - 1
            village = (
                (county * world.TOWNSHIPS + int(area[6:9]) - 101) * world.VILLAGES + int(area[9:12]) - 201
            )
        break
    first = village * pow(world._VILLAGE_STEP, -1, size.villages) % size.villages
    found = range(first or size.villages, size.children + 1, size.villages)
    return rng.choice(found) if found else 1


def asked(kind: str, child: int, size: world.Size, pool: list[str], rng: random.Random) -> str:
    """What somebody looking for the child types."""
    from hutong.kernel import names

    name = world.child_name(child, pool)
    makers: dict[str, Callable[[], str]] = {
        "name": lambda: name,
        "two characters": lambda: name[:2],
        "pinyin": lambda: names.pinyin(name),
        "initials": lambda: names.initials(name),
        "last four": lambda: world.number(child, size)[-4:],
        "whole number": lambda: world.number(child, size),
        "kin": lambda: world.parent_name(child, rng.choice((1, 2)), pool),
        "village": lambda: world.village_name(world.lives_in(child, size)),
        "village and surname": lambda: f"{world.village_name(world.lives_in(child, size))} {name[0]}",
        "nobody": lambda: rng.choice("鑫犇淼") + rng.choice("焱垚骉") + rng.choice("赑羴"),
    }
    return makers[kind]()


def run(children: int, times: int) -> None:
    """Print one line of JSON: (scope, kind) → seconds p50, p95, the worst query and its best time when repeated."""
    import django

    django.setup()
    from django.conf import settings

    from hutong.domains.registry.search import finding
    from hutong.foundation.access.acting import acting_as
    from hutong.foundation.access.scope import use_scope
    from hutong.foundation.network.models import Holding

    size, pool, rng = world.Size(children), world.name_pool(), random.Random(world.SEED)
    found: dict[str, Any] = {}
    for scope in SCOPES:
        seconds: dict[str, list[tuple[float, str, str]]] = {kind: [] for kind in KINDS}
        places = {homes(scope, size, rng) for _ in range(10)}
        hits = 0
        for place in sorted(places):
            holding = Holding.objects.select_related("post", "user").get(post__area_code=place)
            actor = acting_as(holding)

            def once(text: str, kind: str, actor: Any = actor) -> tuple[float, int]:
                bounded = settings.DB_AS_OWNER and "village" not in kind
                began = time.perf_counter()
                result = finding.search(text, actor, area=actor.post.area_code if bounded else "")
                return time.perf_counter() - began, len(result.hits)

            with use_scope(actor.scope):
                once("王小", "name")  # the first query of a connection pays for its start
                for kind in KINDS:
                    for _ in range(times // len(places)):
                        text = asked(kind, child_in(place, size, rng), size, pool, rng)
                        took, many = once(text, kind)
                        hits += many
                        seconds[kind].append((took, text, place))
                    worst = max(seconds[kind])
                    if worst[2] == place:  # a scan stays slow, a hiccup does not
                        again = min([worst[0], *(once(worst[1], kind)[0] for _ in range(AGAIN))])
                        found[f"{scope}/{kind}/again"] = (again, worst[1])
        for kind in KINDS:
            every = sorted(one[0] for one in seconds[kind])
            found[f"{scope}/{kind}"] = (every[len(every) // 2], every[int(len(every) * 0.95)], every[-1])
        found[f"{scope}/hits"] = hits
    print(json.dumps(found, ensure_ascii=False))
