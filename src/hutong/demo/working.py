"""A quarter's work in a demonstration district: lists delivered, checked, confirmed by a second person; compared; some leads checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

from hutong.demo.districts import District
from hutong.domains.compartments import services as compartments
from hutong.domains.compartments.services.errors import Refused as AlreadyNamed
from hutong.domains.exchange import quarters, selectors
from hutong.domains.exchange import services as exchange
from hutong.domains.exchange.services.errors import AlreadyDelivered
from hutong.domains.leads import services as leads
from hutong.domains.leads.models import Lead
from hutong.domains.outreach import services as outreach
from hutong.domains.outreach.models import Offer
from hutong.domains.policy import selectors as policy
from hutong.foundation.access.acting import Acting, acting_as
from hutong.foundation.access.models import NamedPerson
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.network import selectors as network
from hutong.foundation.network.models import Holding
from hutong.kernel import areas, clock

PROVIDERS = {
    "deaths": ("gongan", "GA"), "custody": ("sifa", "SF"), "disability": ("canlian", "CL"), "serious_illness": ("yibao", "YB"),
    "enrolment": ("jiaoyu", "JY"), "migrant_work": ("renshe", "RS"), "declared_missing": ("fayuan", "FY"),
    "guardianship_revoked": ("fayuan", "FY"), "lost_contact": ("gongan", "GA"), "deported": ("gongan", "GA"),
    "emergencies": ("yingji", "YJ"), "hiv": ("weijian", "WJ"),
}  # fmt: skip
"""List → (clerk who delivers it, department); the rest the county's civil affairs has itself."""


def a_quarter(
    district: District, sent: Mapping[str, Path], actor: Callable[[str], Acting], say: Callable[[str], None]
) -> None:
    today = clock.today()
    quarter = quarters.of(today)
    if _compared(actor(f"{district.slug}.county2")):
        return  # an earlier run, interrupted later on, got this far
    _names(district, actor)
    second = actor(f"{district.slug}.county2")
    for code, path in sent.items():
        clerk, provider = PROVIDERS.get(code, ("county", "CA"))
        sender = actor(f"{district.slug}.{clerk}")
        try:
            with use_scope(sender.scope), path.open("rb") as source:
                batch = exchange.deliver(
                    actor=sender, list_code=code, quarter=quarter, name=path.name, source=source, provider=provider, check=False
                )  # fmt: skip
        except AlreadyDelivered:
            continue
        batch = exchange.check_now(public_id=batch.public_id, actor=sender)
        if code != district.spoil:
            shut = compartments.opening(second, batch.compartment) if batch.sealed else nullcontext()
            with use_scope(second.scope), shut:
                exchange.confirm(batch=batch, actor=second)
    officer = actor(f"{district.slug}.county")
    with use_scope(officer.scope):
        run = exchange.start_run(
            actor=officer,
            quarter=quarter,
            as_of=today,
            pack=policy.pack_for(district.area, today),
            queue=False,
        )
    run = exchange.run_now(public_id=run.public_id, actor=officer)
    say(f"  {district.name}：比对 {run.state}")
    found = _verdicts(district, actor, officer)
    say(f"  {district.name}：已有 {found} 条线索核实")


NAMED = (("hiv", "county2", "county"), ("adoption", "county2", "county"), ("adoption", "county", "county2"))
"""Compartment, who is named, who proposes: whoever confirms a sealed list must be on its list (R-46.02)."""


def _names(district: District, actor: Callable[[str], Acting]) -> None:
    """The named persons of the district; the security administrator is the second who agrees."""
    keeper = actor(f"{district.slug}.security")
    for compartment, named, proposer in NAMED:
        by, user = actor(f"{district.slug}.{proposer}"), actor(f"{district.slug}.{named}").user
        try:
            with use_scope(by.scope):
                made = compartments.propose(
                    actor=by, user=user, compartment=compartment, area_code=district.area, since=clock.today(),
                    reason="办理本区县的专管资料",
                )  # fmt: skip
        except AlreadyNamed:
            continue  # named in an earlier run
        with use_scope(keeper.scope):
            compartments.confirm(NamedPerson.objects.get(pk=made.pk), actor=keeper)


def _compared(actor: Acting) -> bool:
    with use_scope(actor.scope):
        return selectors.list_runs().filter(state="DONE").exists()


ANSWERS = (
    ("TRUE", "入户见到儿童和现在照料的人，情况与清单一致，已告知可以申请的保障。"),
    ("TRUE", "向村委会和邻居核实，情况属实，照料人愿意办理申请。"),
    ("FALSE", "本人在家，清单上的人与其同名，不是同一人。"),
    ("CHANGED", "情况基本属实，但儿童已随亲属到外地居住，需要与居住地衔接。"),
    ("PENDING", "两次入户都没有见到人，已约下周再去。"),
)


def _verdicts(district: District, actor: Callable[[str], Acting], officer: Acting) -> int:
    """Some directors have already been out: every third lead outside the village of the tour has its verdict."""
    today = clock.today()
    with use_scope(officer.scope):
        first = actor(f"{district.slug}.director").post.pk
        open_leads = list(Lead.objects.filter(state="OPEN").exclude(owner_post=first).order_by("pk")[::3])
        holders = {
            holding.post_id: holding
            for holding in Holding.objects.filter(
                post__in=[lead.owner_post_id for lead in open_leads]
            ).select_related("post", "post__org", "user")
        }
    done = []
    for at, lead in enumerate(one for one in open_leads if one.owner_post_id in holders):
        director = acting_as(holders[lead.owner_post_id])
        answer, words = ANSWERS[at % len(ANSWERS)]
        later = today + timedelta(days=7) if answer == "PENDING" else None
        with use_scope(director.scope):
            leads.verdict(
                lead=lead, answer=answer, words=words, checked_on=today, actor=director, next_check_on=later
            )
        done.append(lead)
    for lead in [one for one in done if one.state == "VERIFIED_TRUE"][::2]:
        with use_scope(officer.scope):
            code = {"SUSPECTED": "APPLY", "SHOULD_EXIT": "STOP", "CHANGED": "ADJUST"}.get(lead.kind, "CARE")
            leads.act(lead=lead, code=code, words="已通知乡镇受理，按程序办理。", actor=officer)
    return len(done)


SAID = (
    ("tell", "入户向照料人讲明了条件、材料和到哪里申请。"),
    ("help", "陪同到乡镇窗口交了申请表和户口簿。"),
    ("grant", "学校已经减免，看了本学期的收据。"),
    ("decline", "照料人表示暂时不需要，已告知随时可以申请。"),
)


def told(district: District) -> int:
    """Policy finds people: all are looked at once; outside the village of the tour some directors have been out already."""
    outreach.find_everywhere(district.area)
    with use_scope(system_scope("示范")):
        lo, hi = areas.bounds(district.area)
        found = Offer.objects.filter(area_code__gte=lo, area_code__lt=hi, state="FOUND")
        waiting = list(found.select_related("child").order_by("pk"))
        posts = network.responsible_posts(offer.area_code for offer in waiting)
        holders = {
            one.post_id: one
            for one in Holding.objects.filter(
                post__in=[post.pk for post, _ in posts.values() if post is not None],
                post__role=network.DIRECTOR,
            ).select_related("post", "post__org", "user")
        }
    first = min((offer.area_code for offer in waiting), default="")
    for at, offer in enumerate(waiting[::3]):
        post = posts[offer.area_code][0]
        if offer.area_code == first or post is None or post.pk not in holders:
            continue
        director = acting_as(holders[post.pk])
        event, words = SAID[at % len(SAID)]
        with use_scope(director.scope):
            outreach.act(offer=offer, event=event, words=words, on=clock.today(), actor=director)
    return len(waiting)
