"""The register of the release in the tables, and a document of the county's own."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from hutong.domains.library import services
from hutong.domains.library.models import Document
from hutong.foundation.access.scope import use_scope

TEXT = """甲县民政局
甲民发〔2026〕3号
关于做好困境儿童临时救助工作的通知
各乡镇：
一、救助对象。遭遇火灾等突发情况的困境儿童家庭。
（一）本县户籍家庭。
（二）在本县居住满六个月的家庭。
二、救助标准。每人一次性救助一千元。
2026年9月1日
"""


@pytest.fixture
def loaded(places: dict[str, Any]) -> services.Loaded:
    return services.load()


def draft(actor: Any, text: str = TEXT) -> Document:
    with use_scope(actor.scope):
        return services.import_file(actor=actor, content=text.encode(), name="通知.txt")


def whole(document: Document, actor: Any) -> Document:
    """Every clause with its summary."""
    with use_scope(actor.scope):
        for clause in document.clauses.all():
            services.edit_clause(
                clause, actor=actor, links=["programme:relief"] if clause.number == "二" else [], summary=f"要点{clause.number}：突发困难救助"
            )  # fmt: skip
    return document


def published(cast: SimpleNamespace, text: str = TEXT) -> Document:
    document = whole(draft(cast.county, text), cast.county)
    with use_scope(cast.county.scope):
        services.submit(document, actor=cast.county)
    with use_scope(cast.county_second.scope):
        return services.publish(document, actor=cast.county_second)
