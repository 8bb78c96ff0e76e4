"""From the verdict to the end: four answers, two pairs of eyes, a reason each time (R-24.04; model.md §2 separation)."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.domains.leads import services
from hutong.domains.leads.machines import lead as machine
from hutong.domains.leads.models import Correction, Lead
from hutong.domains.leads.tests.factories import AS_OF, LIU, SANG, child, death, row
from hutong.domains.policy.models import Decision
from hutong.domains.registry.models import Child
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import use_scope
from hutong.foundation.network.models import Post
from hutong.foundation.workflow import selectors as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import OPEN, WorkItem
from hutong.kernel import clock

TODAY = date(2026, 10, 12)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.frozen(TODAY):
        yield


def found(cast: SimpleNamespace, area: str = LIU, of: Child | None = None, **facts: Any) -> Lead:
    run, as_of = facts.pop("run_id", 1), facts.pop("as_of", AS_OF)
    with use_scope(cast.county.scope):
        of = of or child(area)
        services.receive(rows=[row(of, **facts)], run_id=run, as_of=as_of, pack="base", actor=cast.county)
        return Lead.objects.select_related("child", "owner_post").get(child=of, state="OPEN")


def answer(actor: Acting, lead: Lead, said: str, **facts: Any) -> Lead:
    values: dict[str, Any] = {"words": "入户见到祖母，核对死亡证明。", "checked_on": TODAY, "seen": "祖母"}
    with use_scope(actor.scope):
        return services.verdict(lead=lead, answer=said, actor=actor, **(values | facts))


def kept(actor: Acting, lead: Lead) -> list[str]:
    """The acts at which what the rules said was stored with its facts (ADR 0034)."""
    with use_scope(actor.scope):
        return list(
            Decision.objects.filter(about=lead.public_id).order_by("pk").values_list("act", flat=True)
        )


def items(actor: Acting) -> list[tuple[str, date]]:
    with use_scope(actor.scope):
        return list(workflow.list_mine(actor).values_list("kind", "due_on"))


def test_true_passes_to_the_county_and_ends_with_a_reason(cast: SimpleNamespace) -> None:
    lead = answer(cast.director, found(cast), "TRUE")
    assert (lead.state, items(cast.director)) == (machine.TRUE, [])
    assert items(cast.county) == [("lead.decide", date(2026, 10, 26))]
    with use_scope(cast.county.scope):
        services.act(lead=lead, code="APPLY", words="已通知监护人申请认定。", actor=cast.county)
    assert kept(cast.county, lead)[-2:] == ["LEAD_VERIFIED", "LEAD_ENDED"]
    assert items(cast.county) == []
    assert (lead.state, lead.end_code, lead.ended_on) == ("ACTED", "APPLY", TODAY)


def test_a_second_click_is_the_first(cast: SimpleNamespace) -> None:
    lead = found(cast)
    for _ in range(2):
        lead = answer(cast.director, lead, "TRUE", form_key="abc")
    with use_scope(cast.county.scope):
        events = list(workflow.list_history("leads.lead", lead.pk).values_list("event", flat=True))
    assert events == ["create", "verify_true"]


def test_of_two_people_one_wins(cast: SimpleNamespace) -> None:
    lead = found(cast)
    with use_scope(cast.director.scope):
        late = Lead.objects.select_related("child", "owner_post").get(pk=lead.pk)
    answer(cast.director, lead, "TRUE")
    with pytest.raises(NotNow, match="可能已有人先行办理"):
        answer(cast.director, late, "FALSE")


def test_cannot_tell_needs_a_day_within_thirty(cast: SimpleNamespace) -> None:
    lead = found(cast)
    for day in (None, TODAY, TODAY + timedelta(days=31)):
        with pytest.raises(NotNow, match="最长 30 天"):
            answer(cast.director, lead, "PENDING", next_check_on=day)
    day = TODAY + timedelta(days=30)
    answer(cast.director, lead, "PENDING", next_check_on=day)
    assert (lead.state, items(cast.director)) == ("PENDING", [("lead.verify", day)])
    answer(cast.director, lead, "CHANGED")
    assert lead.state == machine.CHANGED


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"words": " "}, "请写明核实到的情况"),
        ({"checked_on": TODAY + timedelta(days=1)}, "不能晚于今天"),
        ({"checked_on": TODAY - timedelta(days=1)}, "不能早于线索产生日期"),
    ],
)
def test_a_verdict_says_what_was_seen_and_when(
    cast: SimpleNamespace, facts: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(NotNow, match=sentence):
        answer(cast.director, found(cast), "TRUE", **facts)


def test_only_the_owner_verifies(cast: SimpleNamespace) -> None:
    lead = found(cast)
    with pytest.raises(PermissionDenied, match="先改派"):
        answer(cast.supervisor, lead, "TRUE")


def test_who_verified_neither_decides_nor_reviews(cast: SimpleNamespace) -> None:
    lead = found(cast)
    with use_scope(cast.county.scope):
        services.reassign(lead=lead, to=cast.county.post, reason="村主任住院", actor=cast.county)
    answer(cast.county, lead, "TRUE")
    assert lead.owner_post == cast.county_second.post
    with use_scope(cast.county.scope):
        with pytest.raises(PermissionDenied, match="不能处理自己核实的线索"):
            services.act(lead=lead, code="APPLY", words="办", actor=cast.county)
        with pytest.raises(PermissionDenied, match="不能复核自己核实的线索"):
            services.send_back(lead=lead, words="再看", actor=cast.county)
    with use_scope(cast.county_second.scope):
        services.act(lead=lead, code="APPLY", words="办", actor=cast.county_second)


def test_not_true_becomes_a_correction_and_is_remembered_next_quarter(cast: SimpleNamespace) -> None:
    """Architecture §3.5: a wrong row is told to its source; the next list does not silently raise it again."""
    evidence = [death(row=7), {"list": "roll", "row": 1, "fact": "roll", "subject": "child"}]
    lead = answer(cast.director, found(cast, evidence=evidence), "FALSE", words="父亲健在，同名同姓。")
    assert items(cast.supervisor) == [("lead.review", date(2026, 10, 19))]
    assert items(cast.county) == [("lead.correct", date(2026, 11, 9))]
    with use_scope(cast.supervisor.scope):
        services.confirm_false(lead=lead, code="WRONG_PERSON", words="属实为同名。", actor=cast.supervisor)
    with use_scope(cast.county.scope):
        again = {"rows": [row(lead.child, evidence=evidence)], "pack": "base", "actor": cast.county}
        same = services.receive(**again, run_id=2, as_of=AS_OF)
        later = services.receive(**again, run_id=3, as_of=date(2026, 12, 31))
        assert (same.get("closed_before"), later["new"]) == (1, 1)
        raised = Lead.objects.get(state="OPEN")
    assert raised.repeat_of_id == lead.pk
    assert raised.evidence[0]["doubt"] == "2026-10-12 已核实不属实：父亲健在，同名同姓。"


def test_a_correction_is_answered_by_the_county(cast: SimpleNamespace) -> None:
    answer(cast.director, found(cast), "FALSE")
    with use_scope(cast.county.scope):
        one = Correction.objects.order_by("pk").first()
        assert one is not None
        for event, words in (("send", "函告公安局"), ("correct", "公安局已更正")):
            services.answer_correction(correction=one, event=event, words=words, actor=cast.county)
        assert one.state == "CORRECTED"
    assert len(items(cast.county)) == 1, "父母两行各一件，一件已办结"


def test_sent_back_starts_again_with_a_new_term(cast: SimpleNamespace) -> None:
    lead = answer(cast.director, found(cast), "FALSE")
    with use_scope(cast.supervisor.scope):
        services.send_back(lead=lead, words="未见到儿童本人", actor=cast.supervisor)
    assert (lead.state, lead.owner_post, lead.answer) == ("OPEN", cast.director.post, "")
    assert items(cast.director) == [("lead.verify", date(2026, 11, 9))]
    assert items(cast.county) == []
    answer(cast.director, lead, "TRUE")
    assert lead.state == machine.TRUE


def test_reassigned_work_moves_with_its_item(cast: SimpleNamespace) -> None:
    lead = found(cast)
    with use_scope(cast.supervisor.scope):
        services.reassign(lead=lead, to=cast.next_director.post, reason="代管两村", actor=cast.supervisor)
        with pytest.raises(NotNow, match="不在您的辖区内"):
            services.reassign(lead=lead, to=cast.stranger.post, reason="错", actor=cast.supervisor)
        with pytest.raises(NotNow, match="需要写明理由"):
            services.reassign(lead=lead, to=cast.director.post, reason=" ", actor=cast.supervisor)
    assert items(cast.director) == []
    with use_scope(cast.next_director.scope):
        assert WorkItem.objects.filter(OPEN, owner_post=cast.next_director.post).count() == 1


def test_a_withdrawn_batch_takes_its_leads_back(cast: SimpleNamespace) -> None:
    rests = found(cast, evidence=[death(batch="B1")])
    other = found(cast, SANG, evidence=[death(batch="B2")])
    with use_scope(cast.county.scope):
        count = services.supersede_batch(list_code="deaths", batch="B1", reason="清单有误", actor=cast.county)
        states = {one.pk: one.state for one in Lead.objects.all()}
    assert (count, states) == (1, {rests.pk: "SUPERSEDED", other.pk: "OPEN"})
    assert items(cast.director) == []


STEPS = (
    "TRUE",
    "FALSE",
    "CHANGED",
    "PENDING",
    "act",
    "close",
    "confirm_false",
    "send_back",
    "reassign",
    "supersede",
)
PEOPLE = ("director", "supervisor", "county", "county_second")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(PEOPLE)), max_size=7))
def test_no_path_leaves_a_lead_without_owner_or_reason(
    cast: SimpleNamespace, steps: list[tuple[str, str]]
) -> None:
    """Whoever does whatever: a live lead has exactly one open item at its owner's, an ended one a reason and none."""
    with clock.frozen(TODAY):
        lead = found(cast)
        for step, who in steps:
            actor = getattr(cast, who)
            with use_scope(actor.scope):
                lead = Lead.objects.select_related("child", "owner_post").get(pk=lead.pk)
                try:
                    _take(step, lead, actor, cast)
                except PermissionDenied:  # also NotNow
                    continue
        with use_scope(cast.county.scope):
            lead = Lead.objects.get(pk=lead.pk)
            waiting = list(WorkItem.objects.filter(OPEN, subject_type="leads.lead", subject_id=lead.pk))
            verified = {change.actor_id for change in workflow.list_history("leads.lead", lead.pk)
                        if change.right == "lead.verdict"}  # fmt: skip
    if lead.live:
        assert [item.owner_post_id for item in waiting] == [lead.owner_post_id]
        assert waiting[0].due_on == lead.due_on
    else:
        assert waiting == []
        assert lead.end_code
        assert lead.ended_on
        assert lead.end_code == "WITHDRAWN" or lead.ended_by_id not in verified


def _take(step: str, lead: Lead, actor: Acting, cast: SimpleNamespace) -> None:
    if step in ("TRUE", "FALSE", "CHANGED", "PENDING"):
        next_day = TODAY + timedelta(days=9) if step == "PENDING" else None
        services.verdict(
            lead=lead, answer=step, words="看过", checked_on=TODAY, next_check_on=next_day, actor=actor
        )
    elif step == "reassign":
        to: Post = cast.county.post if actor is cast.county else cast.director.post
        services.reassign(lead=lead, to=to, reason="调整", actor=actor)
    elif step == "supersede":
        services.supersede(leads=[lead], reason="撤回", actor=actor)
    elif step == "send_back":
        services.send_back(lead=lead, words="再看", actor=actor)
    else:
        code = {"act": "APPLY", "close": "REFUSED", "confirm_false": "SOURCE_WRONG"}[step]
        getattr(services, step)(lead=lead, code=code, words="说明", actor=actor)
