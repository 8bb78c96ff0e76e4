"""The register of the release, brought into the tables: by key, again after each release (ADR 0036)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from hutong.domains.library.machines.document import PUBLISHED
from hutong.domains.library.models import Clause, Document, Link, Relation, Review
from hutong.domains.policy import selectors as policy
from hutong.foundation.access.scope import because, system_scope, use_scope
from hutong.kernel import areas, clock

MAKER = "平台发布"


@dataclass(frozen=True, slots=True)
class Loaded:
    documents: int
    clauses: int
    links: int
    gone: int


def load() -> Loaded:
    """Everything the register says stands in the tables afterwards, and nothing of an earlier release that it no longer says.

    A document that is gone from the register but has reviews stays, out of force from today.
    """
    register = policy.list_instruments()
    with use_scope(system_scope("装入政策文件")), transaction.atomic(), because("装入平台发布的政策文件"):
        known = {one.key: one for one in Document.objects.exclude(key="")}
        documents = {key: _document(one, known.get(key)) for key, one in register.items()}
        gone = [one for key, one in known.items() if key not in register]
        _leave(gone)
        _relations(register, documents)
        clauses = {key: _clauses(documents[key], one) for key, one in register.items()}
        links = _links(register, documents, clauses)
    return Loaded(len(documents), sum(map(len, clauses.values())), links, len(gone))


def _document(said: policy.Instrument, held: Document | None) -> Document:
    values = {
        "number": said.number,
        "title": said.title,
        "issuer": said.issuer,
        "level": said.level,
        "applies_area": areas.pad(said.area) if said.area else areas.COUNTRY,
        "issued_on": said.issued.on if said.issued else None,
        "valid_from": said.start.on if said.start else None,
        "valid_to": said.end,
        "day_known": said.start is None or said.start.exact,
        "issue_known": said.issued is None or said.issued.exact,
        "unchecked": bool(said.mark),
        "words": list(said.words),
        "state": PUBLISHED,
        "area_code": areas.COUNTRY,
        "made_label": MAKER,
    }
    document = held or Document(
        key=said.key, made_at=clock.now(), published_at=clock.now(), published_label=MAKER
    )
    changed = held is None or any(getattr(held, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(document, name, value)
    if changed:
        document.save()
    return document


def _clauses(document: Document, said: policy.Instrument) -> dict[str, Clause]:
    """By number or heading, kept where they are the same so that what points at them goes on pointing."""
    held = {one.number or one.heading: one for one in document.clauses.all()}
    found = {}
    for position, one in enumerate(said.clauses, 1):
        name = one.number or one.heading
        values = {
            "position": position, "number": one.number, "heading": one.heading, "summary": one.text, "words": list(one.words),
        }  # fmt: skip
        clause = held.pop(name, None)
        if clause is None or any(getattr(clause, key) != value for key, value in values.items()):
            clause = clause or Clause(document=document)
            for key, value in values.items():
                setattr(clause, key, value)
            clause.save()
        found[name] = clause
    Clause.objects.filter(pk__in=[one.pk for one in held.values()]).delete()
    return found


def _relations(register: Mapping[str, policy.Instrument], documents: Mapping[str, Document]) -> None:
    wanted = {
        (documents[key].pk, documents[other].pk, kind)
        for key, one in register.items()
        for kind, other in one.relations
    }
    held = {
        (one.document_id, one.target_id, one.kind): one.pk
        for one in Relation.objects.filter(document__in=documents.values())
    }
    Relation.objects.filter(pk__in=[pk for key, pk in held.items() if key not in wanted]).delete()
    Relation.objects.bulk_create(
        Relation(document_id=a, target_id=b, kind=kind) for a, b, kind in sorted(wanted - set(held))
    )


def _links(
    register: Mapping[str, policy.Instrument], documents: Mapping[str, Document], clauses: Mapping[str, Mapping[str, Clause]]
) -> int:  # fmt: skip
    """What the register says of a clause, and what rules, packs and programmes cite."""
    wanted: set[tuple[int, int | None, str, str]] = set()
    told: set[tuple[str, str, str]] = set()
    for key, one in register.items():
        for clause in one.clauses:
            held = clauses[key][clause.number or clause.heading].pk
            for kind, names in (
                ("rule", clause.rules),
                ("param", clause.params),
                ("programme", clause.programmes),
            ):
                wanted |= {(documents[key].pk, held, kind, name) for name in names}
                told |= {(key, kind, name) for name in names}
    for (kind, name), citations in policy.sources().items():
        for key, number in _cited(citations):
            if number:
                wanted.add((documents[key].pk, clauses[key][number].pk, kind, name))
            elif (key, kind, name) not in told:  # the document as a whole, where no clause says it nearer
                wanted.add((documents[key].pk, None, kind, name))
    held_links = {
        (one.document_id, one.clause_id, one.kind, one.name): one.pk
        for one in Link.objects.filter(document__in=documents.values())
    }
    Link.objects.filter(pk__in=[pk for key, pk in held_links.items() if key not in wanted]).delete()
    fresh = sorted(wanted - set(held_links), key=lambda one: (one[0], one[1] or 0, *one[2:]))
    Link.objects.bulk_create(
        Link(document_id=a, clause_id=b, kind=kind, name=name) for a, b, kind, name in fresh
    )
    return len(wanted)


def _cited(citations: Iterable[str]) -> set[tuple[str, str]]:
    """(key, the clause's number or heading, '' for the whole)."""
    return {
        (one.instrument.key, (one.found.number or one.found.heading) if one.found else "")
        for said in citations
        for one in policy.resolved(said).references
    }


def _leave(gone: list[Document]) -> None:
    reviewed = set(Review.objects.filter(document__in=gone).values_list("document_id", flat=True))
    related = set(
        Relation.objects.filter(target__in=gone, document__key="").values_list("target_id", flat=True)
    )
    for one in gone:
        if one.pk in reviewed | related:
            Document.objects.filter(pk=one.pk).update(
                valid_to=one.valid_to or max(clock.today(), one.valid_from or clock.today())
            )
        else:
            Relation.objects.filter(target=one).delete()
            one.delete()
