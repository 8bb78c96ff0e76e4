"""Loads the demonstration: three districts with their people, files, a quarter's lists, and what the comparison found.

Everything with a rule goes through the services of its app, as its users would do it; loading twice changes nothing.
Dates are relative to today.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings
from django.db import transaction

from hutong.demo import folders, policies, staff, working
from hutong.demo.districts import DISTRICTS, District
from hutong.demo.families import draw_families
from hutong.demo.people import Maker
from hutong.demo.stories import World, tell
from hutong.domains.registry import transfer
from hutong.foundation.access.acting import Acting, acting_as, with_assigned
from hutong.foundation.access.scope import system_scope, use_scope
from hutong.foundation.accounts.models import User
from hutong.foundation.network import areas_loading
from hutong.foundation.network.models import Area, Holding
from hutong.kernel import areas, clock

Say = Callable[[str], None]

MONTHLY = {"50": {"ORPHAN-S": "1651.00", "ORPHAN-I": "1851.00", "DEFACTO": "1651.00"}, "22": {}}
"""What is being paid now, in yuan, by province: facts of the world, not rules."""


def load(*, children: int = 20_000, say: Say = print) -> None:
    """Bring the demonstration districts to life, side by side; does nothing where that has been done."""
    marker = settings.VAR / "demo-accounts.txt"
    if marker.exists() and User.objects.filter(username="sysadmin").exists():
        say("示范区县已在，未作改动。")
        return
    seats = _people(say)
    with ThreadPoolExecutor(
        2
    ) as pool:  # the larger part of the work is ours, the rest the database's: two at a time
        jobs = [
            pool.submit(_apart, one.slug, children) for one in sorted(DISTRICTS, key=lambda one: -one.share)
        ]
    for job in jobs:
        job.result()
    marker.write_text(staff.table(seats))


def _apart(slug: str, children: int) -> None:
    command = str(Path(sys.executable).parent / "hutong")
    subprocess.run([command, "demo-data", "--district", slug, "--children", str(children)], check=True)


def load_district(slug: str, *, children: int = 20_000, say: Say = print) -> None:
    """One district; what an interrupted earlier run has done already is kept."""
    district = next(one for one in DISTRICTS if one.slug == slug)
    _district(district, max(60, round(children * district.share)), say)


def actor(username: str) -> Acting:
    """Somebody of the demonstration, acting in the first post held, with the lists the person is named on."""
    holding = Holding.objects.select_related("post", "post__org", "user").get(user__username=username)
    made = acting_as(holding, purpose="示范")
    with use_scope(made.scope):
        return with_assigned(made)


def _people(say: Say) -> list[staff.Seat]:
    with use_scope(system_scope("示范数据")), transaction.atomic():
        areas_loading.load(only=[district.area for district in DISTRICTS])
        by_district = {
            district.code: {
                area.code: area
                for area in Area.objects.filter(
                    code__gte=district.area, code__lt=areas.bounds(district.area)[1]
                ).order_by("code")
            }
            for district in DISTRICTS
        }
        seats = staff.everyone(by_district)
        staff.employ(seats, Maker(DISTRICTS[0].numbers, seed=7))
    say(f"  {sum(map(len, by_district.values()))} 个区划，{len(seats)} 个岗位")
    return seats


def _district(district: District, size: int, say: Say) -> None:
    world = _world(district, size)
    with tempfile.TemporaryDirectory() as temporary:
        registry, lists = Path(temporary) / "儿童档案底册", Path(temporary) / "lists"
        folders.write_registry(world, registry)
        sent = folders.write_lists(world, lists, spoil=district.spoil, without=district.without)
        report = transfer.import_folder(registry, actor(f"{district.slug}.county"))
        say(f"  {district.name}：{report.counts.get('children', 0)} 份档案，{len(sent)} 份清单")
        working.a_quarter(district, sent, actor, say)
    say(f"  {district.name}：{working.told(district)} 项可享待遇待告知家庭")
    policies.make(district, actor)


def _world(district: District, size: int) -> World:
    today = clock.today()
    villages = [
        (code, district.slug != "yuzhong")
        for code in Area.objects.filter(
            code__gte=district.area, code__lt=areas.bounds(district.area)[1], level="village"
        )
        .order_by("code")
        .values_list("code", flat=True)
    ]
    maker = Maker(district.numbers, seed=int(district.code))
    world = World(
        maker=maker,
        families=draw_families(maker, villages, size, today, f"H{district.code}"),
        on=today,
        monthly=MONTHLY[district.code[:2]],
        work_area=district.work_area,
        front=villages[0][0],
    )
    tell(world, size)
    return world
