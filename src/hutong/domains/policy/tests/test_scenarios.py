"""A policy tried first: figures, a second person, its day, leads and no silent change. R-43.05, R-15.03, R-15.13; WX-06, TM-06; ADR 0035."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from python_calamine import CalamineWorkbook

from hutong.domains.leads.models import Lead
from hutong.domains.leads.services import policy_changes
from hutong.domains.policy import machines as machine
from hutong.domains.policy import selectors, services
from hutong.domains.policy.models import Decision, Effect, Overlay, Scenario, Taking
from hutong.domains.policy.selectors import figures, scenarios
from hutong.domains.registry.models import Child, Circumstance, Kinship, Person, RollEntry
from hutong.foundation.access.acting import Acting, acting_as
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.accounts.models import User
from hutong.foundation.network.models import Holding, Org, Post
from hutong.foundation.workflow import worker
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import LongJob, WorkItem
from hutong.kernel import clock

LIU, SANG, STONE, BAMBOO = "990101101201", "990101101202", "990101102201", "990102101201"
TODAY, DAY = date(2026, 10, 12), date(2026, 11, 2)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.frozen(TODAY):
        yield


def child(number: int, area: str = LIU, *, term: bool = True, roll: str = "") -> Child:
    """Father dead; mother sentenced to four months, or alive and free. ``roll``: the scheme the child is paid under."""
    made = Child.objects.create(
        file_no=f"P{number}", name=f"柳{'一二三四五六七八九'[number % 9]}", sex=1, birth_date=date(2016, 2, 29), id_kind="UNSEEN",
        hukou_area=area, residence_area=area, state="ACTIVE",
    )  # fmt: skip
    for relation in ("father", "mother"):
        person = Person.objects.create(name="柳" + relation[0])
        Kinship.objects.create(child=made, person=person, relation=relation)
    Circumstance.objects.create(child=made, subject="father", kind="deaths", since=date(2020, 1, 1))
    if term:
        Circumstance.objects.create(
            child=made,
            subject="mother",
            kind="custody",
            since=date(2026, 10, 1),
            until=date(2027, 2, 1),
            detail="服刑",
        )
    if roll:
        RollEntry.objects.create(child=made, scheme=roll, since=date(2020, 1, 1), monthly=120000)
    return made


@pytest.fixture
def world(cast: SimpleNamespace) -> SimpleNamespace:
    """Two children of the county the draft concerns, one it does not, one of the county next door; a city officer."""
    with use_scope(system_scope("test")):
        cast.children = [child(1), child(2, STONE), child(3, term=False), child(4, BAMBOO)]
        org = Org.objects.create(name="示例市民政局", area_code="990100000000", kind="MZ")
        post = Post.objects.create(
            org=org, role="PLAN_OFFICER", area_code="990100000000", title="市儿童福利处"
        )
        user = User.objects.create(username="plan", name="市处长", must_change_password=False, password="!")
        cast.plan = acting_as(Holding.objects.create(post=post, user=user, since=date(2020, 1, 1)))
    return cast


def drafted(
    actor: Acting, *, title: str = "两个月也算", value: int = 2, key: str = "term_months"
) -> Scenario:
    with use_scope(actor.scope):
        made = services.create(actor=actor, title=title, month=date(2026, 11, 20), source="征求意见稿")
        services.add_line(
            made, actor=actor, key=key, value=value, start=date(2026, 11, 1), source="征求意见稿"
        )
    return made


def computed(actor: Acting, **changed: Any) -> Scenario:
    made = drafted(actor, **changed)
    with use_scope(actor.scope):
        services.order(made, actor=actor)
    worker.settle()
    with use_scope(actor.scope):
        made.refresh_from_db()
        assert made.state == machine.COMPUTED, LongJob.objects.values_list("error", flat=True)
    return made


def scheduled(cast: SimpleNamespace, **changed: Any) -> Scenario:
    made = computed(cast.county, **changed)
    with use_scope(cast.county.scope):
        services.propose(made, actor=cast.county, effective_on=DAY, source="甲民发〔2026〕9号")
    with use_scope(cast.county_second.scope):
        services.approve(made, actor=cast.county_second)
    return made


def the_day_comes() -> int:
    with use_scope(system_scope("test")):
        done = services.activate_due()
    worker.settle()
    return done


def test_figures_are_of_the_own_area_only(world: SimpleNamespace) -> None:
    made = computed(world.county)
    assert made.result["kinds"] == {"enters": 2}
    assert made.result["children"] == 3, "the child next door is not counted"
    assert set(made.result["places"]) == {"990101101000", "990101102000"}
    assert made.result["months"][0][2][0] - made.result["months"][0][1][0] == 2
    assert made.result["months"][3][2][0] == made.result["months"][3][1][0], "the sentences end on 1 February"
    with use_scope(world.county.scope):
        assert set(Effect.objects.values_list("child__file_no", "after")) == {
            ("P1", "DEFACTO"),
            ("P2", "DEFACTO"),
        }
    with use_scope(world.stranger_county.scope):
        assert not Scenario.objects.exists()
        assert not Effect.objects.exists()
    wide = computed(world.plan)
    assert wide.result["kinds"] == {"enters": 3}
    with use_scope(world.county.scope):
        assert list(Scenario.objects.all()) == [made], "a wider office's draft does not exist for the county"


def test_who_sees_counts_only_sees_no_small_one(world: SimpleNamespace) -> None:
    """WX-06: the city officer has no child rights."""
    made = computed(world.plan)
    with use_scope(world.plan.scope):
        shown = figures.figures(made, exact=False, small=5)
        assert shown.withheld
        assert shown.total.kinds["enters"] == "＜5"
        assert {one.kinds["enters"] for one in shown.places} == {"＜5"}
        assert shown.total.cost == ("—", "—", "—")
        exact = figures.figures(made, exact=True, small=5)
        assert [one.kinds["enters"] for one in exact.places] == [2, 1]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"key": "no_such"}, "不在政策包"),
        ({"value": "两"}, "不小于零的整数"),
        ({"key": "orphan_scattered", "value": -5}, "单位分"),
        ({"start": date(1999, 1, 1)}, "不能更早"),
        ({"key": "verify_working_days"}, "测算不出变化"),
        ({"area_code": LIU}, "不能按地方另定"),
        ({"area_code": BAMBOO}, "情景的地方之内"),
    ],
)
def test_a_bad_line_is_a_sentence_and_changes_nothing(
    world: SimpleNamespace, line: dict[str, Any], words: str
) -> None:
    made = drafted(world.county)
    with use_scope(world.county.scope):
        with pytest.raises(services.Refused, match=words):
            services.add_line(
                made, actor=world.county, **{"key": "term_months", "value": 3, "start": TODAY} | line
            )
        made.refresh_from_db()
        assert len(made.lines) == 1


def test_only_the_author_changes_it_and_a_change_takes_the_figures_away(world: SimpleNamespace) -> None:
    made = computed(world.county)
    with use_scope(world.county_second.scope):
        with pytest.raises(NotNow, match="复制"):
            services.remove_line(made, actor=world.county_second, line=services.line_key(made.lines[0]))
        other = services.copy(made, actor=world.county_second)
        assert (other.lines, other.state, other.made_by) == (
            made.lines,
            machine.DRAFT,
            world.county_second.user,
        )
        with pytest.raises(services.Refused, match="只能测算本辖区"):
            services.create(actor=world.county_second, title="邻县", month=TODAY, area_code=BAMBOO)
        with pytest.raises(services.Refused, match="区县及以上"):
            services.create(actor=world.county_second, title="一村", month=TODAY, area_code=LIU)
    with use_scope(world.county.scope):
        services.set_rules(made, actor=world.county, adopts=[], drops=["defacto"])
        made.refresh_from_db()
        assert (made.state, made.result, made.effects.count()) == (machine.DRAFT, {}, 0)
        gone = services.line_key(made.lines[0])
        services.remove_line(made, actor=world.county, line=gone)
        with pytest.raises(services.Refused, match="不在情景中"):
            services.remove_line(made, actor=world.county, line=gone)
        services.set_rules(made, actor=world.county, adopts=[], drops=[])
        with pytest.raises(services.Refused, match="没有任何改动"):
            services.order(made, actor=world.county)


def test_a_second_person_approves_a_day_to_come(world: SimpleNamespace) -> None:
    made = computed(world.county)
    with use_scope(world.county.scope):
        for day, words in ((TODAY, "今天之后"), (date(2026, 10, 20), "不能更早")):
            with pytest.raises(services.Refused, match=words):
                services.propose(made, actor=world.county, effective_on=day, source="甲民发〔2026〕9号")
        services.propose(made, actor=world.county, effective_on=DAY, source="甲民发〔2026〕9号")
        assert WorkItem.objects.get(kind="policy.approve").owner_post == world.county_second.post
        with pytest.raises(PermissionDenied, match="起草人不能批准"):
            services.approve(made, actor=world.county)
    with use_scope(world.county_second.scope):
        services.approve(made, actor=world.county_second, reason="同意")
        services.send_back(made, actor=world.county_second, reason="文件尚未印发")
        made.refresh_from_db()
        assert (made.state, made.effective_on, made.decided_by) == (machine.DRAFT, None, None)
    with clock.frozen(DAY):
        assert the_day_comes() == 0
    assert not _overlays()


def _overlays() -> list[Overlay]:
    with use_scope(system_scope("test")):
        return list(Overlay.objects.all())


def test_on_its_day_it_holds_there_and_makes_leads_but_touches_no_roll(world: SimpleNamespace) -> None:
    with use_scope(system_scope("test")):
        paid = child(5, LIU, roll="ORPHAN-S")
        child(6, LIU, roll="DEFACTO")
        before = list(RollEntry.objects.order_by("pk").values())
    made = scheduled(world)
    with use_scope(world.county.scope):
        old = selectors.book("base", DAY, LIU).version
    assert the_day_comes() == 0, "not before its day"
    with clock.frozen(DAY):
        assert the_day_comes() == 1
        assert the_day_comes() == 0, "once"
        with use_scope(world.county.scope):
            made.refresh_from_db()
            assert made.state == machine.ACTIVE
            leads = set(Lead.objects.values_list("child__file_no", "kind", "scheme"))
            assert leads == {
                ("P1", "SUSPECTED", "DEFACTO"),
                ("P2", "SUSPECTED", "DEFACTO"),
                ("P5", "CHANGED", "DEFACTO"),
            }
            lead = Lead.objects.get(child=paid)
            assert lead.evidence[0]["title"] == "政策调整：两个月也算"
            assert lead.why["rule"] == "defacto"
            assert selectors.book("base", DAY, LIU).version != old
            assert selectors.book("base", DAY, LIU).evaluate_one({}).undecided
            assert selectors.book("base", date(2026, 11, 1), LIU).version == old, (
                "the days before are as they were"
            )
            assert selectors.explain(world.children[0], DAY).scheme == "DEFACTO"
        with use_scope(world.stranger_county.scope):
            assert selectors.book("base", DAY, BAMBOO).version == selectors.book("base", DAY, "").version, (
                "next door nothing changed"
            )
            assert not Lead.objects.exists()
        with use_scope(system_scope("test")):
            assert list(RollEntry.objects.order_by("pk").values()) == before
            overlay = Overlay.objects.get()
        assert "批准：" in overlay.source
        with use_scope(world.county.scope):
            actor = replace(world.county)
            assert policy_changes.recompute(made.pk, actor=actor)["same"] == 3, "again is the same"


def test_a_rule_dropped_puts_whoever_is_paid_on_the_list_to_be_looked_at(world: SimpleNamespace) -> None:
    with use_scope(system_scope("test")):
        paid = child(7, LIU, roll="DEFACTO")
        Circumstance.objects.filter(child=paid, subject="mother").update(until=date(2029, 1, 1))
    made = drafted(world.county, title="停用事实无人抚养", value=6)
    with use_scope(world.county.scope):
        services.remove_line(made, actor=world.county, line=services.line_key(made.lines[0]))
        services.set_rules(made, actor=world.county, adopts=[], drops=["defacto"])
        services.order(made, actor=world.county)
    worker.settle()
    with use_scope(world.county.scope):
        made.refresh_from_db()
        assert made.result["kinds"] == {"leaves": 1}
        services.propose(made, actor=world.county, effective_on=DAY, source="甲民发〔2026〕10号")
    with use_scope(world.county_second.scope):
        services.approve(made, actor=world.county_second)
    with clock.frozen(DAY):
        the_day_comes()
        with use_scope(world.county.scope):
            assert list(Lead.objects.values_list("child__file_no", "kind", "scheme")) == [
                ("P7", "SHOULD_EXIT", "DEFACTO")
            ]
            assert RollEntry.objects.get(child=paid).until is None


def test_a_new_amount_is_one_task_and_no_lead(world: SimpleNamespace) -> None:
    with use_scope(system_scope("test")):
        paid = child(8, LIU, roll="DEFACTO")
        Circumstance.objects.filter(child=paid, subject="mother").update(until=date(2029, 1, 1))
    scheduled(world, key="defacto_standard", value=170000)
    with clock.frozen(DAY):
        the_day_comes()
        with use_scope(world.county.scope):
            assert not Lead.objects.exists()
            item = WorkItem.objects.get(kind="lead.payment")
            assert "在册 1 人" in item.summary
            assert selectors.explain(paid, DAY).monthly_due == 170000


def test_what_is_kept_and_told_is_by_what_is_in_force(world: SimpleNamespace) -> None:
    """The panel, the decision kept beside it, its check, the programme told on the telephone: one figure."""
    with use_scope(system_scope("test")):
        paid = child(8, LIU, roll="DEFACTO")
        Circumstance.objects.filter(child=paid, subject="mother").update(until=date(2029, 1, 1))
    scheduled(world, key="defacto_standard", value=170000)
    with clock.frozen(DAY):
        the_day_comes()
        with use_scope(world.county.scope):
            kept = services.keep(
                child=paid, act="ASSESSED", actor=world.county, known_at=clock.host_now() + timedelta(days=1)
            )
            assert (kept.monthly, kept.version) == (170000, selectors.explain(paid, DAY).version)
            again = selectors.check(kept)
            assert (again.same_rules, again.same_answer, again.monthly_now) == (True, True, 170000)
            told = selectors.find_offer("defacto", LIU, DAY)
            assert told is not None
            assert "1,700.00 元/月" in told.amounts[0]
            info = selectors.find_rule("defacto_due", "base", DAY, LIU)
            assert info is not None
            assert any("1,700.00" in one.value for one in info.figures)
        with use_scope(world.stranger_county.scope):
            next_door = selectors.find_offer("defacto", BAMBOO, DAY)
            assert next_door is not None
            assert "1,700.00" not in next_door.amounts[0]


def test_a_lead_of_the_day_keeps_the_rules_that_made_it(world: SimpleNamespace) -> None:
    scheduled(world)
    with clock.frozen(DAY):
        the_day_comes()
        with use_scope(world.county.scope):
            kept = Decision.objects.filter(act="LEAD_FOUND").earliest("pk")
            again = selectors.check(kept)
            assert (again.same_rules, again.same_answer) == (True, True)


def test_a_benefit_newly_in_force_is_found_and_one_dropped_is_not(world: SimpleNamespace) -> None:
    given = {one.rule for one in selectors.list_benefits(selectors.book("base", DAY, ""))}
    made = drafted(world.county, title="新设一项、停用一项")
    with use_scope(world.county.scope):
        new = next(name for name, _ in scenarios.list_rules(made)[0] if name.startswith("ben_"))
        old = sorted(given)[0]
        services.remove_line(made, actor=world.county, line=services.line_key(made.lines[0]))
        services.set_rules(made, actor=world.county, adopts=[new], drops=[old])
        services.order(made, actor=world.county)
    worker.settle()
    with use_scope(world.county.scope):
        made.refresh_from_db()
        services.propose(made, actor=world.county, effective_on=DAY, source="甲民发〔2026〕12号")
    with use_scope(world.county_second.scope):
        services.approve(made, actor=world.county_second)
    with clock.frozen(DAY):
        the_day_comes()
        with use_scope(world.county.scope):
            (due,) = selectors.due_to([world.children[0]], DAY)
            assert set(due.holds) == (given | {new}) - {old}
            assert {one.rule for one in due.benefits} == set(due.holds)


def test_what_was_computed_over_another_pack_is_stale(world: SimpleNamespace) -> None:
    first = scheduled(world)
    second = computed(world.county, title="三个月", value=3)
    third = scheduled(world, title="一个月", value=1)
    with clock.frozen(DAY):
        assert the_day_comes() == 1
        with use_scope(world.county.scope):
            for one, state in ((first, machine.ACTIVE), (second, machine.STALE), (third, machine.STALE)):
                one.refresh_from_db()
                assert one.state == state
            assert "政策包已有变动" in WorkItem.objects.get(kind="policy.revise", subject_id=third.pk).summary
        old = computed(world.county, title="旧账", value=4)
    late = {"effective_on": date(2027, 1, 1), "source": "甲民发〔2026〕11号"}
    with (
        clock.frozen(date(2026, 12, 25)),
        use_scope(world.county.scope),
        pytest.raises(services.Refused, match="超过 30 天"),
    ):
        services.propose(old, actor=world.county, **late)


def test_pages_from_draft_to_file(world: SimpleNamespace, client_as: Callable[[str], Any]) -> None:
    client = client_as("county")
    bad = client.post(
        "/policy/scenarios/new/",
        {"title": "邻县", "area_code": BAMBOO, "month": "2026-11-01", "source": "试"},
    )
    assert bad.status_code == 422
    assert "只能测算本辖区" in bad.text
    given = {"title": "提标", "area_code": "990101000000", "month": "2026-11-20", "source": "征求意见稿"}
    page = client.post("/policy/scenarios/new/", given, follow=True)
    address = page.redirect_chain[-1][0]
    line = {"key": "defacto_standard", "value": "一千七", "start": "2026-11-01", "source": "征求意见稿"}
    assert "不是有效金额" in client.post(f"{address}line/", line).text
    assert "现行数值" in client.get(f"{address}line/").text
    client.post(f"{address}line/", line | {"value": "1700"})
    client.post(f"{address}line/", line | {"key": "term_months", "value": "2"})
    assert "1,700.00 元/月" in client.get(address).text
    client.post(f"{address}compute/")
    worker.settle()
    page = client.get(address).text
    assert "新纳入" in page
    assert "柳**" in page
    assert "柳一" not in page
    assert "3,400.00" in page, "two children at 1,700"
    other = computed(world.county, title="只改期限")
    both = client.get("/policy/scenarios/compare/", {"a": address.split("/")[-2], "b": other.public_id})
    assert both.status_code == 200
    assert "只改期限" in both.text
    assert "东镇" in client.get(f"{address}places.csv").content.decode()
    assert client.post(f"{address}file/", {"purpose": "看看"}).status_code == 422
    sent = client.post(f"{address}file/", {"purpose": "提交局务会研究 2027 年标准"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(sent.content))
    assert book.sheet_names == ["改动", "按地方", "按月", "人员变化（已遮盖）"]
    rows = book.get_sheet_by_name("人员变化（已遮盖）").to_python()
    assert "提交局务会" in str(rows[0][0])
    assert {row[0] for row in rows[2:]} == {"柳**"}
    with use_scope(world.county.scope):
        assert Taking.objects.get().rows == 2
    stranger = client_as("stranger_county")
    for path in ("", "line/", "file/", "places.csv", "step/withdraw/"):
        assert stranger.get(f"{address}{path}").status_code == 404
    asked = {"effective_on": DAY.isoformat(), "source": "甲民发〔2026〕9号"}
    client.post(f"{address}step/propose/", asked)
    assert client.get(f"{address}step/approve/").status_code == 404, "not the author"
    second = client_as("county_second")
    assert "甲民发" in second.get(f"{address}step/approve/").text
    second.post(f"{address}step/approve/", {"reason": ""})
    assert "已批准，待启用" in second.get(address).text
    client.post(f"{address}step/withdraw/", {"reason": "不办了"})
    assert "已撤回" in client.get(address).text
