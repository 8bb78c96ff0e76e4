"""Pages of offers: why, papers, acting, figures, and whom they are hidden from (R-43.03; TM-13, TM-16)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from hutong.domains.outreach import selectors, services
from hutong.domains.outreach.models import Offer
from hutong.domains.outreach.views.figures import COLUMNS
from hutong.domains.policy.selectors import packs
from hutong.domains.registry.models import Child
from hutong.domains.workforce.models import Worker
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.audit.models import Change, Read
from hutong.foundation.workflow import lateness
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import OPEN, StatusChange, WorkItem
from hutong.kernel import clock

from .factories import child, find, offers, say

TODAY = date(2026, 10, 12)


@pytest.fixture(autouse=True)
def _chongqing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(packs, "pack_for", lambda area, on: "CQ-2025")
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def orphan(cast: SimpleNamespace) -> Child:
    made = child(cast)
    for parent in ("father", "mother"):
        say(cast, made, parent, "deaths", date(2026, 3, 1))
    find(made)
    return made


def test_the_director_sees_what_why_how_much_and_records_what_was_done(
    client_as: Any, cast: SimpleNamespace, orphan: Child
) -> None:
    client = client_as("director")
    assert "告知 柳小二" in client.get("/outreach/").content.decode()
    page = unescape(client.get(f"/outreach/children/{orphan.public_id}/").content.decode())
    for words in (
        "孤儿基本生活费",
        "1,651.00 元",
        "父亲死亡日期：2026-03-01",
        "到哪里申请",
        "国办发〔2010〕54号",
        "data-print",
    ):
        assert words in page
    with use_scope(cast.auditor.scope):
        assert Read.objects.filter(child_id=orphan.pk, what="可享待遇").count() == 1
    one = offers(cast, orphan)["ben_orphan"]

    def answer(**said: str) -> Any:
        return client.post(
            f"/outreach/{one.public_id}/act/",
            {f"{one.public_id}-{name}": value for name, value in said.items()},
        )

    assert answer(event="tell", on="2026-10-12", words="").status_code == 422
    short = answer(event="tell", on="2026-10-12", words="已说")
    assert (short.status_code, "至少 4 个字" in unescape(short.content.decode())) == (409, True)
    assert answer(event="tell", on="2026-10-13", words="向祖母说明").status_code == 409, "not tomorrow"
    assert answer(event="tell", on="2026-10-12", words="向祖母说明了条件和材料").status_code == 302
    again = answer(event="tell", on="2026-10-12", words="向祖母说明了条件和材料")
    assert again.status_code == 422, "told already: the form does not offer it any more"
    told = offers(cast, orphan)["ben_orphan"]
    assert (told.state, told.due_on > one.due_on) == ("TOLD", True)
    with use_scope(cast.county.scope):
        change = StatusChange.objects.get(subject_type="outreach.offer", subject_id=one.pk, event="tell")
        assert WorkItem.objects.filter(OPEN, child_id=orphan.pk).count() == 1
    assert (change.actor_id, change.reason) == (cast.director.user.pk, "向祖母说明了条件和材料")
    with use_scope(cast.auditor.scope):
        logged = Change.objects.filter(table="outreach_offer", row_id=str(one.pk)).values_list(
            "diff", flat=True
        )
        assert all("2026-03-01" not in str(diff) for diff in logged), (
            "what the file says stays out of the log"
        )


def test_refused_families_can_be_taken_up_again(cast: SimpleNamespace, orphan: Child) -> None:
    one = offers(cast, orphan)["ben_orphan"]
    with use_scope(cast.director.scope):
        services.act(offer=one, event="decline", words="大伯不愿办理", on=TODAY, actor=cast.director)
    assert one.ended_on == TODAY
    with use_scope(cast.supervisor.scope):
        back = Offer.objects.get(pk=one.pk)
        services.act(offer=back, event="reopen", words="大伯已同意申请", on=TODAY, actor=cast.supervisor)
        assert (back.state, back.ended_on) == ("FOUND", None)
        with pytest.raises(NotNow):
            services.act(offer=back, event="settle", words="没有这个按钮", on=TODAY, actor=cast.supervisor)


def test_who_is_not_trained_records_nothing(cast: SimpleNamespace, orphan: Child) -> None:
    one = offers(cast, orphan)["ben_orphan"]
    with use_scope(system_scope("test")):
        Worker.objects.filter(user=cast.director.user).update(examined_on=None, trained_on=None)
    with use_scope(cast.director.scope), pytest.raises(PermissionDenied):
        services.act(offer=one, event="tell", words="向祖母说明", on=TODAY, actor=cast.director)


@pytest.mark.parametrize(
    "who", ["stranger", "stranger_county", "next_director", "clerk", "auditor", "security"]
)
def test_others_find_nothing(client_as: Any, cast: SimpleNamespace, orphan: Child, who: str) -> None:
    client, one = client_as(who), offers(cast, orphan)["ben_orphan"]
    assert client.get(f"/outreach/children/{orphan.public_id}/").status_code == 404
    assert client.post(f"/outreach/{one.public_id}/act/", {}).status_code == 404
    with use_scope(getattr(cast, who).scope):
        assert not Offer.objects.filter(pk=one.pk).exists() or who in ("clerk", "auditor", "security")


def test_late_goes_upward_and_numbers_lead_to_their_rows(
    client_as: Any, cast: SimpleNamespace, orphan: Child
) -> None:
    with clock.frozen(TODAY + timedelta(days=60)):
        lateness.sweep()
        client = client_as("supervisor")
        page = client.get("/outreach/figures/").content.decode()
        rows = unescape(client.get("/outreach/all/?area=990101101000&late=1").content.decode())
        assert "/outreach/all/?area=990101101201&amp;late=1" in page
        assert rows.count(f"/outreach/children/{orphan.public_id}/") == len(offers(cast, orphan))
        with use_scope(cast.supervisor.scope):
            assert (
                WorkItem.objects.get(OPEN, child_id=orphan.pk, kind="outreach.tell").escalated_at is not None
            )
            assert selectors.figures(cast.supervisor)["990101101201"]["late"] == len(offers(cast, orphan))
    assert client_as("county").get("/outreach/all/?area=990102").status_code == 404


def test_small_numbers_are_withheld_from_those_without_rows(
    client_as: Any, cast: SimpleNamespace, orphan: Child
) -> None:
    from hutong.foundation.accounts.models import User
    from hutong.foundation.network.models import Holding, Org, Post

    org = Org.objects.create(name="甲县领导小组办公室", area_code="990101000000", kind="MZ")
    post = Post.objects.create(
        org=org, role="LEADING_GROUP_OFFICE", area_code="990101000000", title="甲县领导小组办公室"
    )
    user = User.objects.create(username="office", name="办", must_change_password=False, password="!")
    Holding.objects.create(post=post, user=user, since=date(2020, 1, 1))
    from hutong.foundation.accounts.tests.signing_in import signed_in

    page = unescape(signed_in(user).get("/outreach/figures/").content.decode())
    assert "＜5" in page
    assert "/outreach/all/" not in page
    table = signed_in(user).get("/outreach/figures.csv").content.decode()
    assert "＜5" in table
    assert all(label in table for label in COLUMNS.values())
    assert signed_in(user).get("/outreach/figures/?area=990101101000").status_code == 404
