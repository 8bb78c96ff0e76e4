"""The answer with sources, what is missing, when it changes; and the letter to the family (experience 5; R-04.13)."""

from __future__ import annotations

from datetime import date
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest

from hutong.domains.policy import selectors
from hutong.domains.registry.models import Child, Circumstance, Kinship, Person
from hutong.foundation.access.scope import use_scope
from hutong.foundation.audit.models import Read
from hutong.kernel import clock

LIU = "990101101201"
TODAY = date(2026, 10, 12)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def child(cast: SimpleNamespace) -> Child:
    """Father dead by the civil register's list; mother's search by the police taken up on 5 June, as the director wrote down."""
    with use_scope(cast.county.scope):
        made = Child.objects.create(
            file_no="W1", name="柳小二", sex=1, birth_date=date(2016, 2, 29), id_kind="UNSEEN", hukou_area=LIU,
            residence_area=LIU, state="ACTIVE", lives_with="grandparents",
        )  # fmt: skip
        for relation in ("father", "mother"):
            person = Person(name="柳" + relation[0])
            Person.objects.bulk_create([person])
            Kinship.objects.bulk_create([Kinship(child=made, person_id=person.pk, relation=relation)])
        say(made, "father", "deaths", date(2026, 8, 1), evidence="死亡证明 2026-88", verified_on=TODAY)
        say(made, "mother", "lost_contact", date(2026, 6, 5), evidence="派出所接处警回执", verified_on=TODAY)
        return made


def say(child: Child, subject: str, kind: str, since: date, until: date | None = None, **words: Any) -> None:
    Circumstance.objects.create(child=child, subject=subject, kind=kind, since=since, until=until, **words)


def page(client: Any, child: Child, which: str = "") -> str:
    return unescape(client.get(f"/policy/children/{child.public_id}/{which}").content.decode())


def test_each_fact_has_its_source_and_the_day_it_was_learnt(cast: SimpleNamespace, child: Child) -> None:
    with use_scope(cast.county.scope):
        say(child, "mother", "disability", date(2020, 1, 1), detail="肢体 四级", source="县残联",
            source_ref="残疾人证名单 2026Q3 第 12 行")  # fmt: skip
        found = selectors.explain(child, TODAY)
    facts = {one["name"]: one for one in _facts(found.categories[1].tree)}
    today = clock.host_now().date().isoformat()
    assert facts["mother_lost_since"]["source"] == "派出所接处警回执"
    assert facts["mother_lost_since"]["learnt"] == today
    assert facts["mother_dis_limb"]["source"] == "县残联，残疾人证名单 2026Q3 第 12 行"
    assert facts["mother_dis_limb"]["open"] is False


def _facts(tree: dict[str, Any]) -> list[dict[str, Any]]:
    return [*tree["facts"], *(fact for one in tree["conditions"] for fact in _facts(one))]


def test_what_is_missing_and_when_it_changes(client_as: Any, child: Child) -> None:
    client = client_as("director")
    panel = unescape(client.get(f"/children/{child.public_id}/").content.decode())
    whole = page(client, child)
    for shown in (panel, whole):
        assert "还差什么" in shown
        assert "失联满6个月、公安登记受理超过6个月（2026-12-06起）" in shown
        assert "如情况不变，2026-12-06 起符合“事实无人抚养儿童”" in shown
    assert "来源：派出所接处警回执" in whole


def test_what_ends_by_a_date_on_file_is_foreseen(cast: SimpleNamespace, child: Child) -> None:
    """The facts of the later day are read anew: low-income support that runs out, a certificate that expires."""
    with use_scope(cast.county.scope):
        say(child, "mother", "disability", date(2020, 1, 1), date(2026, 11, 30), detail="肢体 一级")
        found = selectors.explain(child, TODAY)
    turn = found.categories[1].outlook["turn"]
    assert found.scheme == "DEFACTO"
    assert (turn["day"], turn["after"]) == ("2026-12-01", False)
    assert "到 2026-11-30 为止都符合" in turn["sentence"]


def test_the_letter_is_plain_and_says_where_to_ask(
    client_as: Any, cast: SimpleNamespace, child: Child
) -> None:
    said = page(client_as("director"), child, "letter/")
    for words in ("事实无人抚养儿童：目前不符合", "失联满6个月：否（母亲失联起始 2026-06-05", "据经核实的材料", "柳村儿童主任",
                  "东镇儿童督导员", "甲县儿童福利科", "还差什么", "data-print"):  # fmt: skip
        assert words in said, words
    for code in (LIU, "mother_", "DEFACTO", "committee", "派出所接处警回执"):
        assert code not in said.split('id="part-1"')[1], code
    with use_scope(cast.auditor.scope):
        assert Read.objects.filter(child_id=child.pk, what="给家庭的告知单").count() == 1


def test_the_letter_does_not_tell_what_only_a_list_says_of_a_parent(
    client_as: Any, cast: SimpleNamespace, child: Child
) -> None:
    with use_scope(cast.county.scope):
        say(child, "mother", "custody", date(2025, 5, 1), date(2027, 5, 1), detail="强制隔离戒毒",
            source_ref="强戒名单 第 3 行")  # fmt: skip
    client = client_as("director")
    assert "母亲强制隔离戒毒" in page(client, child)
    said = page(client, child, "letter/")
    assert "事实无人抚养儿童：符合" in said
    assert "母亲的有关情况由有关部门提供" in said
    for words in ("母亲强制隔离戒毒", "2027-05-01 起不", "强戒名单"):
        assert words not in said, words


@pytest.mark.parametrize("who", ["stranger", "stranger_county", "next_director", "clerk", "auditor"])
def test_others_get_no_letter(client_as: Any, child: Child, who: str) -> None:
    assert client_as(who).get(f"/policy/children/{child.public_id}/letter/").status_code == 404
