"""A yearly list as a difference, decided by one person, confirmed by another, carried out all or nothing (N12; ADR 0020)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from hutong.domains.ledgers.models import QuarterReport
from hutong.domains.ledgers.selectors import completeness
from hutong.domains.registry.models import Child, Move
from hutong.domains.registry.presenters import moves as presenter
from hutong.domains.registry.search import finding
from hutong.domains.registry.services import moves, placing
from hutong.foundation.access.acting import acting_as
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.adjustments import machines as machine
from hutong.foundation.adjustments import selectors, services, tasks
from hutong.foundation.adjustments.models import Adjustment, Refiled
from hutong.foundation.audit.models import Change
from hutong.foundation.network import history
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Area, AreaPeriod, AreaRelation, Holding, Org, Post
from hutong.foundation.workflow import worker
from hutong.foundation.workflow.errors import NotNow
from hutong.foundation.workflow.models import OPEN, StatusChange, WorkItem
from hutong.kernel import clock

from .conftest import (
    COUNTY,
    EAST,
    MULBERRY,
    NEW_VILLAGE,
    SOURCE,
    STONE,
    WILLOW,
    Compared,
    decide,
)

MERGED: dict[str, Any] = {WILLOW: ("merge", [MULBERRY])}


def sees(who: Any, child: Child) -> bool:
    """As the next request of that person sees it: the post is read anew."""
    holding = Holding.objects.select_related("post", "post__org", "user").get(pk=who.holdings[0].pk)
    with use_scope(acting_as(holding).scope):
        return Child.objects.filter(pk=child.pk).exists()


def test_comparing_changes_nothing_and_counts_the_children(compared: Compared, child: Child) -> None:
    made = compared({WILLOW: None, MULBERRY: "大桑村", NEW_VILLAGE: "新柳村"})
    with use_scope(system_scope("test")):
        rows = {row.area_code: row for row in made.rows.all()}
    assert {code: row.kind for code, row in rows.items()} == {
        WILLOW: machine.GONE, MULBERRY: machine.RENAMED, NEW_VILLAGE: machine.ADDED,
    }  # fmt: skip
    assert rows[WILLOW].filed == {"岗位": 1, "儿童": 1}
    assert rows[WILLOW].guess == [NEW_VILLAGE]
    assert Area.objects.get(code=MULBERRY).name == "桑村"
    assert not Area.objects.filter(code=NEW_VILLAGE).exists()


def test_a_renamed_place_keeps_its_name_for_the_days_before(changed: Compared) -> None:
    changed({WILLOW: "大柳村"}, {})
    today = clock.today()
    assert network.area_path(WILLOW) == "示例省示例市甲县东镇大柳村"
    assert history.path_on(WILLOW, today - timedelta(days=1)) == "示例省示例市甲县东镇柳村（现为大柳村）"
    assert history.path_on(WILLOW, today) == "示例省示例市甲县东镇大柳村"
    relation = AreaRelation.objects.get(old_code=WILLOW)
    assert (relation.kind, relation.on, relation.source) == ("renamed", today, SOURCE)


def test_a_renamed_township_renames_the_full_names_below(changed: Compared) -> None:
    changed({EAST: "大东镇"}, {})
    assert network.area_path(WILLOW) == "示例省示例市甲县大东镇柳村"


def test_before_and_after_a_merger(cast: SimpleNamespace, changed: Compared, child: Child) -> None:
    """Scopes and totals follow: the other village's director sees the child from the day on, the old one still does."""
    assert sees(cast.director, child)
    assert not sees(cast.next_director, child)
    made = changed({WILLOW: None}, MERGED)
    assert [sees(who, child) for who in (cast.director, cast.next_director, cast.stranger)] == [
        True,
        True,
        False,
    ]
    with use_scope(system_scope("test")):
        child.refresh_from_db()
        assert (child.residence_area, child.hukou_area) == (MULBERRY, MULBERRY)
        assert selectors.filed_then(child, "residence_area") == WILLOW
        assert Post.objects.get(pk=cast.director.post.pk).area_code == MULBERRY
        assert made.refiled["registry_child"] == 2
    assert network.area_path(WILLOW) == "示例省示例市甲县东镇柳村（现为桑村）"
    assert history.successors([WILLOW]) == {WILLOW: [MULBERRY]}


def test_the_search_and_the_history_follow(cast: SimpleNamespace, changed: Compared, child: Child) -> None:
    changed({WILLOW: None}, MERGED)
    with use_scope(cast.next_director.scope):
        assert [one.child.pk for one in finding.search("单小禾", cast.next_director).hits] == [child.pk]
        steps = StatusChange.objects.filter(subject_type="registry.child", subject_id=child.pk)
        assert {one.area_code for one in steps} == {MULBERRY}


def test_every_changed_row_is_in_the_log(cast: SimpleNamespace, changed: Compared, child: Child) -> None:
    changed({WILLOW: None}, MERGED)
    with use_scope(cast.auditor.scope):
        line = Change.objects.filter(table="registry_child", row_id=str(child.pk), operation="UPDATE").latest(
            "at"
        )
        assert line.diff["residence_area"] == [WILLOW, MULBERRY]
        assert line.reason == f"区划调整：{SOURCE}"
        assert line.actor_id == cast.county_second.user.pk
        assert Change.objects.filter(table="adjustments_row").exists()
    with use_scope(system_scope("test")):
        assert Change.objects.get(table="network_arearelation").diff["old_code"] == [WILLOW]


def test_two_bodies_of_one_name_stay_two(cast: SimpleNamespace, changed: Compared) -> None:
    for code in (WILLOW, MULBERRY):
        Org.objects.create(name="村委会", kind="VILLAGE", area_code=code)
    changed({WILLOW: None}, MERGED)
    names = Org.objects.filter(area_code=MULBERRY, name__startswith="村委会").values_list("name", flat=True)
    assert sorted(names) == ["村委会", "村委会（原柳村）"]


def test_what_both_places_have_stays_two(cast: SimpleNamespace, changed: Compared) -> None:
    """Two reports of one quarter cannot both be the new place's: the one that arrives keeps the place it was made for."""
    with use_scope(system_scope("test")):
        for code, quarter in ((WILLOW, "2026Q2"), (WILLOW, "2026Q3"), (MULBERRY, "2026Q3")):
            QuarterReport.objects.create(
                area_code=code, quarter=quarter, layout="v1", rows=0, digest="0" * 64, made_by=cast.county.user,
                made_post=cast.county.post, made_label="示例", made_at=clock.now(),
            )  # fmt: skip
    made = changed({WILLOW: None}, MERGED)
    with use_scope(system_scope("test")):
        found = QuarterReport.objects.order_by("area_code", "quarter").values_list("area_code", "quarter")
        assert list(found) == [(WILLOW, "2026Q3"), (MULBERRY, "2026Q2"), (MULBERRY, "2026Q3")]
        assert made.refiled["ledgers_quarterreport"] == 1
        assert Refiled.objects.filter(table="ledgers_quarterreport").count() == 1


def test_a_place_that_goes_to_another_township_is_called_so(changed: Compared) -> None:
    moved = "990101102202"
    made = changed({WILLOW: None, moved: "柳村"}, {})
    with use_scope(system_scope("test")):  # one new code of the same name leaves no choice
        assert made.rows.get(area_code=WILLOW).decision == machine.RECODE
    assert AreaRelation.objects.get(old_code=WILLOW).kind == "reparented"
    assert network.area_path(WILLOW) == "示例省示例市甲县东镇柳村（现为柳村）"


def test_whoever_compared_or_decided_may_not_confirm(cast: SimpleNamespace, compared: Compared) -> None:
    made = compared({WILLOW: "大柳村", MULBERRY: "大桑村"})
    decide(made, cast.county_second, {})
    with use_scope(cast.county.scope):
        services.submit(made, actor=cast.county)
    for who in (cast.county, cast.county_second):
        with use_scope(who.scope), pytest.raises(PermissionDenied):
            services.confirm(made, actor=who)
    assert Area.objects.get(code=WILLOW).name == "柳村"


def test_the_second_person_is_asked_and_the_first_when_sent_back(
    cast: SimpleNamespace, compared: Compared
) -> None:
    made = compared({WILLOW: "大柳村"})
    decide(made, cast.county, {})
    with use_scope(cast.county.scope):
        services.submit(made, actor=cast.county)
        assert WorkItem.objects.get(OPEN, kind="adjustments.confirm").owner_post == cast.county_second.post
    with use_scope(cast.county_second.scope):
        services.send_back(made, actor=cast.county_second, reason="请核对批复")
        assert WorkItem.objects.get(OPEN, kind="adjustments.revise").owner_post == cast.county.post
        assert not WorkItem.objects.filter(OPEN, kind="adjustments.confirm").exists()


@pytest.mark.parametrize(
    ("changes", "decisions", "says"),
    [
        ({WILLOW: None}, {}, "还没有决定"),
        ({WILLOW: None}, {WILLOW: ("close", [])}, "不能撤销"),
        ({WILLOW: None}, {WILLOW: ("merge", [NEW_VILLAGE])}, "生效后不存在"),
        ({WILLOW: None, MULBERRY: None}, {WILLOW: ("merge", [MULBERRY]), MULBERRY: ("merge", [WILLOW])}, "生效后不存在"),
        ({EAST: None, WILLOW: None, MULBERRY: None}, {EAST: ("merge", ["990101102000"]), WILLOW: ("skip", []), MULBERRY: ("skip", [])}, "上级将停用"),
        ({"990101103201": "孤村"}, {}, "上级生效后不存在"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_row_by_row(
    cast: SimpleNamespace, compared: Compared, child: Child, changes: Any, decisions: Any, says: str
) -> None:
    made = compared(changes)
    decide(made, cast.county, decisions)
    with use_scope(cast.county.scope), pytest.raises(services.AdjustmentRefused) as refused:
        services.submit(made, actor=cast.county)
    assert any(says in line for line in refused.value.problems)


@pytest.mark.parametrize("targets", [[], [WILLOW], ["990102101201"], ["990101102000"], [MULBERRY, STONE]])
def test_a_merger_names_one_other_village_of_the_range(
    cast: SimpleNamespace, compared: Compared, targets: list[str]
) -> None:
    made = compared({WILLOW: None})
    with use_scope(cast.county.scope):
        row = made.rows.select_related("adjustment").get(area_code=WILLOW)
        with pytest.raises(services.AdjustmentRefused):
            services.decide(row, actor=cast.county, decision="merge", targets=targets)
        assert made.rows.filter(decision="").count() == 1


def test_what_is_confirmed_for_later_waits_for_its_day(
    cast: SimpleNamespace, changed: Compared, child: Child
) -> None:
    day = clock.today() + timedelta(days=3)
    made = changed({WILLOW: None}, MERGED, on=day)
    assert made.state == machine.CONFIRMED
    assert tasks.carry_out_due() == 0
    assert not sees(cast.next_director, child)
    with clock.frozen(day):
        assert tasks.carry_out_due() == 1
        worker.settle()
    assert sees(cast.next_director, child)
    assert Area.objects.get(code=WILLOW).valid_to == day


def test_what_no_longer_fits_on_its_day_goes_back_and_keeps_nothing_else(
    cast: SimpleNamespace, changed: Compared, child: Child
) -> None:
    day = clock.today() + timedelta(days=3)
    made = changed({WILLOW: None}, MERGED, on=day)
    Area.objects.filter(code=MULBERRY).update(valid_to=clock.today())
    with clock.frozen(day):
        assert tasks.carry_out_due() == 0
    with use_scope(system_scope("test")):
        made.refresh_from_db()
        assert made.state == machine.OPEN
        assert "生效后不存在" in made.answer
        assert Child.objects.get(pk=child.pk).residence_area == WILLOW


def test_a_record_made_under_the_old_code_while_it_went_through_follows_later(
    cast: SimpleNamespace, changed: Compared, child: Child
) -> None:
    changed({WILLOW: None}, MERGED)
    with use_scope(system_scope("test")):
        Child.objects.filter(pk=child.pk).update(hukou_area=WILLOW)
    tasks.carry_out_due()
    with use_scope(system_scope("test")):
        assert Child.objects.get(pk=child.pk).hukou_area == MULBERRY


def test_all_or_nothing(cast: SimpleNamespace, compared: Compared, child: Child) -> None:
    """A place that was renamed later than the day given refuses the whole, the merger beside it too."""
    Area.objects.filter(code=STONE).update(valid_from=clock.today())
    made = compared({WILLOW: None, STONE: "大石村"})
    decide(made, cast.county, MERGED)
    with use_scope(cast.county.scope):
        services.submit(made, actor=cast.county)
    with use_scope(cast.county_second.scope), pytest.raises(services.AdjustmentRefused):
        services.confirm(made, actor=cast.county_second)
    with use_scope(system_scope("test")):
        made.refresh_from_db()
        assert made.state == machine.DECIDED
        assert Area.objects.get(code=WILLOW).valid_to is None
        assert Child.objects.get(pk=child.pk).residence_area == WILLOW
        assert not AreaRelation.objects.exists()
        assert not Refiled.objects.exists()


def test_a_sealed_file_follows_unseen(cast: SimpleNamespace, changed: Compared, child: Child) -> None:
    with use_scope(replace(system_scope("test"), sealed=("adoption",))):
        Child.objects.filter(pk=child.pk).update(sealed_in="adoption")
    made = changed({WILLOW: None}, MERGED)
    assert "registry_child" not in made.refiled
    with use_scope(system_scope("test")):
        assert not Refiled.objects.filter(table="registry_child").exists()
    assert not sees(cast.director, child)
    with use_scope(replace(system_scope("test"), sealed=("adoption",))):
        assert Child.objects.get(pk=child.pk).residence_area == MULBERRY


def test_totals_follow(cast: SimpleNamespace, changed: Compared, child: Child) -> None:
    """By village before and after; the township's total is the same on every day."""
    assert by_village(cast) == {WILLOW: 1}
    changed({WILLOW: None}, MERGED)
    assert by_village(cast) == {MULBERRY: 1}
    changed(
        {MULBERRY: None, NEW_VILLAGE: "甲村", "990101101205": "乙村"},
        {MULBERRY: ("split", [NEW_VILLAGE, "990101101205"])},
    )
    assert by_village(cast) == {MULBERRY: 1}  # until somebody has said where she belongs
    with use_scope(cast.supervisor.scope):
        held = Child.objects.get(pk=child.pk)
        placing.assign(
            held, actor=cast.supervisor, places={"residence_area": NEW_VILLAGE, "hukou_area": NEW_VILLAGE}
        )
    assert by_village(cast) == {NEW_VILLAGE: 1}


def by_village(cast: SimpleNamespace) -> dict[str, int]:
    with use_scope(cast.supervisor.scope):
        return {place.code: place.files for place in completeness.by_place(cast.supervisor, EAST)}


def test_a_code_cannot_live_twice_on_one_day(cast: SimpleNamespace, changed: Compared) -> None:
    """Out of force since today; a list of last month cannot have it begin before."""
    changed({WILLOW: None}, {WILLOW: ("merge", [MULBERRY])})
    with pytest.raises(services.AdjustmentRefused, match="才停用"):
        changed({WILLOW: "新柳村"}, {}, on=clock.today() - timedelta(days=30))
    assert Area.objects.get(code=WILLOW).valid_to == clock.today()
    assert not AreaPeriod.objects.filter(code=WILLOW).exists()


def test_a_place_cannot_end_before_another_came_into_it(cast: SimpleNamespace, changed: Compared) -> None:
    changed({WILLOW: None}, {WILLOW: ("merge", [MULBERRY])})
    with pytest.raises(services.AdjustmentRefused, match="生效日期不能更早"):
        changed(
            {MULBERRY: None, NEW_VILLAGE: "新村"},
            {MULBERRY: ("recode", [NEW_VILLAGE])},
            on=clock.today() - timedelta(days=9),
        )
    assert Area.objects.get(code=MULBERRY).valid_to is None


def test_a_code_used_again_is_another_place(cast: SimpleNamespace, changed: Compared) -> None:
    start = clock.today()
    changed({WILLOW: None}, {WILLOW: ("merge", [MULBERRY])})
    with clock.frozen(start + timedelta(days=30)):
        changed({WILLOW: "新柳村"}, {})
    with clock.frozen(start + timedelta(days=60)):
        changed({WILLOW: None}, {WILLOW: ("merge", [MULBERRY])})
    assert history.path_on(WILLOW, start - timedelta(days=1)) == "示例省示例市甲县东镇柳村（现为桑村）"
    assert history.path_on(WILLOW, start + timedelta(days=1)) == ""
    assert history.path_on(WILLOW, start + timedelta(days=31)) == "示例省示例市甲县东镇新柳村（现为桑村）"


def test_a_code_with_children_still_to_be_placed_is_not_used_again(
    cast: SimpleNamespace, changed: Compared, compared: Compared, child: Child
) -> None:
    changed(
        {WILLOW: None, NEW_VILLAGE: "甲村", "990101101205": "乙村"},
        {WILLOW: ("split", [NEW_VILLAGE, "990101101205"])},
    )
    made = compared({WILLOW: "新柳村"}, on=clock.today() + timedelta(days=1))
    decide(made, cast.county, {})
    with use_scope(cast.county.scope), pytest.raises(services.AdjustmentRefused) as refused:
        services.submit(made, actor=cast.county)
    assert "还没有落实" in refused.value.problems[0]


def test_a_second_list_waits_until_the_first_is_done(cast: SimpleNamespace, compared: Compared) -> None:
    first = compared({WILLOW: "大柳村"})
    with pytest.raises(services.AdjustmentRefused, match="还没有办结"):
        compared({WILLOW: "大柳村"})
    with use_scope(cast.county.scope):
        services.withdraw(first, actor=cast.county, reason="清单有误")
    assert compared({WILLOW: "大柳村"}).state == machine.OPEN


def test_the_county_next_door_sees_nothing(cast: SimpleNamespace, compared: Compared) -> None:
    made = compared({WILLOW: "大柳村"})
    with use_scope(cast.stranger_county.scope):
        assert not Adjustment.objects.exists()
        assert not made.rows.exists()
        with pytest.raises(services.AdjustmentRefused, match="不在您的辖区"):
            services.compare(
                actor=cast.stranger_county, listed={COUNTY: "甲县"}, digest="", within=COUNTY, title="", source=SOURCE,
                effective_on=clock.today(),
            )  # fmt: skip


def test_a_decided_difference_is_fixed(cast: SimpleNamespace, compared: Compared) -> None:
    made = compared({WILLOW: "大柳村"})
    decide(made, cast.county, {})
    with use_scope(cast.county.scope):
        services.submit(made, actor=cast.county)
        row = made.rows.select_related("adjustment").get()
        with pytest.raises(NotNow):
            services.decide(row, actor=cast.county, decision="skip")


def test_an_old_move_shows_the_place_of_its_day(
    cast: SimpleNamespace, changed: Compared, child: Child
) -> None:
    with use_scope(cast.director.scope):
        move = moves.propose(
            child, actor=cast.director, what="both", to_area=MULBERRY, moved_on=clock.today() - timedelta(days=9),
            reason="PARENTS", words="随父母迁居",
        )  # fmt: skip
    changed({WILLOW: None}, {WILLOW: ("merge", [MULBERRY])})
    with use_scope(cast.supervisor.scope):
        now = Move.objects.get(pk=move.pk)
        assert now.from_area == MULBERRY
        shown = dict(presenter.facts(now))
    assert shown["转出地"] == "示例省示例市甲县东镇柳村（现为桑村）"
