"""Adoption, abuse, reporters, shelter, and whole files (R-46.02, R-46.03, R-14.05; WX-05)."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from hutong.domains.compartments import selectors, services
from hutong.domains.compartments.forms import FACT_FORMS
from hutong.domains.compartments.models import FACTS, Matter, WholeFile
from hutong.domains.compartments.presenters import LABELS
from hutong.domains.compartments.services.errors import Refused
from hutong.domains.compartments.tests.factories import child, named, officer
from hutong.domains.registry import selectors as registry
from hutong.domains.registry.models import Child
from hutong.domains.registry.search import finding
from hutong.domains.registry.services import indexing
from hutong.foundation.access.scope import use_scope
from hutong.foundation.accounts.tests import signing_in
from hutong.foundation.audit.models import Change

CONTENT = {
    "hiv": {"since": "2020-03-01", "source": "县疾控", "evidence": "确认报告"},
    "adoption": {"registered_on": "2024-03-10", "office": "甲县民政局", "evidence": "登记证"},
    "abuse": {"since": "2024-05-01", "kind": "邻居反映夜间哭喊", "evidence": "受案回执"},
    "reporter": {"reported_on": "2024-05-01", "name": "匿名"},
    "shield": {"since": "2024-05-02", "place": "救助站", "from_whom": "继父", "evidence": "保护令"},
}


@pytest.fixture
def keepers(cast: SimpleNamespace) -> tuple[Any, Any]:
    return named(cast, officer(cast, "keeper")), named(cast, officer(cast, "second"))


def test_every_compartment_has_its_table_form_and_labels() -> None:
    assert set(FACTS) == set(FACT_FORMS) == set(LABELS) == set(CONTENT)
    for code, form in FACT_FORMS.items():
        assert set(form().fields) <= set(LABELS[code]), code


@pytest.mark.parametrize("compartment", [one for one in FACTS if one != "adoption"])
def test_recorded_by_page_and_there_for_named_persons_only(
    compartment: str, cast: SimpleNamespace, keepers: tuple[Any, Any], client_as: Any
) -> None:
    about, client = child(cast), signing_in.signed_in(keepers[0].user)
    add = reverse("compartments:add", args=[about.public_id, compartment])
    assert client.post(add, {}).status_code == 422
    assert client.post(add, CONTENT[compartment]).status_code == 302
    card = reverse("compartments:card", args=[about.public_id, compartment])
    shown = client.post(card, {"purpose": "CASE"}).content.decode()
    assert all(value in shown for value in CONTENT[compartment].values())
    for member in ("director", "supervisor", "county", "auditor", "security", "stranger_county"):
        assert client_as(member).get(card).status_code == 404
    assert client_as("director").get(reverse("registry:child", args=[about.public_id])).status_code == 200
    with use_scope(keepers[0].scope):
        assert not FACTS[compartment]._default_manager.exists()


def test_wx_05_an_adoption_takes_the_whole_file_with_it(
    cast: SimpleNamespace, keepers: tuple[Any, Any], client_as: Any
) -> None:
    about, (keeper, second) = child(cast), keepers
    page = reverse("registry:child", args=[about.public_id])
    with use_scope(cast.county.scope):
        indexing.index([about])
        assert len(finding.search("柳小满", cast.county).hits) == 1
    assert client_as("director").get(page).status_code == 200
    client = signing_in.signed_in(keeper.user)
    assert (
        client.post(
            reverse("compartments:add", args=[about.public_id, "adoption"]), CONTENT["adoption"]
        ).status_code
        == 302
    )
    for member in ("director", "supervisor", "county", "auditor"):
        assert client_as(member).get(page).status_code == 404, member
    with use_scope(cast.county.scope):
        assert not Child.objects.filter(pk=about.pk).exists()
        assert not finding.search("柳小满", cast.county).hits
    with use_scope(cast.auditor.scope):
        assert not Change.objects.filter(child_id=about.pk).exists()
    whole = reverse("compartments:whole", args=[about.public_id, "adoption"])
    refused = client.post(whole, {"reason": "继父收养，仍在原村"})
    assert (refused.status_code, "另一位人员" in refused.content.decode()) == (422, True)
    other = signing_in.signed_in(second.user)
    assert (
        "整份专管"
        in other.post(
            reverse("compartments:card", args=[about.public_id, "adoption"]), {"purpose": "CASE"}
        ).content.decode()
    )
    read = other.post(reverse("compartments:card", args=[about.public_id, "adoption"]), {"purpose": "CASE"})
    assert about.file_no in read.content.decode(), "whoever cares for her reads her file"
    assert other.post(whole, {"reason": ""}).status_code == 422
    assert other.post(whole, {"reason": "继父收养，仍在原村"}).status_code == 302
    text = client_as("director").get(page).content.decode()
    assert "柳小满" in text
    assert "收养" not in text
    with use_scope(cast.county.scope):
        assert len(finding.search("柳小满", cast.county).hits) == 1
    with use_scope(cast.auditor.scope):
        told = [line.diff for line in Change.objects.filter(child_id=about.pk)]
        assert told
        assert not any("sealed_in" in diff for diff in told)


def test_a_whole_file_is_sealed_once_and_for_a_reason(
    cast: SimpleNamespace, keepers: tuple[Any, Any]
) -> None:
    about, (keeper, second) = child(cast), keepers
    with use_scope(keeper.scope), services.opening(keeper, "shield", "abuse"):
        with pytest.raises(Refused, match="事由"):
            services.seal_file(child=about, compartment="shield", actor=keeper, reason=" ")
        services.seal_file(child=about, compartment="shield", actor=keeper, reason="生父扬言上门")
        with pytest.raises(Refused, match="已经整份转入"):
            services.seal_file(child=about, compartment="abuse", actor=keeper, reason="再次")
        with pytest.raises(Refused, match="没有整份转入"):
            services.lift_file(child=about, compartment="abuse", actor=keeper, reason="错")
        assert selectors.whole_file(about, "shield").opened() == {"reason": "生父扬言上门"}  # type: ignore[union-attr]
        assert {(one.user_id, one.way) for one in registry.list_openers(about)} == {
            (keeper.user.pk, "named"),
            (second.user.pk, "named"),
        }
        assert Matter.objects.filter(child=about, compartment="shield", done_at=None).count() == 1
    with use_scope(cast.county.scope):
        assert registry.list_openers(about) == []


def test_an_exit_by_adoption_goes_by_itself(cast: SimpleNamespace, keepers: tuple[Any, Any]) -> None:
    """R-03.07, R-14.05: however it was closed; a child only entered as adopted is asked about and stays."""
    gone, stays = child(cast), child(cast, 2, name="柳小川")
    with use_scope(cast.county.scope):
        Child.objects.filter(pk=gone.pk).update(state="CLOSED", close_reason="ADOPTED")
        Child.objects.filter(pk=stays.pk).update(adopted=True)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert list(Child.objects.filter(pk__in=[gone.pk, stays.pk])) == [stays]
        assert not Matter.objects.exists()
    keeper = keepers[0]
    with use_scope(keeper.scope), services.opening(keeper, "adoption"):
        assert WholeFile.objects.get().child_id == gone.pk
        assert {one.child_id for one in selectors.list_matters(keeper)} == {gone.pk, stays.pk}
        services.lift_file(
            child=WholeFile.objects.get().child, compartment="adoption", actor=keeper, reason="撤销收养"
        )
    with use_scope(cast.county.scope):
        assert Child.objects.filter(pk=gone.pk).exists()
