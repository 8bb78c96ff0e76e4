"""Documents, clauses and the register of reviews, under the reader's scope (drafts: row security)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from hutong.domains.library.machines.document import PUBLIC, PUBLISHED, WITHDRAWN
from hutong.domains.library.models import Clause, Document, Link, Relation, Review
from hutong.foundation.access.acting import Acting
from hutong.kernel import areas


def in_force(day: date) -> Q:
    """Condition on documents: valid on the day and not replaced by one that is. A begin nobody has on record does not exclude."""
    replaced = Relation.objects.filter(
        Q(document__valid_from__isnull=True) | Q(document__valid_from__lte=day),
        target=OuterRef("pk"), kind=Relation.Kind.REPLACES, document__state__in=PUBLIC,
    )  # fmt: skip
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    return begun & lasting & ~Q(Exists(replaced))


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters of the shelf; ``day`` None: whatever was ever in force."""

    day: date | None = None
    area: str = ""
    level: str = ""


def list_public(asked: Asked) -> QuerySet[Document]:
    """What everybody reads, the widest and newest first."""
    found = Document.objects.filter(state__in=PUBLIC)
    if asked.day:
        found = found.filter(in_force(asked.day))
    if asked.area:
        found = found.filter(applies_area__in=areas.ancestors(asked.area))
    if asked.level:
        found = found.filter(level=asked.level)
    return found.order_by("applies_area", "-valid_from", "pk")


def list_drafts(actor: Acting) -> QuerySet[Document]:
    """The office's own documents that are not on the shelf (library.edit)."""
    mine = Document.objects.filter(key="", area_code__gte=actor.scope.lo, area_code__lt=actor.scope.hi)
    return mine.exclude(state__in=(*PUBLIC, WITHDRAWN)).order_by("-made_at", "-pk")


def get_document(public_id: str, actor: Acting) -> Document:
    """A public one, or a draft of the actor's range for those who may edit. Raises Document.DoesNotExist."""
    found = Document.objects.select_related("made_post").get(public_id=public_id)
    if found.state not in PUBLIC and not actor.may("library.edit"):
        raise Document.DoesNotExist
    return found


def get_clause(document: Document, public_id: str) -> Clause:
    return document.clauses.get(public_id=public_id)


def list_clauses(document: Document) -> list[Clause]:
    return list(document.clauses.prefetch_related("links"))


def whole_links(document: Document) -> list[Link]:
    """What the document as a whole decides, where no clause says it nearer."""
    return list(document.links.filter(clause__isnull=True).order_by("kind", "name"))


def list_relations(document: Document) -> tuple[list[Relation], list[Relation]]:
    """(what it does to others, what others do to it); those of drafts only as row security shows them."""
    own = document.relations.select_related("target").order_by("kind", "target__number")
    others = (
        document.related_by.filter(document__state__in=PUBLIC)
        .select_related("document")
        .order_by("kind", "pk")
    )
    return list(own), list(others)


def list_reviews(*, open_only: bool = False) -> QuerySet[Review]:
    """The office's own register."""
    found = Review.objects.select_related("document")
    found = found.filter(done_on__isnull=True) if open_only else found
    return found.order_by("done_on", "due_on", "pk")


def reviews_of(document: Document) -> list[Review]:
    return list(document.reviews.order_by("-made_on", "-pk"))


def get_review(public_id: str) -> Review:
    return Review.objects.select_related("document").get(public_id=public_id)


def articles_of(kind: str, name: str, day: date) -> list[Link]:
    """Clauses and documents that decide a rule, parameter or programme, in force first."""
    found = (
        Link.objects.filter(kind=kind, name=name, document__state__in=PUBLIC)
        .select_related("document", "clause")
        .order_by("document__applies_area", "document__valid_from", "clause__position")
    )
    live = set(
        Document.objects.filter(in_force(day), pk__in=[one.document_id for one in found]).values_list(
            "pk", flat=True
        )
    )
    return sorted(found, key=lambda one: one.document_id not in live)


def unlinked_clauses() -> QuerySet[Clause]:
    """Public clauses that decide nothing the platform knows."""
    return (
        Clause.objects.filter(document__state=PUBLISHED, links__isnull=True)
        .select_related("document")
        .order_by("document__applies_area", "document__pk", "position")
    )


def linked_names(kind: str) -> dict[str, int]:
    """Name → how many public clauses or documents speak of it."""
    rows = Link.objects.filter(kind=kind, document__state__in=PUBLIC).values("name").annotate(n=Count("pk"))
    return {row["name"]: row["n"] for row in rows}


def stale_links(known: dict[str, dict[str, str]]) -> list[Link]:
    """Links of an office's documents to what the release no longer has."""
    found = Link.objects.select_related("document", "clause").order_by("document_id", "pk")
    return [one for one in found if one.name not in known.get(one.kind, {})]
