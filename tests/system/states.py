"""Begins, through the services, what only exists once somebody has begun it; run inside the site by ``manage shell``.

Prints one JSON list of [username, address]: who opens what, so that the walk over every page gets there.
"""

import io
import json
import secrets
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse

from hutong.delivery.api.services import systems
from hutong.demo.services import actor
from hutong.domains.compartments import services as compartments
from hutong.domains.compartments.models import FACTS
from hutong.domains.exchange import quarters
from hutong.domains.exchange import services as exchange
from hutong.domains.exchange.models import Batch
from hutong.domains.glass import services as glass
from hutong.domains.leads import services as leads
from hutong.domains.leads.models import Correction, Lead
from hutong.domains.leads.services.incoming import OWN_FILE
from hutong.domains.ledgers import services as ledgers
from hutong.domains.ledgers.data import catalogue
from hutong.domains.ledgers.selectors.ledger import Asked
from hutong.domains.library.models import Document
from hutong.domains.policy import services as policy
from hutong.domains.policy.services import computing
from hutong.domains.registry import services as registry
from hutong.domains.registry.models import Child, Circumstance, Pair
from hutong.domains.registry.services import pairs
from hutong.foundation.access import explaining
from hutong.foundation.access.acting import acting_as
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.accounts.models import User
from hutong.foundation.adjustments import services as adjustments
from hutong.foundation.handovers import services as handovers
from hutong.foundation.network.models import Area, Holding, Org, Post
from hutong.foundation.workflow import services as workflow
from hutong.kernel import clock

DISTRICT = "qianjiang"
today = clock.today()
found: list[tuple[str, str]] = []
director, supervisor, county, second, clerk = (
    actor(f"{DISTRICT}.{one}") for one in ("director", "supervisor", "county", "county2", "gongan")
)


def leads_to(username: str, name: str, **args: object) -> None:
    found.append((f"{DISTRICT}.{username}", reverse(name, kwargs=args or None)))


with use_scope(director.scope):
    # files nothing else is going on with
    quiet = Child.objects.filter(
        state="ACTIVE", hukou_area=director.post.area_code, residence_area=director.post.area_code
    )
    corrected, moving, leaving, doubled = quiet.order_by("-pk")[:4]
    proposal = registry.propose(
        corrected, actor=director, changes={"name": corrected.name + "华"}, reason="户口簿上是另一个字"
    )
    for name, more in (("proposal", {}), ("revise_proposal", {}), ("proposal_step", {"event": "withdraw"})):
        leads_to("director", f"registry:{name}", public_id=proposal.public_id, **more)
    leads_to("director", "registry:child", public_id=corrected.public_id)
    lead = Lead.objects.filter(owner_post_id=director.post.pk, state="OPEN").first()
    told = (
        Circumstance.objects.select_related("child").filter(child__hukou_area=director.post.area_code).first()
    )

    move = registry.moves.propose(
        moving, actor=director, what="both", to_place="外省某县", outside=True, moved_on=today - timedelta(days=20),
        reason="PARENTS", words="随父母迁居",
    )  # fmt: skip
    twin = Child.objects.create(
        file_no=f"H{secrets.randbelow(10**10):010d}", name=doubled.name, sex=doubled.sex, birth_date=doubled.birth_date,
        id_kind="UNSEEN", hukou_area=doubled.hukou_area, residence_area=doubled.residence_area, state="ACTIVE",
    )  # fmt: skip
    pairs.scan(director.post.area_code, actor=director)
    pair = Pair.objects.get(first__in=[twin, doubled], second__in=[twin, doubled])
    leads_to("director", "registry:pair", public_id=pair.public_id)
    leave = handovers.propose(
        director.holdings[0], actor=director, since=today + timedelta(days=3), until=today + timedelta(days=9),
        to=actor(f"{DISTRICT}.supervisor").user, reason="外出培训",
    )  # fmt: skip
    leads_to("director", "handovers:show", public_id=leave.public_id)
    leads_to("director", "handovers:step", public_id=leave.public_id, event="withdraw")

with use_scope(supervisor.scope):
    for one in (moving, leaving):
        explaining.state_reason(
            actor=supervisor,
            child_id=one.pk,
            area_code=one.hukou_area,
            code="SUPERVISE",
            words="督导检查该村档案",
        )
    leads_to("supervisor", "registry:pair_step", public_id=pair.public_id, event="different")
    gone = registry.exits.request(leaving, actor=supervisor, close_reason="RECOVERED", reason="父母返乡照料")

with use_scope(county.scope):
    for name, more in (("move", {}), ("move_letter", {}), ("move_step", {"event": "refuse"})):
        leads_to("county", f"registry:{name}", public_id=move.public_id, **more)
    leads_to("county", "registry:exit", public_id=gone.public_id)
    leads_to("county", "registry:exit_step", public_id=gone.public_id, event="approve")
    leads_to("county", "registry:assign_place", public_id=moving.public_id)

    draft = Document.objects.filter(state="DRAFT", key="", area_code=county.post.area_code).earliest("pk")
    for name, more in (("head", {}), ("history", {}), ("relate", {}), ("step", {"event": "submit"})):
        leads_to("county", f"library:{name}", public_id=draft.public_id, **more)
    leads_to(
        "county", "library:clause", public_id=draft.public_id, clause=draft.clauses.earliest("pk").public_id
    )

    asked = ledgers.ask(
        actor=county, asked=Asked(kind=next(iter(catalogue.kinds())), area=county.post.area_code, basis="hukou"), form="xlsx",
        purpose=next(iter(catalogue.purposes())), words="季度核对，交县民政局", queue=False,
    )  # fmt: skip
    leads_to("county", "ledgers:export", public_id=asked.public_id)
    report = ledgers.make_quarter(actor=county, quarter=quarters.of(today))
    leads_to("county", "ledgers:quarter", public_id=report.public_id)
    job = workflow.start_job(kind="ledgers.quarter", title="制作季度数据", actor=county, params={})
    leads_to("county", "workflow:job", public_id=job.public_id)
    changed = adjustments.compare(
        actor=county, listed={director.post.area_code: "新名社区"}, digest=secrets.token_hex(32),
        within=director.post.area_code, title="", source="示例区划〔2026〕1 号", effective_on=today + timedelta(days=40),
    )  # fmt: skip
    for name, more in (
        ("show", {}),
        ("row", {"code": director.post.area_code}),
        ("step", {"event": "withdraw"}),
    ):
        leads_to("county", f"adjustments:{name}", public_id=changed.public_id, **more)
    leads_to("county", "adjustments:place", code=director.post.area_code)
    police = Org.objects.get(area_code=county.post.area_code, kind="GA")
    system = systems.register(
        actor=county, org=police, name=f"户籍系统{secrets.token_hex(2)}", lists=["deaths"], purpose="死亡登记", basis="民发〔2024〕1 号",
        agreement="协 1", rows_a_quarter=1000, calls_a_minute=60, until=today + timedelta(days=300),
    )  # fmt: skip
    # somebody newly in a post that signs, not yet on the list
    newcomer = User.objects.create(username=f"xin{secrets.token_hex(3)}", name="新主任")
    place = Area.objects.filter(code__startswith=county.post.area_code[:6], level="village").order_by(
        "-code"
    )[0]
    first = Post.objects.create(
        org=director.post.org,
        role="VILLAGE_CHILD_DIRECTOR",
        area_code=place.code,
        title=f"{place.name}儿童主任",
    )
    starting = Holding.objects.create(post=first, user=newcomer, since=today)
    leads_to("county", "workforce:register", public_id=starting.public_id)
    leads_to("county", "door:system", public_id=system.public_id)
    elsewhere = Lead.objects.filter(state="OPEN").exclude(owner_post=director.post.pk)
    doubted = next(
        one
        for one in elsewhere
        if any(row.get("list") not in {*OWN_FILE, "sealed", None} for row in one.evidence)
    )
    owner = acting_as(
        Holding.objects.select_related("post", "post__org", "user").filter(post=doubted.owner_post_id)[0]
    )
    batch = exchange.deliver(
        actor=county, list_code="emergencies", quarter=quarters.of(today), name="表.csv",
        source=io.BytesIO("人,号码,何处\n张三,1,黔江\n".encode()), provider="YJ", check=False,
    )  # fmt: skip
    leads_to("county", "exchange:columns", public_id=batch.public_id)

with use_scope(owner.scope):
    leads.verdict(
        lead=doubted, answer="FALSE", words="本人在家，名单上是同名的人。", checked_on=today, actor=owner
    )
with use_scope(county.scope):
    leads_to("county", "leads:correction", public_id=Correction.objects.filter(lead=doubted)[0].public_id)

with use_scope(clerk.scope):
    sent = Batch.objects.filter(list_code="deaths", sender_post_id=clerk.post.pk, state="CONFIRMED").first()
    amendment = exchange.ask_amendment(
        actor=clerk, reason=f"名单里有一人登记有误（{secrets.token_hex(2)}）", batch=sent, lines=[]
    )
    leads_to("county", "exchange:amendment", public_id=amendment.public_id)

with use_scope(second.scope), compartments.opening(second, "adoption"):
    fact = FACTS["adoption"].objects.select_related("child").order_by("-pk").first()
    args = {"public_id": fact.child.public_id, "compartment": "adoption"}
    for name, more in (("card", {}), ("add", {}), ("whole", {}), ("close", {"fact_id": fact.public_id})):
        leads_to("county2", f"compartments:{name}", **args, **more)

neighbour = actor("yuzhong.county")
with use_scope(neighbour.scope):
    opened = glass.open_file(
        actor=neighbour,
        number=doubled.file_no,
        name=doubled.name,
        reason="HOSPITAL",
        words="在外地住院，需要联系监护人",
    ).opening
    for username in ("yuzhong.county", "qianjiang.county", "qianjiang.auditor"):
        found.append((username, reverse("glass:opening", args=[opened.public_id])))

with use_scope(county.scope):
    tried = []
    for value, title in ((2, "服刑满两个月即算"), (3, "服刑满三个月即算")):
        one = policy.create(actor=county, title=title, month=today, source="征求意见稿")
        policy.add_line(one, actor=county, key="term_months", value=value, start=today, source="征求意见稿")
        computing.compute(one, actor=county)
        tried.append(one)
    for name, more in (
        ("", {}),
        ("_line", {}),
        ("_rules", {}),
        ("_take", {}),
        ("_step", {"event": "propose"}),
    ):
        leads_to("county", f"policy:scenario{name}", public_id=tried[0].public_id, **more)
    found.append(
        (
            "qianjiang.county",
            f"{reverse('policy:scenario_compare')}?a={tried[0].public_id}&b={tried[1].public_id}",
        )
    )

leads_to("director", "workforce:mine")
leads_to("director", "leads:after", public_id=lead.public_id)
leads_to("director", "registry:correct", public_id=told.child.public_id, fact_id=told.public_id)

# somebody with every second step there is
careful = User.objects.get(username="tiedong.security")
with use_scope(system_scope("试两步验证")):
    Authenticator.objects.filter(user=careful).delete()
    TOTP.activate(careful, generate_totp_secret())
    codes = RecoveryCodes.activate(careful).get_unused_codes()
for name in ("mfa_view_recovery_codes", "mfa_list_webauthn"):
    found.append((careful.username, reverse(name)))

print("CODES", json.dumps(codes))
print("ADDRESSES", json.dumps(found))
