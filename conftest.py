"""Tests run on real PostgreSQL as the web role, with one shared cast (style.md, habit 22)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

os.environ.setdefault("HUTONG_SCOPE_CHECK", "1")
if not os.environ.get("DATABASE_URL"):
    from hutong.config.postgres import Embedded

    Embedded().start()

import pytest


@contextmanager
def _as_owner() -> Iterator[None]:
    """Connect as the owner: creating, migrating and dropping the test database."""
    from django.conf import settings
    from django.db import connections

    connection = connections["default"]
    web = dict(connection.settings_dict)
    connection.close()
    settings.DB_AS_OWNER = True
    os.environ["HUTONG_DB_ROLE"] = "owner"
    from hutong.config import settings as module

    module.DB_AS_OWNER = True
    owner = module._database()
    connection.settings_dict.update(USER=owner["USER"], PASSWORD=owner["PASSWORD"])
    try:
        yield
    finally:
        connection.close()
        settings.DB_AS_OWNER = module.DB_AS_OWNER = False
        os.environ["HUTONG_DB_ROLE"] = "web"
        connection.settings_dict.update(USER=web["USER"], PASSWORD=web["PASSWORD"])


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any
) -> Iterator[None]:
    from django.test.utils import setup_databases, teardown_databases

    if os.environ.get("DATABASE_URL"):
        from hutong.config import roles

        roles.prepare()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    with django_db_blocker.unblock(), _as_owner():
        from django.db import connections

        connection = connections["default"]
        name = f"test_{connection.settings_dict['NAME']}{'_' + worker if worker else ''}"
        connection.settings_dict["TEST"]["NAME"] = name
        old = setup_databases(verbosity=0, interactive=False)
        with connection.cursor() as cursor:  # transactional tests flush their tables
            cursor.execute(
                "SELECT string_agg(quote_ident(tablename), ',') FROM pg_tables WHERE schemaname = 'public'"
            )
            cursor.execute(f"GRANT TRUNCATE ON {cursor.fetchone()[0]} TO hutong_web")
    yield
    with django_db_blocker.unblock(), _as_owner():
        connections["default"].settings_dict["NAME"] = name
        teardown_databases(old, verbosity=0)


PLACES = {
    "990000000000": ("示例省", "province"),
    "990100000000": ("示例市", "city"),
    "990101000000": ("甲县", "county"),
    "990101101000": ("东镇", "township"),
    "990101101201": ("柳村", "village"),
    "990101101202": ("桑村", "village"),
    "990101102000": ("西乡", "township"),
    "990101102201": ("石村", "village"),
    "990102000000": ("乙县", "county"),
    "990102101000": ("南镇", "township"),
    "990102101201": ("竹村", "village"),
}

CAST = {
    "director": ("VILLAGE_CHILD_DIRECTOR", "990101101201", "柳村儿童主任"),
    "next_director": ("VILLAGE_CHILD_DIRECTOR", "990101101202", "桑村儿童主任"),
    "supervisor": ("TOWNSHIP_CHILD_SUPERVISOR", "990101101000", "东镇儿童督导员"),
    "county": ("COUNTY_CA", "990101000000", "甲县儿童福利科"),
    "county_second": ("COUNTY_CA", "990101000000", "甲县儿童福利科复核岗"),
    "clerk": ("DEPT_CLERK", "990101000000", "甲县公安局数据员"),
    "auditor": ("AUDITOR", "990101000000", "甲县审计员"),
    "security": ("SECURITY_ADMIN", "990101000000", "甲县安全管理员"),
    "sysadmin": ("SYS_ADMIN", "000000000000", "系统管理员"),
    "stranger": ("VILLAGE_CHILD_DIRECTOR", "990102101201", "竹村儿童主任"),
    "stranger_county": ("COUNTY_CA", "990102000000", "乙县儿童福利科"),
}


@pytest.fixture
def places(db: None) -> dict[str, Any]:
    """The small world's areas by code: one county of two townships and three villages, and the county next door."""
    from hutong.foundation.network.models import Area
    from hutong.kernel import areas

    made = {}
    for code, (name, level) in PLACES.items():
        parent = areas.parent(code) or ""
        path = (made[parent].path + name) if parent in made else name
        made[code] = Area.objects.create(code=code, name=name, level=level, parent_code=parent, path=path)
    return made


@pytest.fixture
def cast(places: dict[str, Any]) -> SimpleNamespace:
    """The shared cast as ``Acting`` actors: ``cast.director``, ``cast.county``, ``cast.stranger`` (must see nothing) …

    Passwords are unusable; sign in with the ``client_as`` fixture.
    """
    from datetime import date

    from hutong.foundation.access.acting import acting_as
    from hutong.foundation.accounts.models import User
    from hutong.foundation.network.models import Holding, Org, Post

    actors = {}
    for key, (role, area, title) in CAST.items():
        org, _ = Org.objects.get_or_create(name=title[:2] + "机构", area_code=area, defaults={"kind": "MZ"})
        post = Post.objects.create(org=org, role=role, area_code=area, title=title)
        user = User.objects.create(
            username=key, name=f"{title[:2]}{key[:1].upper()}", must_change_password=False, password="!"
        )
        actors[key] = acting_as(Holding.objects.create(post=post, user=user, since=date(2020, 1, 1)))
    train(actors.values())
    return SimpleNamespace(**actors)


def train(actors: Any) -> None:
    """Directors and supervisors on the real-name list, examined, trained and checked for as long as any test's clock runs."""
    from datetime import date

    from hutong.domains.workforce.models import Worker
    from hutong.foundation.access.scope import system_scope, use_scope

    signing = [one for one in actors if one.role in ("VILLAGE_CHILD_DIRECTOR", "TOWNSHIP_CHILD_SUPERVISOR")]
    with use_scope(system_scope("cast")):
        Worker.objects.bulk_create(
            Worker(
                user=one.user, name=one.user.name, area_code=one.post.area_code, examined_on=date(2020, 1, 1),
                trained_on=date(2090, 1, 1), checked_on=date(2090, 1, 1), check_result="CLEAR",
            )
            for one in signing
        )  # fmt: skip


@pytest.fixture
def client_as(cast: SimpleNamespace) -> Any:
    """``client_as("director")``: a Django test client signed in as that member of the cast, a moment ago by password."""
    from django.test import Client

    from hutong.foundation.accounts.tests.signing_in import signed_in

    def sign_in(key: str) -> Client:
        return signed_in(getattr(cast, key).user)

    return sign_in


@pytest.fixture
def reason_for(cast: SimpleNamespace) -> Any:
    """``reason_for("county", child)``: that member of the cast has said today why they open the child's file."""
    from hutong.foundation.access import explaining
    from hutong.foundation.access.scope import use_scope

    def state(key: str, child: Any) -> None:
        actor = getattr(cast, key)
        with use_scope(actor.scope):
            explaining.state_reason(
                actor=actor, child_id=child.pk, area_code=child.residence_area, code="SUPERVISE", words="督导检查该村档案",
            )  # fmt: skip

    return state
