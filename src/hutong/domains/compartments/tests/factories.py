"""Children, named persons and sealed facts for tests."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from hutong.domains.compartments import services
from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting, acting_as, with_assigned
from hutong.foundation.access.models import COMPARTMENTS, NamedPerson
from hutong.foundation.access.scope import use_scope
from hutong.foundation.accounts.models import User
from hutong.foundation.network.models import Holding, Post

WILLOW = "990101101201"
COUNTY = "990101000000"


def child(cast: SimpleNamespace, number: int = 1, **facts: Any) -> Child:
    """An active child of 柳村."""
    values = {
        "file_no": f"H990101{number:07d}", "name": "柳小满", "sex": 1, "birth_date": date(2015, 5, 1),
        "id_kind": "UNSEEN", "hukou_area": WILLOW, "residence_area": WILLOW, "state": "ACTIVE",
    } | facts  # fmt: skip
    with use_scope(cast.county.scope):
        return Child.objects.create(**values)


def officer(cast: SimpleNamespace, username: str, role: str = "COUNTY_CA", area: str = COUNTY) -> Acting:
    """One more person in a post of the county."""
    post = Post.objects.create(org=cast.county.post.org, role=role, area_code=area, title=f"{username}岗")
    user = User.objects.create(
        username=username, name=f"甲县{username}", must_change_password=False, password="!"
    )
    return acting_as(Holding.objects.create(post=post, user=user, since=date(2020, 1, 1)))


def named(cast: SimpleNamespace, who: Acting, *compartments: str) -> Acting:
    """``who``, on the lists: proposed by the county, confirmed by its second officer."""
    with use_scope(cast.county.scope):
        for one in compartments or tuple(COMPARTMENTS):
            made = services.propose(
                actor=cast.county, user=who.user, compartment=one, area_code=COUNTY, since=date(2020, 1, 1), reason="专管"
            )  # fmt: skip
            services.confirm(made, actor=cast.county_second)
    return again(who)


def again(who: Acting) -> Acting:
    """The actor as the next request finds her."""
    with use_scope(who.scope):
        return with_assigned(who)


def hiv_fact(cast: SimpleNamespace, who: Acting, about: Child, **content: Any) -> Any:
    with use_scope(who.scope), services.opening(who, "hiv"):
        return services.add_fact(
            child=about, compartment="hiv", actor=who,
            content={"since": date(2020, 3, 1), "source": "甲县疾控中心", "evidence": "确认报告"} | content,
        )  # fmt: skip


__all__ = ["COUNTY", "WILLOW", "NamedPerson", "again", "child", "hiv_fact", "named", "officer"]
