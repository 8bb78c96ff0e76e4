"""Keeping the search grams true: rewritten in the transaction that changes what they are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import connection

from hutong.domains.registry.models import Child, Kinship
from hutong.domains.registry.search import grams

_CHUNK = 2000


def write(words: Mapping[int, Iterable[str]]) -> None:
    """Replace the grams of these children (id → grams), ``_CHUNK`` children a statement."""
    kids = list(words)
    for start in range(0, len(kids), _CHUNK):
        pairs = [(word, kid) for kid in kids[start : start + _CHUNK] for word in words[kid]]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT registry_write_grams(%s::text[], %s::bigint[])",
                [[word for word, _ in pairs], [kid for _, kid in pairs]],
            )


def index(children: Iterable[Child]) -> None:
    """Make the grams of these children anew from what is stored."""
    rows = list(children)
    kin: dict[int, list[str]] = defaultdict(list)
    ties = Kinship.objects.filter(child__in=rows, until__isnull=True)
    for child_id, name in ties.values_list("child_id", "person__name"):
        kin[child_id].append(name)
    write({child.pk: grams.of(child.name, child.id_number, kin[child.pk]) for child in rows})
