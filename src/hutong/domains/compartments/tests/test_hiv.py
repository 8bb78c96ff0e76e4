"""HIV: seen by the named person for a purpose; for everybody else the world is the same without it (WX-01; R-46.02; TM-01)."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from hutong.domains.compartments import services
from hutong.domains.compartments.models import HivFact, Opening
from hutong.domains.compartments.services.errors import Refused
from hutong.domains.compartments.tests.factories import child, hiv_fact, named, officer
from hutong.foundation.access.scope import use_scope
from hutong.foundation.accounts.tests import signing_in
from hutong.foundation.audit.models import Change, Read
from hutong.kernel import cipher


@pytest.fixture
def keeper(cast: SimpleNamespace) -> Any:
    return named(cast, officer(cast, "keeper"), "hiv")


def signed_in(actor: Any) -> Any:
    return signing_in.signed_in(actor.user)


def test_the_card_asks_what_for_and_shows_then(cast: SimpleNamespace, keeper: Any) -> None:
    about = child(cast)
    hiv_fact(cast, keeper, about, contact="市传染病医院 赵医师")
    url = reverse("compartments:card", args=[about.public_id, "hiv"])
    client = signed_in(keeper)
    asked = client.get(url).content.decode()
    assert "用途" in asked
    assert "赵医师" not in asked
    assert client.post(url, {"purpose": "OTHER", "words": ""}).status_code == 422
    shown = client.post(url, {"purpose": "ALLOWANCE", "words": "核发十月"})
    assert "赵医师" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    with use_scope(keeper.scope), services.opening(keeper, "hiv"):
        (line,) = Opening.objects.all()
    assert (line.purpose, line.words, line.actor_id) == ("ALLOWANCE", "核发十月", keeper.user.pk)


def test_a_fact_is_recorded_and_closed_by_page_and_never_rewritten(
    cast: SimpleNamespace, keeper: Any
) -> None:
    about, client = child(cast), signed_in(keeper)
    add = reverse("compartments:add", args=[about.public_id, "hiv"])
    assert client.post(add, {"since": "2031-01-01", "source": "", "evidence": ""}).status_code == 422
    facts = {"since": "2020-03-01", "source": "县疾控", "evidence": "确认报告"}
    assert client.post(add, facts).status_code == 302
    with use_scope(replace(keeper.scope, sealed=("hiv",))):
        fact = HivFact.objects.get()
        assert fact.opened() == facts
        with pytest.raises(Exception, match="不得改写"), transaction.atomic():
            HivFact.objects.update(body=b"x")
        with pytest.raises(Exception, match="不得删除"), transaction.atomic():
            HivFact.objects.all().delete()
    close = reverse("compartments:close", args=[about.public_id, "hiv", fact.public_id])
    assert client.post(close, {"reason": ""}).status_code == 422
    assert client.post(close, {"reason": "登记对象有误"}).status_code == 302
    with use_scope(replace(keeper.scope, sealed=("hiv",))):
        held = HivFact.objects.get()
        assert held.closing == "登记对象有误"
        with pytest.raises(Refused, match="已经注销"):
            services.close_fact(held, actor=keeper, reason="再次")


def test_wx_01_the_director_sees_nothing_of_it(cast: SimpleNamespace, keeper: Any, client_as: Any) -> None:
    about = child(cast)
    hiv_fact(cast, keeper, about)
    for member in ("director", "supervisor", "county", "auditor", "security", "stranger_county"):
        client = client_as(member)
        for name, args in (
            ("card", [about.public_id, "hiv"]),
            ("add", [about.public_id, "hiv"]),
            ("mine", []),
        ):
            answer = client.get(reverse(f"compartments:{name}", args=args))
            assert answer.status_code == 404, (member, name)
    page = client_as("director").get(reverse("registry:child", args=[about.public_id])).content.decode()
    assert "艾滋" not in page
    assert "HIV" not in page


def test_every_page_is_the_same_with_and_without_the_fact(
    cast: SimpleNamespace, keeper: Any, client_as: Any
) -> None:
    """A small two worlds: pages of the child, lists, logs, and the keeper's own ordinary pages."""
    about = child(cast)
    urls = [
        reverse("web:home"),
        reverse("registry:child", args=[about.public_id]),
        reverse("registry:viewers", args=[about.public_id]),
        reverse("registry:search") + "?q=柳小满",
        reverse("policy:child", args=[about.public_id]),
        reverse("leads:all"),
        reverse("leads:funnel"),
        reverse("compartments:people"),
        reverse("exchange:catalogue"),
        reverse("access:reads"),
        reverse("access:changes") + "?table=registry_child",
    ]
    without = world(client_as, keeper, urls, lambda: None)
    with_it = world(client_as, keeper, urls, lambda: hiv_fact(cast, keeper, about))
    for key, text in without.items():
        assert text.splitlines() == with_it[key].splitlines(), key
    assert "200" in {text[:3] for text in without.values()}


def world(client_as: Any, keeper: Any, urls: list[str], make: Any) -> dict[tuple[str, str], str]:
    """What everybody gets from every address after ``make``; undone afterwards."""
    seen = {}
    with transaction.atomic():
        make()
        for member in ("director", "supervisor", "county", "auditor", "security", "stranger", "keeper"):
            client = signed_in(keeper) if member == "keeper" else client_as(member)
            for url in urls:
                answer = client.get(url)
                seen[member, url] = f"{answer.status_code} {plain(answer.content.decode())}"
        transaction.set_rollback(True)
    return seen


def plain(text: str) -> str:
    """Without the form token and the signed upload ticket, which are new each time."""
    text = re.sub(r"/documents/to/[^\"]*", "", text)
    return re.sub(r'(csrf\w*"[^>]*value="|X-CSRFToken[^:]*: ?")[^"]*', "", text, flags=re.IGNORECASE)


def test_the_log_says_that_something_sealed_changed_and_no_more(cast: SimpleNamespace, keeper: Any) -> None:
    about = child(cast)
    fact = hiv_fact(cast, keeper, about)
    with use_scope(cast.auditor.scope):
        (line,) = Change.objects.filter(table="sealed")
        assert (line.operation, line.row_id, line.child_id) == ("INSERT", fact.public_id, None)
        assert (line.request_id, line.reason, line.diff) == ("", "", {"*": ["*"]})
        assert line.actor_id == keeper.user.pk
        assert not Change.objects.filter(table__startswith="compartments").exists()
        assert not Read.objects.filter(child_id=about.pk).exists()


def test_nobody_writes_into_a_compartment_from_outside(cast: SimpleNamespace, keeper: Any) -> None:
    about = child(cast)
    fact = HivFact(child=about)
    fact.seal({"since": "2020-01-01"})
    with use_scope(cast.county.scope), pytest.raises(ProgrammingError), transaction.atomic():
        fact.save(force_insert=True)


def test_without_the_key_the_compartment_is_shut_and_the_rest_works(
    cast: SimpleNamespace, keeper: Any, settings: Any, tmp_path: Path
) -> None:
    about = child(cast)
    hiv_fact(cast, keeper, about)
    path = tmp_path / "keys.json"
    cipher.write_key_file(path, {"k1": b"1" * 32}, active="k1", token="k1", compartments={"abuse": b"2" * 32})
    settings.KEY_FILE = str(path)
    client = signed_in(keeper)
    url = reverse("compartments:card", args=[about.public_id, "hiv"])
    shown = client.post(url, {"purpose": "CARE", "words": ""})
    assert shown.status_code == 200
    assert "没有这一类专管资料的密钥" in shown.content.decode()
    assert client.get(reverse("registry:child", args=[about.public_id])).status_code == 200
    other = child(cast, 2, name="柳有证")
    with use_scope(cast.county.scope):
        other.phone = "13800000000"
        other.save()
        assert other.phone == "13800000000"


def test_each_compartment_has_a_key_of_its_own() -> None:
    keys = cipher.DerivedKeyProvider(b"master-for-tests-0123456789")
    places: dict[str, Any] = {"table": "t", "row": 1, "column": "c"}
    sealed = cipher.seal("甲", keys=keys.compartment("hiv"), **places)
    assert cipher.unseal(sealed, keys=keys.compartment("hiv"), **places) == "甲"
    for other in (keys, keys.compartment("abuse")):
        with pytest.raises(cipher.CipherError):
            cipher.unseal(sealed, keys=other, **places)


def test_what_is_stored_tells_nothing(cast: SimpleNamespace, keeper: Any) -> None:
    fact = hiv_fact(cast, keeper, child(cast), contact="赵医师 13900000000")
    with use_scope(replace(keeper.scope, sealed=("hiv",))), connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(fact)::text FROM compartments_hivfact AS fact")
        (row,) = cursor.fetchone()
    assert "body" in json.loads(row)
    assert "赵医师".encode() not in bytes(fact.body)
    assert date(2020, 3, 1).isoformat() not in row
