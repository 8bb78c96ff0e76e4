"""Rows of registry, policy, leads and exchange. The child of the world lives in 柳村, where the cast's director works."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from .rows import PUBLIC, Row, World, some_id
from .rows_policy import SCENARIOS

READ_WRITE = ("GET", "POST")
WILLOW = "990101101201"
NOWHERE = "00000000-0000-4000-8000-000000000000"


def child(world: World) -> Any:
    """A registered child of 柳村, by hukou and residence; those above have said why they open the file today."""
    from hutong.domains.registry.models import Child
    from hutong.foundation.access import explaining
    from hutong.foundation.access.scope import use_scope

    def make() -> Any:
        with use_scope(world.cast.director.scope):
            made = Child.objects.create(
                file_no="H9901010001", name="柳试", sex=1, birth_date=date(2015, 5, 1), id_kind="UNSEEN",
                hukou_area=WILLOW, residence_area=WILLOW, state="ACTIVE",
            )  # fmt: skip
        for actor in (world.cast.supervisor, world.cast.county):
            with use_scope(actor.scope):
                explaining.state_reason(
                    actor=actor,
                    child_id=made.pk,
                    area_code=WILLOW,
                    code="SUPERVISE",
                    words="督导检查该村档案",
                )
        return made

    return world.once("child", make)


def lead(world: World) -> Any:
    """An open lead about that child."""
    from hutong.domains.leads import services
    from hutong.domains.leads.models import Lead
    from hutong.domains.leads.tests.factories import row
    from hutong.foundation.access.scope import use_scope

    def make() -> Any:
        about = child(world)
        with use_scope(world.cast.county.scope):
            services.receive(
                rows=[row(about)], run_id=1, as_of=date(2026, 9, 30), pack="base", actor=world.cast.county
            )
            return Lead.objects.get(child=about)

    return world.once("lead", make)


def offer(world: World) -> Any:
    """A benefit found for that child."""
    from hutong.domains.outreach.models import Offer
    from hutong.foundation.access.scope import system_scope, use_scope

    def make() -> Any:
        with use_scope(system_scope("rows")):
            return Offer.objects.create(
                child=child(world), benefit="ben_dibao", label="低保中的儿童提高救助水平", pack="CQ-2025", version="0",
                as_of=date(2026, 9, 30), facts={"birth_date": "2015-05-01", "low_income": "dibao"}, digest="0",
                area_code=WILLOW, hukou_area=WILLOW, found_on=date(2026, 9, 30), due_on=date(2026, 10, 20),
            )  # fmt: skip

    return world.once("offer", make)


def offered_child_id(world: World) -> dict[str, Any]:
    offer(world)
    return child_id(world)


def proposal(world: World) -> Any:
    """A draft to correct that child's name."""
    from hutong.domains.registry import services
    from hutong.foundation.access.scope import use_scope

    def make() -> Any:
        with use_scope(world.cast.director.scope):
            return services.propose(
                child(world), actor=world.cast.director, changes={"name": "柳实"}, reason="户口簿上是实字"
            )

    return world.once("proposal", make)


def pair(world: World) -> Any:
    """That child and another who may be the same."""
    from hutong.domains.registry.models import Child, Pair
    from hutong.domains.registry.services import pairs
    from hutong.foundation.access.scope import use_scope

    def make() -> Any:
        one = child(world)
        with use_scope(world.cast.director.scope):
            other = Child.objects.create(
                file_no="H9901019992", name=one.name, sex=1, birth_date=one.birth_date, id_kind="UNSEEN",
                hukou_area=WILLOW, residence_area=WILLOW, state="ACTIVE",
            )  # fmt: skip
            pairs.scan(WILLOW, actor=world.cast.director)
            return Pair.objects.get(first=one, second=other)

    return world.once("pair", make)


def pair_and(**more: Any) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"public_id": pair(world).public_id} | more


def proposal_and(**more: Any) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"public_id": proposal(world).public_id} | more


def child_id(world: World) -> dict[str, Any]:
    return {"public_id": child(world).public_id}


def lead_id(world: World) -> dict[str, Any]:
    return {"public_id": lead(world).public_id}


def child_and(**more: Any) -> Callable[[World], dict[str, Any]]:
    """The child's address with further parts."""
    return lambda world: child_id(world) | more


def _another(world: World, key: str) -> Any:
    """A second child of 柳村: what moves or leaves must not change what the other rows find."""
    from hutong.domains.registry.models import Child
    from hutong.foundation.access.scope import use_scope

    def make() -> Any:
        with use_scope(world.cast.director.scope):
            return Child.objects.create(
                file_no=f"H99010100{len(world.made) + 50:02d}", name="柳再试", sex=2, birth_date=date(2016, 5, 1),
                id_kind="UNSEEN", hukou_area=WILLOW, residence_area=WILLOW, state="ACTIVE",
            )  # fmt: skip

    return world.once(key, make)


def move_and(**more: Any) -> Callable[[World], dict[str, Any]]:
    """The address of a move to a place outside the system, waiting for the county."""
    from hutong.domains.registry import services
    from hutong.foundation.access.scope import use_scope

    def make(world: World) -> Any:
        about, who = _another(world, "moving child"), world.cast.director
        with use_scope(who.scope):
            return services.moves.propose(
                about, actor=who, what="both", to_place="外省某县", outside=True, moved_on=date(2026, 9, 1),
                reason="PARENTS", words="随父母迁居",
            )  # fmt: skip

    return lambda world: {"public_id": world.once("move", lambda: make(world)).public_id} | more


def exit_and(**more: Any) -> Callable[[World], dict[str, Any]]:
    """The address of a request to leave, waiting for the county."""
    from hutong.domains.registry import services
    from hutong.foundation.access.scope import use_scope

    def make(world: World) -> Any:
        about, who = _another(world, "leaving child"), world.cast.supervisor
        with use_scope(who.scope):
            return services.exits.request(about, actor=who, close_reason="RECOVERED", reason="父母返乡照料")

    return lambda world: {"public_id": world.once("exit", lambda: make(world)).public_id} | more


ROWS: tuple[Row, ...] = (
    # registry
    Row("registry:search", "child.search"),
    Row("registry:child", "child.view", args=child_id, child=True),
    Row("registry:new", "child.create", READ_WRITE),
    Row("registry:reason", "child.view", ("POST",), args=child_id, child=True),
    Row("registry:viewers", "child.viewers", args=child_id, child=True),
    Row("registry:edit", "child.edit", READ_WRITE, args=child_and(part="identity"), child=True),
    Row("registry:add", "child.edit", READ_WRITE, args=child_and(section="kin"), child=True),
    Row(
        "registry:correct", "child.edit", READ_WRITE, args=child_and(fact_id="zzzz"), child=True, whole=False
    ),
    Row(
        "registry:end_kin",
        "child.edit",
        READ_WRITE,
        args=child_and(person_id=NOWHERE, relation="father"),
        child=True,
        whole=False,
    ),
    Row("registry:step", "child.view", READ_WRITE, args=child_and(event="close"), child=True, whole=False),
    Row("registry:proposals", "child.propose"),
    Row("registry:propose", "child.propose", READ_WRITE, args=child_id, child=True),
    Row("registry:proposal", "child.view", args=proposal_and(), child=True),
    Row("registry:revise_proposal", "child.propose", READ_WRITE, args=proposal_and(), child=True),
    Row(
        "registry:proposal_step",
        "child.view",
        READ_WRITE,
        args=proposal_and(event="refuse"),
        child=True,
        fresh=True,
    ),
    # ledgers
    Row("ledgers:index", "ledger.view"),
    Row("ledgers:exports", "ledger.export"),
    Row("ledgers:ask", "ledger.export", READ_WRITE, fresh=True),
    Row("ledgers:export", "ledger.export", args=some_id("public_id")),
    Row("ledgers:decide", "ledger.approve", ("POST",), args=some_id("public_id"), fresh=True),
    Row("ledgers:withdraw", "ledger.export", ("POST",), args=some_id("public_id")),
    Row("ledgers:retry", "ledger.export", ("POST",), args=some_id("public_id")),
    Row("ledgers:file", "ledger.export", ("POST",), args=some_id("public_id"), fresh=True),
    Row("registry:assign_place", "move.approve", READ_WRITE, args=child_id, child=True),
    Row("registry:propose_move", "move.propose", READ_WRITE, args=child_id, child=True),
    Row("registry:moves", "move.propose"),
    Row("registry:move", "child.view", args=move_and(), child=True),
    Row(
        "registry:move_step",
        "child.view",
        READ_WRITE,
        args=move_and(event="withdraw"),
        child=True,
        whole=False,
    ),
    Row("registry:move_letter", "move.approve", args=move_and(), child=True),
    Row("registry:exit", "child.view", args=exit_and(), child=True),
    Row(
        "registry:exit_step",
        "child.view",
        READ_WRITE,
        args=exit_and(event="withdraw"),
        child=True,
        whole=False,
        fresh=True,
    ),
    Row("ledgers:quarterly", "ledger.report"),
    Row("ledgers:quarter_make", "ledger.report", ("POST",)),
    Row("ledgers:quarter", "ledger.report", args=some_id("public_id")),
    Row("ledgers:quarter_check", "ledger.send", ("POST",), args=some_id("public_id"), fresh=True),
    Row("ledgers:quarter_reject", "ledger.send", ("POST",), args=some_id("public_id"), fresh=True),
    Row("ledgers:quarter_discard", "ledger.report", ("POST",), args=some_id("public_id")),
    Row("ledgers:quarter_sent", "ledger.send", ("POST",), args=some_id("public_id"), fresh=True),
    Row("ledgers:quarter_file", "ledger.report", ("POST",), args=some_id("public_id"), fresh=True),
    Row("ledgers:completeness", "ledger.view"),
    Row("ledgers:incomplete", "ledger.view"),
    Row("ledgers:paper", "ledger.view", args=child_and(code="difficulty"), child=True),
    Row("ledgers:paper_file", "ledger.view", ("POST",), args=child_and(code="difficulty"), child=True),
    Row("registry:pairs", "child.pair"),
    Row("registry:scan_pairs", "child.merge", ("POST",)),
    Row("registry:pair", "child.pair", args=pair_and(), child=True),
    Row("registry:pair_step", "child.pair", READ_WRITE, args=pair_and(event="split"), child=True, fresh=True),
    # policy
    Row("policy:packs", "policy.view"),
    Row("policy:pack", "policy.view", args=some_id("name", "CQ-2025")),
    Row("policy:compare", "policy.view", args=some_id("name", "CQ-2025")),
    Row("policy:child", "child.view", args=child_id, child=True),
    Row("policy:letter", "child.view", args=child_id, child=True),
    Row("policy:replay", "child.view", args=child_id, child=True),
    Row("policy:keep", "child.edit", ("POST",), args=child_id, child=True),
    Row(
        "policy:decision", "child.view", args=child_and(decision="zzzzzzzzzzzzzzzz"), child=True, whole=False
    ),
    *SCENARIOS,
    # leads
    Row("leads:mine", "lead.view"),
    Row("leads:all", "lead.view"),
    Row("leads:funnel", "lead.funnel"),
    Row("leads:figures_csv", "lead.funnel", args=some_id("which", "kinds")),
    Row("leads:corrections", "lead.decide"),
    Row("leads:correction", "lead.decide", READ_WRITE, args=some_id("public_id")),
    Row("leads:lead", "lead.view", args=lead_id, child=True),
    Row("leads:verdict", "lead.verdict", ("POST",), args=lead_id, child=True),
    Row("leads:after", "lead.verdict", args=lead_id, child=True),
    Row("leads:decide", "lead.decide", ("POST",), args=lead_id, child=True),
    Row("leads:review", "lead.review", ("POST",), args=lead_id, child=True),
    Row("leads:reassign", "lead.reassign", ("POST",), args=lead_id, child=True),
    # outreach
    Row("outreach:self_check", PUBLIC, READ_WRITE),
    Row("outreach:mine", "outreach.view"),
    Row("outreach:all", "outreach.view"),
    Row("outreach:questions", "outreach.view"),
    Row("outreach:figures", "outreach.figures"),
    Row("outreach:figures_csv", "outreach.figures"),
    Row("outreach:child", "outreach.view", args=offered_child_id, child=True),
    Row(
        "outreach:act",
        "outreach.act",
        ("POST",),
        args=lambda world: {"public_id": offer(world).public_id},
        child=True,
    ),
    # exchange
    Row("exchange:catalogue", "exchange.view"),
    Row("exchange:list", "exchange.view", args=some_id("code", "deaths")),
    Row("exchange:template", "exchange.view", args=lambda world: {"code": "deaths", "form": "csv"}),
    Row("exchange:upload", "exchange.upload", READ_WRITE),
    Row("exchange:batches", "exchange.view"),
    Row("exchange:batch", "exchange.view", args=some_id("public_id")),
    Row("exchange:columns", "exchange.upload", READ_WRITE, args=some_id("public_id")),
    Row("exchange:check", "exchange.upload", ("POST",), args=some_id("public_id")),
    Row("exchange:rejected", "exchange.view", args=some_id("public_id")),
    Row("exchange:confirm", "exchange.confirm", ("POST",), args=some_id("public_id"), fresh=True),
    Row("exchange:refuse", "exchange.confirm", ("POST",), args=some_id("public_id"), fresh=True),
    Row("exchange:withdraw", "exchange.withdraw", ("POST",), args=some_id("public_id")),
    Row("exchange:pushes", "exchange.withdraw"),
    Row("exchange:amendments", "exchange.withdraw"),
    Row("exchange:amendment", "exchange.withdraw", args=some_id("public_id")),
    Row("exchange:accept_amendment", "exchange.withdraw", ("POST",), args=some_id("public_id")),
    Row("exchange:refuse_amendment", "exchange.withdraw", ("POST",), args=some_id("public_id")),
    Row("exchange:runs", "compare.run"),
    Row("exchange:run", "compare.run", args=some_id("public_id")),
    Row("exchange:run_start", "compare.run", ("POST",)),
    Row("exchange:run_cancel", "compare.run", ("POST",), args=some_id("public_id")),
)
