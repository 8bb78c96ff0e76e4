"""Leave through the pages: proposed, accepted, worked in, with 代班 said where one works (experience 1)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.urls import reverse

from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.accounts.tests.signing_in import signed_in
from hutong.foundation.audit.models import Change
from hutong.foundation.handovers.models import HandOver

from .conftest import day, do, propose


def given(cast: SimpleNamespace, **more: Any) -> dict[str, Any]:
    values = {
        "kind": "leave",
        "since": day(2),
        "until": day(6),
        "to": cast.next_director.user.pk,
        "reason": "病假",
        "note": "",
    }
    return {**values, **more}


def test_from_the_proposal_to_the_deputys_worklist(cast: SimpleNamespace, go: Any, item: Any) -> None:
    item()
    client = signed_in(cast.director.user)
    address = reverse("handovers:new", args=[cast.director.holdings[0].public_id])
    page = client.get(address).content.decode()
    assert "桑村儿童主任" in page
    assert "竹村儿童主任" not in page
    refused = client.post(address, given(cast, until="", note="钥匙在村部"))
    assert refused.status_code == 422
    assert "返岗日期" in refused.content.decode()
    assert "钥匙在村部" in refused.content.decode()
    assert client.post(address, given(cast)).status_code == 302
    with use_scope(cast.director.scope):
        found = HandOver.objects.get()
    deputy = signed_in(cast.next_director.user)
    assert "请确认是否接手：柳村儿童主任" in deputy.get("/").content.decode()
    shown = deputy.get(reverse("handovers:show", args=[found.public_id])).content.decode()
    assert "随岗位移交的待办（1）" in shown
    assert "张小" not in shown
    assert (
        deputy.post(reverse("handovers:step", args=[found.public_id, "accept"]), {"reason": ""}).status_code
        == 302
    )
    go(2)
    home = deputy.get("/").content.decode()
    assert "其他岗位的待办" in home
    assert "柳村儿童主任：1 件" in home
    assert deputy.post(reverse("access:post"), {"post": cast.director.post.pk}).status_code == 302
    home = deputy.get("/").content.decode()
    assert "您正在以“柳村儿童主任”代班" in home
    assert "柳村儿童主任（代班）" in home
    assert "核实 张小" in home
    assert client.get("/").status_code == 403, "whoever is away and holds nothing else has no post"


def test_the_supervisor_is_let_into_the_empty_post_and_nobody_else(
    cast: SimpleNamespace, go: Any, item: Any
) -> None:
    item()
    propose(cast.director)
    supervisor = signed_in(cast.supervisor.user)
    assert supervisor.post(reverse("access:post"), {"post": cast.director.post.pk}).status_code == 404
    go(2)
    home = supervisor.get("/").content.decode()
    assert "代管" in home
    assert supervisor.post(reverse("access:post"), {"post": cast.director.post.pk}).status_code == 302
    assert "岗位无人在岗，由您代管" in supervisor.get("/").content.decode()
    for key in ("next_director", "county", "stranger", "stranger_county"):
        client = signed_in(getattr(cast, key).user)
        assert client.post(reverse("access:post"), {"post": cast.director.post.pk}).status_code == 404
    go(6)
    assert "代管" not in supervisor.get("/").content.decode(), "the post has its holder again"


def test_who_is_not_concerned_finds_nothing(cast: SimpleNamespace, go: Any) -> None:
    found = propose(cast.director, to=cast.next_director.user)
    for key in ("stranger", "stranger_county", "clerk"):
        client = signed_in(getattr(cast, key).user)
        assert client.get(reverse("handovers:show", args=[found.public_id])).status_code == 404
        assert (
            client.post(
                reverse("handovers:step", args=[found.public_id, "withdraw"]), {"reason": "x"}
            ).status_code
            == 404
        )
        assert (
            client.get(reverse("handovers:new", args=[cast.director.holdings[0].public_id])).status_code
            == 404
        )


def test_the_supervisor_names_somebody_and_registers_the_return(cast: SimpleNamespace, go: Any) -> None:
    found = propose(cast.director)
    client = signed_in(cast.supervisor.user)
    address = reverse("handovers:step", args=[found.public_id, "assign"])
    assert client.post(address, {"to": cast.stranger.user.pk, "reason": "邻县"}).status_code == 422
    assert client.post(address, {"to": cast.next_director.user.pk, "reason": "邻村"}).status_code == 302
    go(3)
    assert "延长请假" in client.get(reverse("handovers:show", args=[found.public_id])).content.decode()
    assert (
        client.post(
            reverse("handovers:step", args=[found.public_id, "back"]), {"reason": "提前返岗"}
        ).status_code
        == 302
    )
    assert signed_in(cast.director.user).get("/").status_code == 200
    late = client.post(
        reverse("handovers:step", args=[found.public_id, "back"]), {"reason": "再来"}, follow=True
    )
    assert "没有生效" in late.content.decode()


def test_the_log_keeps_every_change(cast: SimpleNamespace, go: Any) -> None:
    found = propose(cast.director, to=cast.next_director.user)
    do("accept", found, cast.next_director)
    go(2)
    with use_scope(cast.auditor.scope):
        assert Change.objects.filter(table="handovers_handover", operation="UPDATE").count() >= 2
    with use_scope(system_scope("test")):
        assert Change.objects.filter(table="network_holding", operation="INSERT").exists()
