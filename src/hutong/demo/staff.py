"""Everybody who works in the demonstration districts: bodies, posts, people, accounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from hutong.demo.districts import DISTRICTS, District
from hutong.demo.people import Maker
from hutong.domains.workforce import selectors as workforce
from hutong.domains.workforce.models import QUALIFICATIONS, Appointment, BackgroundCheck, Training, Worker
from hutong.foundation.accounts.models import User
from hutong.foundation.accounts.rights import ROLES
from hutong.foundation.network.models import Area, Holding, Org, Post
from hutong.foundation.workflow import services as workflow
from hutong.kernel import areas, clock

PASSWORD = "Hutong-Demo-2026"  # noqa: S105 - printed on purpose: a demonstration of fictitious persons
SINCE = date(2024, 1, 1)
_STAFF_NUMBERS = "990099"

DEPARTMENTS = (
    ("公安局", "GA", "gongan"), ("司法局", "SF", "sifa"), ("人民法院", "FY", "fayuan"), ("残疾人联合会", "CL", "canlian"),
    ("卫生健康局", "WJ", "weijian"), ("医疗保障局", "YB", "yibao"), ("教育局", "JY", "jiaoyu"), ("人力资源和社会保障局", "RS", "renshe"),
    ("应急管理局", "YJ", "yingji"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seat:
    """One post with its holder: what the demonstration needs to know of it."""

    username: str
    role: str
    area: str
    org: str
    kind: str
    title: str
    shown: bool = False


def seats(district: District, places: dict[str, Area]) -> list[Seat]:
    """Every post of a district, villages included. One village is left without a director, so that the gap shows."""
    name, slug, home = district.name, district.slug, district.area
    made = [
        Seat(f"{slug}.county", "COUNTY_CA", home, f"{name}民政局", "MZ", f"{name}民政局儿童福利科", True),
        Seat(
            f"{slug}.county2", "COUNTY_CA", home, f"{name}民政局", "MZ", f"{name}民政局儿童福利科复核岗", True
        ),
        Seat(
            f"{slug}.rescue",
            "RESCUE_AGENCY",
            home,
            f"{name}未成年人救助保护中心",
            "RA",
            f"{name}未保中心",
            True,
        ),
        Seat(f"{slug}.welfare", "CWI", home, f"{name}儿童福利院", "CWI", f"{name}儿童福利院", True),
        Seat(
            f"{slug}.office",
            "LEADING_GROUP_OFFICE",
            home,
            f"{name}未保工作领导小组办公室",
            "LG",
            f"{name}领导小组办公室",
            True,
        ),
        Seat(
            f"{slug}.hotline", "HOTLINE_AGENT", home, f"{name}妇女联合会", "FL", f"{name}12338热线受理", True
        ),
        Seat(f"{slug}.auditor", "AUDITOR", home, f"{name}审计组", "SJZ", f"{name}审计员", True),
        Seat(f"{slug}.security", "SECURITY_ADMIN", home, f"{name}信息中心", "XX", f"{name}安全管理员", True),
    ]
    for body, kind, short in DEPARTMENTS:
        made.append(
            Seat(
                f"{slug}.{short}",
                "DEPT_CLERK",
                home,
                name + body,
                kind,
                f"{name}{body}数据员",
                short == "gongan",
            )
        )
    townships = [code for code in places if areas.level(code) == "township"]
    villages = [code for code in places if areas.level(code) == "village"]
    staffed = [code for code in townships if any(areas.parent(village) == code for village in villages)]
    for at, code in enumerate(staffed):
        town, first = places[code].name, at == 0
        user = f"{slug}.supervisor" if first else f"{slug}.du{code[6:9]}"
        made.append(
            Seat(
                user,
                "TOWNSHIP_CHILD_SUPERVISOR",
                code,
                f"{town}人民政府（办事处）",
                "XZ",
                f"{town}儿童督导员",
                first,
            )
        )
        if first:
            made.append(
                Seat(
                    f"{slug}.clerk",
                    "TOWNSHIP_CLERK",
                    code,
                    f"{town}人民政府（办事处）",
                    "XZ",
                    f"{town}受理岗",
                    True,
                )
            )
    first_villages = [code for code in villages if areas.parent(code) == staffed[0]]
    for code in villages:
        if code == villages[-1]:
            continue
        first = code == first_villages[0]
        user = f"{slug}.director" if first else f"{slug}.cun{code[6:]}"
        body = places[code].name
        made.append(
            Seat(
                user,
                "VILLAGE_CHILD_DIRECTOR",
                code,
                f"{places[areas.parent(code) or ''].name}{body}",
                "CJW",
                f"{body}儿童主任",
                first,
            )
        )
    return made


ABOVE = (
    Seat(
        "chongqing.plan", "PLAN_OFFICER", "500000000000", "重庆市民政局", "MZ", "重庆市民政局儿童福利处", True
    ),
    Seat("siping.plan", "PLAN_OFFICER", "220300000000", "四平市民政局", "MZ", "四平市民政局儿童福利科", True),
    Seat("sysadmin", "SYS_ADMIN", "000000000000", "平台运维", "XX", "系统管理员", True),
)


def employ(all_seats: Iterable[Seat], maker: Maker) -> None:
    """Bodies, posts, accounts, holdings for these seats. Accounts that exist are left alone."""
    wanted = list(all_seats)
    known = set(User.objects.values_list("username", flat=True))
    fresh = [seat for seat in wanted if seat.username not in known]
    Org.objects.bulk_create(
        {
            (seat.org, seat.area): Org(name=seat.org, kind=seat.kind, area_code=seat.area) for seat in fresh
        }.values(),
        ignore_conflicts=True,
    )
    orgs = {(org.name, org.area_code): org for org in Org.objects.all()}
    posts = Post.objects.bulk_create(
        Post(org=orgs[seat.org, seat.area], role=seat.role, area_code=seat.area, title=seat.title)
        for seat in fresh
    )
    password = make_password(PASSWORD)
    users = User.objects.bulk_create(
        User(
            username=seat.username,
            name=maker.surname() + maker.given(maker.draw.choice("男女")),
            password=password,
            must_change_password=False,
        )
        for seat in fresh
    )
    holdings = Holding.objects.bulk_create(
        Holding(post=post, user=user, since=SINCE) for post, user in zip(posts, users, strict=True)
    )
    _train(holdings, Maker(_STAFF_NUMBERS, seed=11))


def _train(holdings: Iterable[Holding], maker: Maker) -> None:
    """Directors and supervisors examined before they began, trained and checked this year; who is due soon shows in the list."""
    signing = [one for one in holdings if one.post.role in workforce.signing_roles()]
    today = clock.today()
    county = User.objects.filter(holdings__post__role="COUNTY_CA").order_by("pk")[0]
    workers = Worker.objects.bulk_create(_worker(holding, maker, today) for holding in signing)
    Training.objects.bulk_create(
        Training(
            worker=one, area_code=one.area_code, held_on=day, organiser="区县民政局", topic="家庭走访、强制报告、政策链接", hours=16,
            examined_on=day if day == one.examined_on else None, passed=True if day == one.examined_on else None,
            recorded_by=county, recorded_at=clock.now(),
        )
        for one in workers
        for day in sorted(filter(None, {one.examined_on, one.trained_on}))
    )  # fmt: skip
    BackgroundCheck.objects.bulk_create(
        BackgroundCheck(
            worker=one, area_code=one.area_code, done_on=one.checked_on or today, result="CLEAR", done_by="区县公安局",
            recorded_by=county, recorded_at=clock.now(),
        )
        for one in workers
    )  # fmt: skip
    appointments = Appointment.objects.bulk_create(
        Appointment(
            worker=one, post=holding.post, area_code=one.area_code, state="ACTIVE", since=holding.since
        )
        for one, holding in zip(workers, signing, strict=True)
    )
    workflow.begin_many(appointments, actor=None, right="workforce.keep", reason="示范数据")


def _worker(holding: Holding, maker: Maker, today: date) -> Worker:
    made = Worker(
        user=holding.user, name=holding.user.name, area_code=holding.post.area_code, examined_on=SINCE,
        trained_on=maker.day(today, 20, 355), checked_on=maker.day(today, 20, 355), check_result="CLEAR",
        qualification=maker.draw.choices(list(QUALIFICATIONS), (70, 20, 7, 1, 2))[0],
    )  # fmt: skip
    made.seal_id(maker.number(maker.birth(today, 28, 58), maker.draw.choice("男女")))
    return made


def table(all_seats: Iterable[Seat]) -> str:
    """The accounts to sign in with, by role, for the terminal."""
    lines = [f"密码都是 {PASSWORD}（虚构人员）", ""]
    shown = [seat for seat in all_seats if seat.shown]
    order = list(ROLES)
    for seat in sorted(shown, key=lambda seat: (order.index(seat.role), seat.username)):
        lines.append(f"  {seat.username:<24}{ROLES[seat.role].label}　{seat.title}")
    return "\n".join(lines) + "\n"


def everyone(places: dict[str, dict[str, Area]]) -> list[Seat]:
    """All seats of all districts; ``places``: district code → its areas by code."""
    return [*ABOVE, *(seat for district in DISTRICTS for seat in seats(district, places[district.code]))]
