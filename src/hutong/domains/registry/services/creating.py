"""Making a file: once per child (R-03.01), with or without an ID number (R-03.08)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

from hutong.domains.registry.models import Child, Gram, Judgement
from hutong.domains.registry.search import grams
from hutong.domains.registry.services import filing, identity, indexing, pairs
from hutong.domains.registry.services.errors import Candidate, Doubles, Refused
from hutong.foundation.access.acting import Acting
from hutong.foundation.workflow import services as workflow
from hutong.kernel import areas, names

PLAIN = (
    "sex", "birth_date", "ethnic", "hukou_area", "residence_area", "rural", "lives_with", "place",
    "school", "full_time", "single", "entrusted", "adopted", "was",
)  # fmt: skip
PAYEE = ("payee_name", "payee_bank", "payee_account")
"""Where the money goes: told together or not at all."""
SAID = (*PLAIN, "address", "phone", *PAYEE)
"""What a file says in fields of its own, besides name and document; address, phone and account number are sealed under the
names they have."""
_LIKELY = 0.70
_SAME_NAME = 0.92


def create_child(
    *, actor: Acting, facts: Mapping[str, Any], form_key: str = "", judgements: Mapping[str, str] | None = None,
    submit: bool = False,
) -> Child:  # fmt: skip
    """A new file in DRAFT (or REGISTERED with ``submit``).

    ``facts``: fields of ``Child`` by name, with ``id_number`` and ``phone`` in clear. ``judgements``: public id of a
    likely double → why it is another child; every candidate needs one. ``form_key`` makes a second click harmless.
    Raises Taken, Doubles, Refused.
    """
    actor.check("child.create")
    if form_key and (made := _made_before(form_key)):
        return made
    child, number = _prepared(actor, facts, form_key)
    identity.check_free(number)
    candidates = list_candidates(child)
    given = {key: text.strip() for key, text in (judgements or {}).items()}
    if any(len(given.get(one.child.public_id, "")) < 4 for one in candidates):
        raise Doubles(candidates)
    try:
        with transaction.atomic():
            child.file_no = next_file_no(child.residence_area)
            child.save(force_insert=True)
            _after(child, actor, candidates, given)
    except IntegrityError:
        if form_key and (made := _made_before(form_key)):
            return made
        identity.check_free(number)
        raise
    return filing.register(child, actor=actor) if submit else child


def _made_before(form_key: str) -> Child | None:
    return Child.objects.filter(form_key=form_key).first()


def _prepared(actor: Acting, facts: Mapping[str, Any], form_key: str) -> tuple[Child, str]:
    name = identity.check_person_facts(str(facts["name"]), facts["birth_date"])
    identity.check_places(actor, facts["hukou_area"], facts["residence_area"])
    kind = facts.get("id_kind") or ("RESIDENT" if facts.get("id_number") else "NONE")
    number = identity.read_number(
        kind, facts.get("id_number") or "", sex=facts["sex"], birth_date=facts["birth_date"]
    )
    child = Child(id_kind=kind, form_key=form_key or None, created_by=actor.user)
    for field in SAID:
        if facts.get(field) is not None:
            setattr(child, field, facts[field])
    identity.set_name(child, name)
    child.seal_id(number)
    return child, number


def _after(child: Child, actor: Acting, candidates: list[Candidate], given: Mapping[str, str]) -> None:
    indexing.index([child])
    workflow.begin(child, actor=actor, right="child.create", reason="建档")
    for one in candidates:
        Judgement.objects.create(
            child=child,
            candidate=one.child,
            likeness=one.likeness,
            reason=given[one.child.public_id][:200],
            by_label=actor.label,
        )
    judged = {one.child.pk: (one.likeness, given[one.child.public_id][:200]) for one in candidates}
    pairs.remember(child, judged, actor=actor)


def next_file_no(area_code: str) -> str:
    """The next free file number of the county: H + county (6) + running number (7)."""
    try:
        county = areas.county(area_code)[:6]
    except areas.AreaCodeError as error:
        raise Refused("居住地请选到乡镇或村，至少到区县。", "residence_area") from error
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT registry_file_number(%s)", [county])
            number = f"H{county}{cursor.fetchone()[0]:07d}"
        if not identity.known_children([], [number])[1]:
            return number


def list_candidates(child: Child, limit: int = 8) -> list[Candidate]:
    """Files within sight that may be the same child, likeliest first: by name and birth date."""
    near = Child.objects.filter(
        birth_date__gte=child.birth_date - timedelta(days=1),
        birth_date__lte=child.birth_date + timedelta(days=1),
    ).exclude(pk=child.pk)
    found: dict[int, Candidate] = {}
    for judge, others in (
        (_judge_near, near.select_related("merged_into")),
        (_judge_name, _same_name(child)),
    ):
        for one in others:
            # of a merged file the survivor is opened; out of sight it is somebody else's to judge
            kept = one.merged_into or one
            if kept.pk in found or one.pk == child.pk or kept.state == "MERGED":
                continue
            if candidate := judge(child, one):
                found[kept.pk] = Candidate(kept, candidate.likeness, candidate.why)
    return sorted(found.values(), key=lambda one: -one.likeness)[:limit]


def _judge_near(child: Child, other: Child) -> Candidate | None:
    likeness = names.similarity(child.name, other.name)
    if likeness < _LIKELY or (child.id_token and other.id_token and likeness < _SAME_NAME):
        return None
    same_day = child.birth_date == other.birth_date
    words = "姓名相同" if likeness == 1 else "姓名相近"
    return Candidate(
        other,
        round(likeness * (100 if same_day else 95)),
        f"{words}，出生日期{'相同' if same_day else '相差一天'}",
    )


def _same_name(child: Child) -> list[Child]:
    words = grams.asked(child.name)
    hits = Gram.objects.filter(gram=words[0]).order_by("gram", "area_code", "child_id")
    pks = hits.values_list("child_id", flat=True)[:500]
    return list(Child.objects.filter(pk__in=list(pks), name=child.name).select_related("merged_into"))


def _judge_name(child: Child, other: Child) -> Candidate | None:
    if child.id_token and other.id_token:
        return None  # two different numbers and two different birthdays: two children
    same_county = areas.county(child.residence_area) == areas.county(other.residence_area)
    if not same_county or abs((child.birth_date - other.birth_date).days) > 366:
        return None
    return Candidate(other, 75, "同县同名，出生日期相差不到一年")
