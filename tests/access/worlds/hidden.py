"""What one world has and the other has not: children with everything that can hang on them, in a place, or sealed.

All goes through the services, as the people of the place would do it. The ids are those by which addresses name things.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from hutong.domains.compartments import services as sealing
from hutong.domains.compartments.models import FACTS, Matter
from hutong.domains.exchange import quarters
from hutong.domains.exchange import services as exchange
from hutong.domains.exchange.tests import files
from hutong.domains.glass import services as glass
from hutong.domains.leads import services as leads
from hutong.domains.leads.models import Correction, Lead
from hutong.domains.leads.tests.factories import row
from hutong.domains.ledgers import services as ledgers
from hutong.domains.ledgers.selectors.ledger import Asked
from hutong.domains.library import services as library
from hutong.domains.outreach import services as outreach
from hutong.domains.outreach.models import Offer
from hutong.domains.policy import services as policy
from hutong.domains.policy.services import computing
from hutong.domains.registry import services as registry
from hutong.domains.registry.models import Child, Circumstance, Pair, RollEntry
from hutong.domains.registry.services import creating, doubles_job, indexing, pairs
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.models import Assignment
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.documents import services as documents
from hutong.foundation.documents.tests.files import png
from hutong.foundation.documents.tickets import upload_url
from hutong.foundation.messaging import services as messaging
from hutong.foundation.workflow import selectors as workflow
from hutong.kernel import clock, ids
from hutong.kernel.quarters import Quarter

Ids = dict[str, dict[str, Any]]
"""Kind of thing → the keyword arguments its address needs."""
DELIVERED, REPORTED = quarters.Quarter(2026, 3), Quarter(2026, 3)
SURNAME, GIVEN = "臧", ("禾", "苗", "穗", "豆", "豆", "芽")


@dataclass(frozen=True)
class Staff:
    """Who works at the place where the children are; ``number`` makes their names unlike those of other places."""

    director: Acting
    supervisor: Acting
    county: Acting
    second: Acting
    elsewhere: Acting
    village: str
    number: int


def of_place(staff: Staff) -> Ids:
    """Everything a county can have about children, delivered lists, exports and reports included."""
    found, children = of_children(staff)
    _leaving(staff, children, found)
    _of_county(staff, found)
    _of_library(staff, found)
    _scenario(staff, found)
    return found


def of_children(staff: Staff) -> tuple[Ids, list[Child]]:
    """Six files: one with papers, kin, facts, leads and an open correction; two that may be one; the last a draft."""
    children = [_registered(staff, at) for at in range(5)] + [_file(staff, 5, submit=False)]
    found: Ids = {
        "child": {"public_id": children[0].public_id},
        "draft": {"public_id": children[5].public_id},
    }
    _papers(staff, children[0], found)
    _leads(staff, children[0], children[3], found)
    _glass(staff, children[0], found)
    _offers(children[4], found)
    return found, children


def _scenario(staff: Staff, found: Ids) -> None:
    """A policy tried over these children: its figures and masked examples come from them."""
    with use_scope(staff.county.scope):
        made = policy.create(
            actor=staff.county, title="臧家桥试算", month=date(2026, 11, 1), source="征求意见稿"
        )
        line = {"key": "child_age", "value": 10, "start": date(2026, 11, 1), "source": "征求意见稿"}
        policy.add_line(made, actor=staff.county, **line)
        computing.compute(made, actor=staff.county)
    found["scenario"] = {"public_id": made.public_id}


def name(staff: Staff, at: int) -> str:
    return SURNAME + GIVEN[at] + "甲乙丙丁戊己庚辛壬"[staff.number]


def _file(staff: Staff, at: int, *, submit: bool = True) -> Child:
    born = date(2014, 2, 1 + min(at, 3))
    given = {
        "name": name(staff, at), "sex": 1, "birth_date": born, "id_kind": "UNSEEN", "hukou_area": staff.village,
        "residence_area": staff.village, "address": f"臧家巷{staff.number}号",
        "payee_name": "臧春花", "payee_bank": "臧家桥支行", "payee_account": "62284800999000" + f"{staff.number:05d}",
    }  # fmt: skip
    if at == 0:
        given |= {"id_kind": "RESIDENT", "id_number": ids.make("500199", born, 101 + 2 * staff.number)}
    with use_scope(staff.director.scope):
        probe = Child(name=given["name"], birth_date=born, sex=1, residence_area=staff.village)
        known = {one.child.public_id: "同名同日，不是同一人" for one in creating.list_candidates(probe)}
        return registry.create_child(actor=staff.director, facts=given, submit=submit, judgements=known)


def _registered(staff: Staff, at: int) -> Child:
    child = _file(staff, at)
    with use_scope(staff.supervisor.scope):
        registry.approve(child, actor=staff.supervisor)
    with use_scope(staff.county.scope):
        RollEntry.objects.create(child=child, scheme="ORPHAN-S", since=date(2025, 1, 1), monthly=165100)
        return Child.objects.get(pk=child.pk)


def _papers(staff: Staff, child: Child, found: Ids) -> None:
    who = staff.director
    with use_scope(who.scope):
        tie = registry.add_kin(
            child, actor=who, relation="mother", facts={"name": "臧春花", "phone": "13900002222"}
        )
        fact = registry.add_circumstance(
            child, actor=who, subject="father", kind="deaths", since=date(2026, 1, 5), evidence="死亡证明"
        )
        now = Child.objects.get(pk=child.pk)
        proposal = registry.propose(now, actor=who, changes={"name": "臧晓禾"}, reason="户口簿上是晓字")
        place = {"child_id": child.pk, "area_code": staff.village}
        document = documents.store(file=io.BytesIO(png()), actor=who, purpose="臧家照片", **place)
        notice = messaging.notify(to=who.post, title="臧家的通知", link="/", child_id=child.pk)
        url = upload_url(post_id=who.post.pk, back="/", **place)
    with use_scope(staff.county.scope):
        Assignment.objects.create(post=who.post, since=date(2026, 1, 1), reason="臧家个案", **place)
    found |= {
        "kin": {"person_id": tie.person_id},
        "fact": {"fact_id": fact.public_id},
        "proposal": {"public_id": proposal.public_id},
        "document": {"public_id": document.public_id},
        "notice": {"notice_id": notice.pk},
        "ticket": {"ticket": url.rstrip("/").rsplit("/", 1)[1]},
    }


def _leads(staff: Staff, child: Child, other: Child, found: Ids) -> None:
    with use_scope(staff.county.scope):
        leads.receive(
            rows=[row(child, lead_id=f"LH{staff.number}1"), row(other, lead_id=f"LH{staff.number}2")],
            run_id=900 + staff.number, as_of=date(2026, 9, 30), pack="base", actor=staff.county,
        )  # fmt: skip
    with use_scope(staff.director.scope):
        lead, wrong = Lead.objects.get(child=child), Lead.objects.get(child=other)
        item = workflow.list_mine(staff.director).filter(child_id=child.pk).first()
        leads.verdict(
            lead=wrong,
            answer="FALSE",
            words="父亲健在，见到本人",
            checked_on=clock.today(),
            actor=staff.director,
        )
    with use_scope(staff.county.scope):
        correction = Correction.objects.filter(lead=wrong).order_by("pk").first()
    found |= {
        "lead": {"public_id": lead.public_id},
        "correction": {"public_id": correction.public_id if correction else "nothing"},
        "item": {"public_id": item.public_id if item else "nothing"},
    }


def _offers(child: Child, found: Ids) -> None:
    """What she may have and has not, and what is to be found out about her."""
    with use_scope(system_scope("hidden")):
        Child.objects.filter(pk=child.pk).update(school="primary")
        RollEntry.objects.filter(child=child).update(until=date(2025, 2, 1))
        for parent in ("father", "mother"):
            Circumstance.objects.create(child=child, subject=parent, kind="deaths", since=date(2026, 1, 5))
        outreach.find([child.pk])
        found |= {"offer": {"public_id": Offer.objects.get(child=child, benefit="ben_orphan").public_id}}


def _glass(staff: Staff, child: Child, found: Ids) -> None:
    """Opened in an emergency from a county where nobody of the cast works."""
    with use_scope(staff.elsewhere.scope):
        done = glass.open_file(
            actor=staff.elsewhere, number=child.file_no, name=child.name, reason="HOSPITAL", words="在外地住院需要联系监护人"
        )  # fmt: skip
    found["opening"] = {"public_id": done.opening.public_id if done.opening else "nothing"}


def _leaving(staff: Staff, children: list[Child], found: Ids) -> None:
    moving, leaving, one = children[1], children[2], children[3]
    with use_scope(staff.director.scope):
        move = registry.moves.propose(
            moving, actor=staff.director, what="both", to_place="外省某县", outside=True, moved_on=date(2026, 9, 1),
            reason="PARENTS", words="随父母迁居",
        )  # fmt: skip
        pairs.scan(staff.village, actor=staff.director)
        pair = Pair.objects.get(first__name=one.name, second__name=one.name)
    with use_scope(staff.supervisor.scope):
        leave = registry.exits.request(
            leaving, actor=staff.supervisor, close_reason="RECOVERED", reason="父母返乡照料"
        )
    found |= {
        "move": {"public_id": move.public_id},
        "exit": {"public_id": leave.public_id},
        "pair": {"public_id": pair.public_id},
    }


def _of_library(staff: Staff, found: Ids) -> None:
    """A policy document the county is still putting in order, and what it wants changed."""
    with use_scope(staff.county.scope):
        draft = library.begin(actor=staff.county, title="臧家帮扶办法")
        entry = library.open_review(
            draft, actor=staff.county, kind="revise", reason="臧家一条不适应", due_on=clock.today()
        )
        at = {"public_id": draft.public_id}
        found["policy"], found["policy_review"] = at, {"public_id": entry.public_id}
        found["policy_clause"] = at | {"clause": draft.clauses.get().public_id}


def _of_county(staff: Staff, found: Ids) -> None:
    content = files.csv(files.DEATHS, [files.death(700 + staff.number, name="臧建国")])
    with use_scope(staff.county.scope):
        batch = exchange.deliver(
            actor=staff.county, list_code="deaths", quarter=DELIVERED, name="臧家.csv", source=io.BytesIO(content),
            provider="GA", check=False,
        )  # fmt: skip
        batch = exchange.check_now(public_id=batch.public_id, actor=staff.county)
    with use_scope(staff.second.scope):
        exchange.confirm(batch=batch, actor=staff.second)
    with use_scope(staff.county.scope):
        amendment = exchange.ask_amendment(actor=staff.county, reason="臧建国一行有误", batch=batch)
        run = exchange.start_run(
            actor=staff.county, quarter=DELIVERED, as_of=date(2026, 9, 30), pack="CQ-2025", queue=False
        )
        asked = Asked("all", staff.county.post.area_code, "residence")
        export = ledgers.ask(
            actor=staff.county,
            asked=asked,
            form="xlsx",
            purpose="WORK",
            words="入户走访前核对名单",
            queue=False,
        )
        report = ledgers.make_quarter(actor=staff.county, quarter=REPORTED)
        job = doubles_job.start(actor=staff.county)
    found |= {
        "batch": {"public_id": batch.public_id},
        "amendment": {"public_id": amendment.public_id},
        "run": {"public_id": run.public_id},
        "export": {"public_id": export.public_id},
        "quarter": {"public_id": report.public_id},
        "job": {"public_id": job.public_id},
    }


def sealed(staff: Staff, compartment: str, keeper: Acting) -> Ids:
    """The same six files in sight of everybody of the cast, then sealed whole; and something waits for the named persons."""
    found, children = of_children(staff)
    with use_scope(replace(system_scope("seal"), sealed=(compartment,))):
        Child.objects.filter(pk__in=[one.pk for one in children]).update(sealed_in=compartment)
        indexing.index(Child.objects.filter(pk__in=[one.pk for one in children]))
    with use_scope(keeper.scope), sealing.opening(keeper, compartment):
        matter = Matter.objects.create(
            compartment=compartment,
            area_code=staff.village,
            child=children[0],
            words="待办",
            key=f"臧{compartment}",
        )
        sealing.open_card(
            child=children[0], compartment=compartment, actor=keeper, purpose="CARE", words="臧家"
        )
    return found | {"matter": {"public_id": matter.public_id}}


def facts_about(child: Child, keeper: Acting, second: Acting) -> Ids:
    """A sealed fact of each compartment about a child whom everybody knows, one of them closed again; the file, which the
    adoption took with it, lifted again."""
    made: list[Any] = []
    for compartment in sorted(
        FACTS, key="adoption".__eq__
    ):  # which takes the file out of the others' sight: last
        for number in range(2):
            with use_scope(keeper.scope), sealing.opening(keeper, compartment):
                content = {"since": date(2020, 3, 1 + number), "source": "县疾控", "evidence": "臧家材料"}
                made.append(
                    sealing.add_fact(child=child, compartment=compartment, actor=keeper, content=content)
                )
        with use_scope(keeper.scope), sealing.opening(keeper, compartment):
            sealing.close_fact(made[-1], actor=keeper, reason="登记有误")
    with use_scope(second.scope), sealing.opening(second, "adoption"):
        sealing.lift_file(child=child, compartment="adoption", actor=second, reason="臧家继父收养，仍在原村")
    return {"fact": {"fact_id": made[0].public_id, "compartment": made[0].compartment}}
