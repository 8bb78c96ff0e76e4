"""Reads of places, bodies and posts: the front door of ``network``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from hutong.foundation.network import history
from hutong.foundation.network.models import Area, Holding, Org, OrgAlias, Post
from hutong.foundation.queries import Remembered
from hutong.kernel import areas, clock

if TYPE_CHECKING:
    from hutong.foundation.accounts.models import User

DIRECTOR = "VILLAGE_CHILD_DIRECTOR"
SUPERVISOR = "TOWNSHIP_CHILD_SUPERVISOR"
COUNTY = "COUNTY_CA"


def current(day: date | None = None) -> Q:
    """Condition on holdings: in force on the day."""
    on = day or clock.today()
    return Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gt=on))


def list_current_holdings(user: User | int, on: date | None = None) -> QuerySet[Holding]:
    """Posts the person holds on the day, principal ones first. None: the account does not work."""
    held = Holding.objects.filter(current(on), user=user, post__active=True)
    return held.select_related("post", "post__org").order_by("deputy", "post__area_code", "pk")


def list_posts(
    *, role: str | None = None, area_code: str | None = None, below: bool = False, org: Org | None = None
) -> QuerySet[Post]:
    """Active posts by role, body and area; ``below`` takes the area and everything in it."""
    posts = Post.objects.filter(active=True).select_related("org").order_by("area_code", "role", "pk")
    if role:
        posts = posts.filter(role=role)
    if org is not None:
        posts = posts.filter(org=org)
    if area_code:
        lo, hi = areas.bounds(area_code)
        posts = (
            posts.filter(area_code__gte=lo, area_code__lt=hi)
            if below
            else posts.filter(area_code=areas.pad(area_code))
        )
    return posts


def find_post(role: str, area_code: str) -> Post | None:
    """The post of this role over exactly this area; one that somebody holds today goes before a vacant one."""
    return _first(role, [areas.pad(area_code)])


def find_post_above(role: str, area_code: str) -> Post | None:
    """The nearest post of this role going up from a place, the place itself first."""
    return _first(role, list(reversed(areas.ancestors(area_code))))


def find_responsible_director(area_code: str) -> Post | None:
    """The village child director's post for a village; None where the village has none (see ``find_responsible_post``)."""
    return find_post(DIRECTOR, area_code)


def find_supervisor(area_code: str) -> Post | None:
    """Who supervises work in the area, going up: the township supervisor, where there is none the county officer."""
    upwards = list(reversed(areas.ancestors(area_code)))
    return _first(SUPERVISOR, upwards) or _first(COUNTY, upwards)


def find_responsible_post(area_code: str) -> Post | None:
    """Who gets the work of an area: its director, else the supervisor above, so that work always has an owner."""
    return find_responsible_director(area_code) or find_supervisor(area_code)


def responsible_posts(codes: Iterable[str]) -> dict[str, tuple[Post | None, bool]]:
    """Village code → (post that verifies, whether for want of a child director it is the supervisor above).

    One query for all directors; one for each township that lacks one. A post somebody holds goes before a vacant one.
    """
    wanted = sorted(set(codes))
    held = Exists(Holding.objects.filter(current(), post=OuterRef("pk")))
    posts = list_posts(role=DIRECTOR).filter(area_code__in=wanted).annotate(held=held)
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
            above[township] = find_supervisor(code)
        found[code] = (above[township], True)
    return found


def _first(role: str, codes: Sequence[str]) -> Post | None:
    """The post of ``role`` in the first of ``codes`` that has one."""
    places = {f"code{place}": code for place, code in enumerate(codes)}
    found = _posts_over(role=role, day=clock.today(), **places)
    order = {code: place for place, code in enumerate(codes)}
    return min(
        found,
        key=lambda post: (order[post.area_code], not post.held, post.pk),  # type: ignore[attr-defined]
        default=None,
    )


def _over(*, role: str, day: date, **codes: str) -> QuerySet[Post]:
    held = Exists(Holding.objects.filter(current(day), post=OuterRef("pk")))
    posts = Post.objects.filter(active=True, role=role, area_code__in=list(codes.values()))
    return posts.select_related("org").annotate(held=held)


_posts_over = Remembered(_over)


def holder_names(posts: Sequence[int]) -> dict[int, list[str]]:
    """Who holds these posts today, principal first, deputies marked."""
    names: dict[int, list[str]] = {}
    if not posts:
        return names
    keys = {f"post{place}": post for place, post in enumerate(dict.fromkeys(posts))}
    for post, name, deputy in _holders(day=clock.today(), **keys):
        names.setdefault(post, []).append(name + ("（代理）" if deputy else ""))
    return names


def _held_by(*, day: date, **posts: int) -> QuerySet[Holding, tuple[int, str, bool]]:
    held = Holding.objects.filter(current(day), post__in=list(posts.values())).order_by("deputy", "pk")
    return held.values_list("post_id", "user__name", "deputy")


_holders = Remembered(_held_by)


def area_path(code: str) -> str:
    """Full name of a place: '重庆市渝中区…'; for an unknown code the nearest known place with the code beside it."""
    return area_paths([code]).get(areas.pad(code), code)


def area_paths(codes: Sequence[str]) -> dict[str, str]:
    """Full names by padded code, in one query; codes that are no known place are shown with their nearest ancestor.

    A place no longer in force keeps its name and says what it is now: "东镇（现为大东镇）".
    """
    chains = {areas.pad(code): areas.ancestors(code) for code in codes if code}
    wanted = {code for chain in chains.values() for code in chain}
    with (
        connection.cursor() as cursor
    ):  # on nearly every page: building the query would cost more than running it
        cursor.execute("SELECT code, path, valid_to FROM network_area WHERE code = ANY(%s)", [list(wanted)])
        rows = cursor.fetchall()
    known = {code: path for code, path, _ in rows}
    gone = [code for code, _, until in rows if until is not None and code in chains]
    now = history.words_now(gone) if gone else {}
    paths = {}
    for code, chain in chains.items():
        nearest = next((one for one in reversed(chain) if one in known), None)
        name = known.get(nearest, "") if nearest else ""
        paths[code] = f"{name}{now.get(code, '')}" if nearest == code else f"{name}（{code}）"
    return paths


def _below(*, code: str) -> QuerySet[Area, tuple[str, str]]:
    below = Area.objects.filter(parent_code=code, valid_to__isnull=True)
    return below.order_by("code").values_list("code", "name")


_children = Remembered(_below)


def places_to_choose(home: str, chosen: str = "") -> list[tuple[str, str]]:
    """``places_below`` one's own place, and the deeper place already chosen, so that a filter can show it."""
    places = places_below(areas.pad(home))
    if chosen and chosen != home and chosen not in dict(places):
        places.append((chosen, area_path(chosen)))
    return places


def paths_below(home: str, codes: Iterable[str]) -> dict[str, str]:
    """``area_paths`` without the own place's path, which need not be repeated in each row."""
    place = areas.pad(home)
    found = area_paths([place, *codes])
    return {code: path.removeprefix(found[place]) or path for code, path in found.items()}


def places_below(code: str) -> list[tuple[str, str]]:
    """(code, name) of the places directly below, in order of code: for filters."""
    return _children(code=areas.pad(code))


def list_orgs(*, within: str, area_code: str = "", kind: str = "", text: str = "") -> QuerySet[Org]:
    """Bodies in ``within`` (the acting area), of a kind, with ``text`` in the name or an alias."""
    orgs = Org.objects.all()
    for code in filter(None, (within, area_code)):
        lo, hi = areas.bounds(code)
        orgs = orgs.filter(area_code__gte=lo, area_code__lt=hi)
    if kind:
        orgs = orgs.filter(kind=kind)
    if text.strip():
        orgs = orgs.filter(
            Q(name__contains=text.strip())
            | Q(pk__in=OrgAlias.objects.filter(name__contains=text.strip()).values("org"))
        )
    return orgs


def list_posts_with_holders(org: Org) -> list[tuple[Post, list[Holding]]]:
    """The body's active posts, each with those who hold it today, principal first."""
    posts = list(list_posts(org=org))
    held: dict[int, list[Holding]] = {post.pk: [] for post in posts}
    for holding in (
        Holding.objects.filter(current(), post__in=posts).select_related("user").order_by("deputy", "since")
    ):
        held[holding.post_id].append(holding)
    return [(post, held[post.pk]) for post in posts]
