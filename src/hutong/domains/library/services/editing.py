"""Putting a draft in order: its head, its clauses, what they decide, how it stands to others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from hutong.domains.library.models import Clause, Document, Link, Relation
from hutong.domains.library.permissions import check_can_edit
from hutong.domains.library.services.errors import LibraryRefused
from hutong.domains.policy import selectors as policy
from hutong.foundation.access.acting import Acting
from hutong.kernel import areas

MARK: Final = "===="
"""A line of this cuts a clause in two."""
HEAD: Final = (
    "number", "title", "issuer", "level", "applies_area", "issued_on", "valid_from", "valid_to", "words",
)  # fmt: skip


@transaction.atomic
def edit_head(document: Document, *, actor: Acting, **values: Any) -> Document:
    """Number, title, issuer, level, place, days and subject words. The place must lie within the office's own range or hold it."""
    check_can_edit(document, actor)
    place = values.get("applies_area", document.applies_area)
    own = actor.post.area_code
    if not (areas.contains(own, place) or areas.contains(place, own)):
        raise LibraryRefused("适用地区不在本岗位辖区内，也不是其上级。请重新选择。")
    start, end = values.get("valid_from"), values.get("valid_to")
    if start and end and end <= start:
        raise LibraryRefused("失效日期应晚于施行日期。请核对两个日期。")
    number = values.get("number", "")
    if number:
        same = (
            Document.objects.filter(number=number, applies_area=place)
            .exclude(pk=document.pk)
            .exclude(state="WITHDRAWN")
            .first()
        )
        if same is not None:
            raise LibraryRefused(f"文号 {number} 已有：{same.title}。请核对文号，或在原文件上登记。")
    for name in HEAD:
        if name in values:
            setattr(document, name, values[name])
    document.save(update_fields=[name for name in HEAD if name in values])
    return document


@transaction.atomic
def edit_clause(clause: Clause, *, actor: Acting, links: Iterable[str], **values: Any) -> Clause:
    """One clause, and what it decides: ``links`` as ``rule:defacto``. ``====`` on a line of the original cuts it in two there."""
    check_can_edit(clause.document, actor)
    for name in ("number", "heading", "summary", "original", "words"):
        if name in values:
            setattr(clause, name, values[name])
    before, mark, after = _cut(clause.original)
    clause.original = before
    clause.save()
    _link(clause, links)
    if mark:
        _room(clause, 1)
        Clause.objects.create(document=clause.document, position=clause.position + 1, original=after)
    return clause


@transaction.atomic
def merge_up(clause: Clause, *, actor: Acting) -> Clause:
    """Into the clause before it: texts one below the other, words and links together."""
    check_can_edit(clause.document, actor)
    before = (
        Clause.objects.filter(document=clause.document, position__lt=clause.position)
        .order_by("-position", "-pk")
        .first()
    )
    if before is None:
        raise LibraryRefused("这是第一条，前面没有可以并入的条款。")
    said = [clause.label if clause.number else "", clause.original]
    before.original = "\n".join(filter(None, (before.original, " ".join(filter(None, said)))))
    before.summary = "".join(filter(None, (before.summary, clause.summary)))[:1000]
    before.words = list(dict.fromkeys([*before.words, *clause.words]))
    before.save()
    held = set(before.links.values_list("kind", "name"))
    for link in clause.links.all():
        if (link.kind, link.name) not in held:
            Link.objects.create(document=clause.document, clause=before, kind=link.kind, name=link.name)
    clause.delete()
    return before


@transaction.atomic
def add_after(clause: Clause, *, actor: Acting) -> Clause:
    check_can_edit(clause.document, actor)
    _room(clause, 1)
    return Clause.objects.create(document=clause.document, position=clause.position + 1)


@transaction.atomic
def remove(clause: Clause, *, actor: Acting) -> None:
    check_can_edit(clause.document, actor)
    clause.delete()


@transaction.atomic
def relate(document: Document, *, actor: Acting, kind: str, target: Document) -> Relation:
    check_can_edit(document, actor)
    if target.pk == document.pk:
        raise LibraryRefused("文件不能与自己建立关系。请选择另一份文件。")
    return Relation.objects.get_or_create(document=document, target=target, kind=kind)[0]


@transaction.atomic
def unrelate(relation: Relation, *, actor: Acting) -> None:
    check_can_edit(relation.document, actor)
    relation.delete()


def _link(clause: Clause, names: Iterable[str]) -> None:
    known = policy.linkable()
    wanted = set()
    for one in names:
        kind, _, name = one.partition(":")
        if name not in known.get(kind, {}):
            raise LibraryRefused(f"没有“{one}”这个规则、参数或项目，请从列出的名称中选择。")
        wanted.add((kind, name))
    held = {(one.kind, one.name): one for one in clause.links.all()}
    for key, link in held.items():
        if key not in wanted:
            link.delete()
    Link.objects.bulk_create(
        Link(document=clause.document, clause=clause, kind=kind, name=name)
        for kind, name in sorted(wanted - set(held))
    )


def _cut(text: str) -> tuple[str, str, str]:
    lines = text.splitlines()
    at = next((n for n, line in enumerate(lines) if line.strip() == MARK), None)
    if at is None:
        return text, "", ""
    return "\n".join(lines[:at]).strip(), MARK, "\n".join(lines[at + 1 :]).strip()


def _room(clause: Clause, places: int) -> None:
    later = Clause.objects.filter(document=clause.document, position__gt=clause.position)
    later.update(position=F("position") + places)
