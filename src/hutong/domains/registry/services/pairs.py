"""Finding what may be one person twice, and keeping it once: on creation, on import, by a scan of a range (R-03.01)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse

from hutong.domains.registry.machines import correcting
from hutong.domains.registry.models import Child, Kinship, Pair
from hutong.domains.registry.search import likeness
from hutong.domains.registry.search.likeness import Look, Match
from hutong.foundation.access import vault
from hutong.foundation.access.acting import Acting
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import services as workflow
from hutong.kernel import areas, clock

SUBJECT: Final = "registry.pair"
JUDGE: Final = "registry.pair_judge"
CONFIRM: Final = "registry.pair_confirm"
COMPARED: Final = Q(state__in=["DRAFT", "REGISTERED", "ACTIVE"]) | (Q(state="CLOSED") & ~Q(close_reason=""))
"""Files that count: a merged one stands for its survivor, a voided draft for nothing."""
_PARENTS: Final = ("father", "mother")
Progress = Callable[[int, int, str], None]


def scan(area_code: str, *, actor: Acting | None, by: str = "查找", progress: Progress | None = None) -> int:
    """Compare all files and relatives of an area (by residence or hukou) within the running scope; how many pairs are new."""
    tell = progress or (lambda done, total, note: None)
    lo, hi = areas.bounds(area_code)
    inside = Q(residence_area__gte=lo, residence_area__lt=hi) | Q(hukou_area__gte=lo, hukou_area__lt=hi)
    tell(0, 4, "读取档案")
    looks = looks_of(Child.objects.filter(COMPARED & inside))
    tell(1, 4, f"比较 {len(looks)} 份档案")
    found = list(likeness.matches(looks))
    tell(2, 4, "比较亲属")
    kin = list(likeness.relatives(_relatives([one.key for one in looks])))
    tell(3, 4, f"登记 {len(found) + len(kin)} 对")
    made = keep(found, by=by, actor=actor) + keep_relatives(kin, by=by, actor=actor)
    tell(4, 4, f"新发现 {made} 对")
    return made


def find_around(child: Child, *, by: str) -> int:
    """Compare one file with those of its two counties, also beyond the sight of whoever made it (system scope)."""
    near = Q()
    for code in {areas.county(child.residence_area), areas.county(child.hukou_area)}:
        lo, hi = areas.bounds(code)
        near |= Q(residence_area__gte=lo, residence_area__lt=hi) | Q(hukou_area__gte=lo, hukou_area__lt=hi)
    day = timedelta(days=1)
    ties = Kinship.objects.filter(child=child, relation__in=_PARENTS, until__isnull=True)
    same = (
        Q(birth_date__gte=child.birth_date - day, birth_date__lte=child.birth_date + day)
        | Q(name_pinyin=child.name_pinyin)
        | Q(kinships__person__in=ties.values("person"))
    )
    others = Child.objects.filter(COMPARED & near & same).exclude(pk=child.pk).distinct()
    (own,) = looks_of(Child.objects.filter(pk=child.pk))
    return keep(likeness.matches_of(own, looks_of(others)), by=by, actor=None)


def looks_of(children: Any) -> list[Look]:
    """Children as compared; their numbers are opened in memory only."""
    rows = list(children.values_list("pk", "name", "birth_date", "sex", "public_id", "id_sealed"))
    ties = Kinship.objects.filter(relation__in=_PARENTS, until__isnull=True)
    kin: dict[int, set[Any]] = defaultdict(set)
    for start in range(0, len(rows), 5000):
        keys = [row[0] for row in rows[start : start + 5000]]
        for child_id, person_id in ties.filter(child__in=keys).values_list("child_id", "person_id"):
            kin[child_id].add(person_id)
    return [
        Look(pk, name, born, sex, vault.open(sealed, "registry_child", public_id, "id_number"), frozenset(kin[pk]))
        for pk, name, born, sex, public_id, sealed in rows
    ]  # fmt: skip


def _relatives(children: Sequence[int]) -> list[Look]:
    fields = (
        "person_id",
        "person__name",
        "person__birth_date",
        "person__sex",
        "person__id_sealed",
        "child_id",
    )
    facts: dict[Any, tuple[Any, ...]] = {}
    under: dict[Any, set[int]] = defaultdict(set)
    ties = Kinship.objects.filter(until__isnull=True, person__merged_into__isnull=True)
    for start in range(0, len(children), 5000):
        for row in ties.filter(child__in=children[start : start + 5000]).values_list(*fields):
            facts[row[0]] = row[1:5]
            under[row[0]].add(row[5])
    return [
        Look(key, name, born, sex, vault.open(sealed, "registry_person", key, "id_number"), frozenset(under[key]))
        for key, (name, born, sex, sealed) in facts.items()
    ]  # fmt: skip


@transaction.atomic
def keep(found: Iterable[Match], *, by: str, actor: Acting | None) -> int:
    """Write down the pairs of children not known yet, each with its worklist item; an answered pair does not come back."""
    rows = {(one.first, one.second): one for one in found}
    if not rows:
        return 0
    _one_at_a_time()
    firsts = [first for first, _ in rows]
    known = set(Pair.objects.filter(first__in=firsts).values_list("first_id", "second_id"))
    new = [one for pair, one in rows.items() if pair not in known]
    children = Child.objects.in_bulk({key for one in new for key in (one.first, one.second)})
    made = [
        _pair(one, by, area_code=common_area(_places(children[one.first]), _places(children[one.second])),
              first_id=one.first, second_id=one.second)
        for one in new
    ]  # fmt: skip
    return _write(made, "核对疑似重复档案", actor)


@transaction.atomic
def keep_relatives(found: Iterable[Match], *, by: str, actor: Acting | None) -> int:
    rows = {(one.first, one.second): one for one in found}
    if not rows:
        return 0
    _one_at_a_time()
    firsts = [first for first, _ in rows]
    known = set(
        Pair.objects.filter(first_person__in=firsts).values_list("first_person_id", "second_person_id")
    )
    new = [one for pair, one in rows.items() if pair not in known]
    keys = {key for one in new for key in (one.first, one.second)}
    places = _places_of_people(keys)
    made = [
        _pair(one, by, area_code=common_area(places[one.first], places[one.second]),
              first_person_id=one.first, second_person_id=one.second)
        for one in new
    ]  # fmt: skip
    return _write(made, "核对疑似重复的亲属", actor)


def _pair(match: Match, by: str, **who: Any) -> Pair:
    return Pair(score=match.score, reasons=list(match.reasons), found_by=by[:40], found_at=clock.now(), **who)


def _write(made: list[Pair], title: str, actor: Acting | None) -> int:
    """``title`` names nobody: an item is not bound to one child, and a file may be sealed after it was written."""
    Pair.objects.bulk_create(made, batch_size=500)
    # finding is no answer: whoever ran the search may still confirm a merge
    workflow.begin_many(made, actor=actor, right="child.search", reason="发现疑似重复")
    owners: dict[str, Post | None] = {}
    items = []
    for pair in made:
        if pair.area_code not in owners:
            owners[pair.area_code] = owner_of(pair.area_code)
        owner = owners[pair.area_code]
        if owner is not None:
            items.append(item(pair, JUDGE, title, owner, due("pair_judge_days", pair.area_code), words(pair)))
    workflow.open_items(items=items, actor=actor)
    return len(made)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('registry.pairs'))")


def _places(child: Child) -> set[str]:
    return {child.residence_area, child.hukou_area}


def _places_of_people(keys: Iterable[Any]) -> dict[Any, set[str]]:
    found: dict[Any, set[str]] = defaultdict(set)
    ties = Kinship.objects.filter(person__in=list(keys))
    for key, *codes in ties.values_list("person_id", "child__residence_area", "child__hukou_area"):
        found[key] |= set(codes)
    return found


def common_area(one: set[str], other: set[str]) -> str:
    """The lowest area both belong to, by any of their places."""
    shared = {code for a in one for b in other for code in set(areas.ancestors(a)) & set(areas.ancestors(b))}
    return max(shared, key=lambda code: (areas.LEVELS.index(areas.level(code)), code))


def owner_of(area_code: str) -> Post | None:
    """Who judges: the village's director, the township's supervisor, the county; above the county nobody is asked."""
    match areas.level(area_code):
        case "village":
            return network.find_responsible_post(area_code)
        case "township":
            return network.find_supervisor(area_code)
        case "county":
            return network.find_post(network.COUNTY, area_code)
    return None


def item(pair: Pair, kind: str, title: str, owner: Post, due_on: date, summary: str) -> workflow.NewItem:
    return workflow.NewItem(
        kind=kind, title=title, owner=owner, subject_type=SUBJECT, subject_id=pair.pk, link=link(pair), due_on=due_on,
        area_code=pair.area_code, summary=summary, escalate_to_role="COUNTY_CA" if kind == CONFIRM else "",
    )  # fmt: skip


def due(term: str, area_code: str, start: date | None = None) -> date:
    day = start or clock.today()
    days = correcting.term(term, area_code, day)
    assert days is not None
    return workflow.working_due(day, days)


def words(pair: Pair) -> str:
    return "；".join(likeness.REASONS[code][0] for code in pair.reasons if code in likeness.REASONS)


def link(pair: Pair) -> str:
    return reverse("registry:pair", args=[pair.public_id])


def remember(child: Child, judged: Mapping[int, tuple[int, str]], *, actor: Acting) -> None:
    """What was said when the file was made: these are other children. ``judged``: key → (likeness, why)."""
    for key, (score, why) in judged.items():
        other = Child.objects.get(pk=key)
        first, second = sorted((child.pk, key))
        pair = Pair.objects.create(
            first_id=first, second_id=second, area_code=common_area(_places(child), _places(other)), score=score,
            reasons=[], found_by="建档时核对", found_at=clock.now(),
        )  # fmt: skip
        workflow.begin(pair, actor=actor, right="child.search", reason="建档时核对")
        said = {
            "words": why[:500],
            "answered_label": actor.label,
            "answered_post": actor.post,
            "answered_at": clock.now(),
        }
        workflow.apply(pair, "different", actor=actor, reason=why[:500], fields=said)
