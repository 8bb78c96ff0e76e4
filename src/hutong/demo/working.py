"""A quarter's work in a demonstration district: lists delivered, checked, confirmed by a second person; compared; some leads checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from hutong.demo.districts import District
from hutong.domains.exchange import quarters
from hutong.domains.exchange import services as exchange
from hutong.domains.policy import selectors as policy
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import use_scope
from hutong.kernel import clock

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
    second = actor(f"{district.slug}.county2")
    for code, path in sent.items():
        clerk, provider = PROVIDERS.get(code, ("county", "CA"))
        sender = actor(f"{district.slug}.{clerk}")
        with use_scope(sender.scope), path.open("rb") as source:
            batch = exchange.deliver(
                actor=sender,
                list_code=code,
                quarter=quarter,
                name=path.name,
                source=source,
                provider=provider,
                check=False,
            )
        batch = exchange.check_now(public_id=batch.public_id, actor=sender)
        if code != district.spoil:
            with use_scope(second.scope):
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
