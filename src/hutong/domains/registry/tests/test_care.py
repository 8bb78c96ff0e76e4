"""Guardianship without overlaps, kin shared by children, facts that are superseded, never lost (R-03.01, R-03.05, R-04.11)."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hutong.domains.registry import selectors, services
from hutong.domains.registry.models import Child, Circumstance, GuardianshipStatus, Kinship, Person
from hutong.domains.registry.services import errors
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.kernel import ids

pytestmark = pytest.mark.django_db
MOTHER = ids.make("500199", date(1988, 2, 3), 22)


def test_a_new_status_closes_the_one_before(child: Child, cast: SimpleNamespace) -> None:
    with use_scope(cast.director.scope):
        services.set_guard(child, actor=cast.director, value="GOOD", since=date(2025, 1, 1), basis="走访")
        services.set_guard(child, actor=cast.director, value="POOR", since=date(2025, 6, 1), basis="父亲服刑")
        with pytest.raises(errors.Refused, match="不能早于"):
            services.set_guard(child, actor=cast.director, value="FAIR", since=date(2025, 3, 1), basis="补录")
        spans = list(GuardianshipStatus.objects.order_by("since").values_list("value", "since", "until"))
        child.refresh_from_db()
    assert spans == [("GOOD", date(2025, 1, 1), date(2025, 6, 1)), ("POOR", date(2025, 6, 1), None)]
    assert child.guard == "POOR"


@pytest.mark.parametrize("model", ["GuardianshipStatus", "GuardianshipRegime"])
def test_the_database_refuses_an_overlap(child: Child, cast: SimpleNamespace, model: str) -> None:
    from hutong.domains.registry import models

    kind = getattr(models, model)
    value: dict[str, Any] = {"value": "GOOD"} if model == "GuardianshipStatus" else {"kind": "FAMILY"}
    with use_scope(cast.director.scope):
        kind.objects.create(child=child, since=date(2025, 1, 1), until=date(2025, 6, 1), **value)
        kind.objects.create(child=child, since=date(2025, 6, 1), **value)
        with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
            kind.objects.create(child=child, since=date(2025, 5, 31), until=date(2025, 6, 2), **value)


def test_one_mother_of_two_children_in_two_counties(make: Any, cast: SimpleNamespace) -> None:
    """She is one person; each county sees her through its own child, and neither the other's child."""
    here = make()
    there = make(
        name="单小苗", order=16, actor=cast.stranger, hukou_area="990102101201", residence_area="990102101201"
    )
    facts = {"name": "李春梅", "id_number": MOTHER}
    with use_scope(cast.director.scope):
        services.add_kin(here, actor=cast.director, relation="mother", facts=facts)
    with use_scope(cast.stranger.scope):
        assert services.find_person_by_id(MOTHER, actor=cast.stranger) is None
        with pytest.raises(errors.Refused, match="另一姓名"):
            services.add_kin(there, actor=cast.stranger, relation="mother", facts=facts | {"name": "赵大力"})
        services.add_kin(there, actor=cast.stranger, relation="mother", facts=facts)
        assert services.find_person_by_id(MOTHER, actor=cast.stranger).name == "李春梅"
        assert not selectors.list_siblings(there)
    with use_scope(system_scope("test")):
        assert Person.objects.count() == 1
        assert list(selectors.list_siblings(there)) == [here]


def test_one_father_at_a_time(child: Child, cast: SimpleNamespace) -> None:
    with use_scope(cast.director.scope):
        tie = services.add_kin(child, actor=cast.director, relation="father", facts={"name": "单大山"})
        with pytest.raises(errors.Refused, match="已有父亲"):
            services.add_kin(child, actor=cast.director, relation="father", facts={"name": "单二山"})
        services.end_kin(tie, actor=cast.director, until=date(2026, 1, 1), reason="登记有误")
        services.add_kin(child, actor=cast.director, relation="father", facts={"name": "单二山"})
        assert Kinship.objects.filter(child=child).count() == 2


def test_a_fact_is_superseded_not_changed(child: Child, cast: SimpleNamespace) -> None:
    with use_scope(cast.director.scope):
        fact = services.add_circumstance(
            child, actor=cast.director, subject="father", kind="custody", since=date(2024, 1, 1), detail="服刑", evidence="判决书"
        )  # fmt: skip
        ended = services.end_circumstance(
            fact, actor=cast.director, until=date(2025, 1, 1), evidence="释放证明"
        )
        with pytest.raises(errors.Refused, match="更正过"):
            services.supersede_circumstance(fact, actor=cast.director, reason="再改")
        assert list(selectors.list_circumstances(child)) == [ended]
        assert Circumstance.objects.count() == 2


def test_sealed_facts_do_not_stand_in_clear(child: Child, cast: SimpleNamespace) -> None:
    with use_scope(cast.director.scope):
        with pytest.raises(errors.Refused, match="密级"):
            services.add_circumstance(
                child,
                actor=cast.director,
                subject="child",
                kind="hiv",
                since=date(2024, 1, 1),
                evidence="报告",
            )
        with pytest.raises(IntegrityError), transaction.atomic():
            Circumstance.objects.create(child=child, subject="child", kind="hiv", since=date(2024, 1, 1))


def test_two_who_save(child: Child, cast: SimpleNamespace) -> None:
    with use_scope(cast.director.scope):
        services.edit_child(child, actor=cast.director, version=1, changes={"ethnic": "汉族"})
        with pytest.raises(errors.Conflict) as conflict:
            services.edit_child(child, actor=cast.supervisor, version=1, changes={"ethnic": "苗族"})
        assert conflict.value.fields == {"ethnic": ("汉族", "苗族")}
        # the same value typed twice is no conflict
        services.edit_child(child, actor=cast.supervisor, version=1, changes={"ethnic": "汉族"})
