"""A province of fictitious children in the platform's own tables, as large as wanted: what the page benchmark walks on.

Rows are made by two processes and copied in; search words come from the registry's own gram scheme, ID numbers are
really sealed. Triggers rest and indexes are built afterwards, so that a million children take minutes. Same size, same
world. All codes begin with 99, which is assigned to nobody.
"""

from __future__ import annotations

import base64
import hashlib
import multiprocessing
import random
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

import psycopg
from psycopg import sql

from hutong.kernel import ids

SEED: Final = 20_261_123
TODAY: Final = date.today()
TOWNSHIPS, VILLAGES = 17, 10
_CHILDREN_A_COUNTY: Final = 10_000
_SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖"
_GIVEN: Final = (
    "子涵梓轩宇浩然欣怡佳琪雨诗语思嘉豪俊宏博天翔安康乐宁瑞祥福伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英文华玉萍红建国志梅兰鹏飞"
    "雪琳晨睿寿春夏秋冬松柏竹菊海山川江河湖月星云风一可心如意泽铭熙妍彤悦婷晓小大龙凤光辉新民生根水木林森"
)
_PLACE: Final = (
    "柳桑石竹松槐枣梨桃杏荷莲青白红黄金银上下东西南北前后新老大小高平长宽清龙凤虎鹿鹤",
    "河山岭坡沟湾塘井桥店铺庄坪坝岗洼泉溪林园家",
)
_VILLAGE_STEP: Final = 7919
"""Prime: neighbours by key live in villages far apart, as files registered over the years do."""
_BLOCK: Final = 2000
_DAYS: Final = 16 * 365
_FATHERS: Final = 1500


@dataclass(frozen=True, slots=True)
class Size:
    """How many of what."""

    children: int

    @property
    def counties(self) -> int:
        return max(2, round(self.children / _CHILDREN_A_COUNTY))

    @property
    def villages(self) -> int:
        return self.counties * TOWNSHIPS * VILLAGES


@cache
def county_code(i: int) -> str:
    return f"99{i // 10 + 1:02d}{i % 10 + 1:02d}"


@cache
def village_code(i: int) -> str:
    county, rest = divmod(i, TOWNSHIPS * VILLAGES)
    return f"{county_code(county)}{101 + rest // VILLAGES}{201 + rest % VILLAGES}"


def lives_in(child: int, size: Size) -> int:
    """Number of the village a child lives in."""
    return child * _VILLAGE_STEP % size.villages


def public_id(child: int) -> str:
    return base64.b32encode(hashlib.blake2b(b"child%d" % child, digest_size=10).digest()).decode().lower()


@cache
def _day(ago: int) -> str:
    return f"{TODAY + timedelta(days=ago):%Y%m%d}"


def number(child: int, size: Size, kind: int = 0) -> str:
    """The ID number of a child (kind 0), her father (1) or mother (2); no two are the same."""
    spread = (child * 48_271 + kind * 999_331) % (_DAYS * 500)
    birth = _day(spread % _DAYS - 17 * 365 - (0, 9000, 8400)[kind])
    odd = (child % 2, 1, 0)[kind]
    body = f"{county_code(lives_in(child, size) // (TOWNSHIPS * VILLAGES))}{birth}{spread // _DAYS * 2 + odd:03d}"
    return body + ids.check_digit(body)


def name_pool(count: int = 60_000) -> list[str]:
    """Names as often as they occur: few surnames and characters make most of them, so some full names are common."""
    rng = random.Random(SEED)
    surnames = rng.choices(_SURNAMES, [1 / (i + 3) for i in range(len(_SURNAMES))], k=count)
    weights = [1 / (i + 12) for i in range(len(_GIVEN))]
    first, second = (rng.choices(_GIVEN, weights, k=count) for _ in range(2))
    return [
        s + a + (b if i % 5 else "") for i, (s, a, b) in enumerate(zip(surnames, first, second, strict=True))
    ]


def child_name(child: int, pool: Sequence[str]) -> str:
    return pool[child * 48_271 % len(pool)]


def parent_name(child: int, kind: int, pool: Sequence[str]) -> str:
    """The father (1) shares the child's surname, before one of fewer given names."""
    if kind == 1:
        return child_name(child, pool)[0] + pool[child * 69_621 % _FATHERS][1:]
    return pool[child * 16_807 % len(pool)]


def parent_names(pool: Sequence[str]) -> set[str]:
    given = {name[1:] for name in pool[:_FATHERS]}
    return set(pool) | {surname + one for surname in _SURNAMES for one in given}


def village_name(i: int) -> str:
    first, second = _PLACE
    return first[i * 31 % len(first)] + second[i * 17 % len(second)] + "村"


# --- places and posts --------------------------------------------------------------------------------------
def areas(size: Size) -> Iterator[tuple[str, str, str, str, str]]:
    """(code, name, level, parent, path)."""
    province = ("990000000000", "示例省", "province", "", "示例省")
    yield province
    paths = {province[0]: province[4]}

    def made(code: str, name: str, level: str, parent: str) -> tuple[str, str, str, str, str]:
        paths[code] = paths[parent] + name
        return code, name, level, parent, paths[code]

    for i in range(size.counties):
        county = county_code(i) + "000000"
        city = county[:4] + "00000000"
        if city not in paths:
            yield made(city, f"{_PLACE[0][i // 10]}州市", "city", province[0])
        yield made(county, _PLACE[0][i % 20] + _PLACE[1][i // 20 % 20] + "县", "county", city)
        for t in range(TOWNSHIPS):
            township = f"{county[:6]}{101 + t}000"
            yield made(township, _PLACE[0][(i + t) % 40] + _PLACE[1][t] + "镇", "township", county)
            for v in range(VILLAGES):
                n = (i * TOWNSHIPS + t) * VILLAGES + v
                yield made(village_code(n), village_name(n), "village", township)


_POSTS = """
INSERT INTO network_org (public_id, name, kind, area_code, usc, status, liaison, report_contact)
SELECT gen_random_uuid(), name || '儿童工作机构', 'MZ', code, '', 'operating', '', '' FROM network_area;
INSERT INTO network_post (public_id, org_id, role, area_code, title, active)
SELECT gen_random_uuid(), org.id,
       CASE area.level WHEN 'village' THEN 'VILLAGE_CHILD_DIRECTOR' WHEN 'township' THEN 'TOWNSHIP_CHILD_SUPERVISOR'
                       ELSE 'COUNTY_CA' END,
       area.code, area.name || '儿童工作岗位', true
  FROM network_org AS org JOIN network_area AS area ON area.code = org.area_code;
INSERT INTO accounts_user (password, username, name, must_change_password, is_active, created_at)
SELECT '!', 'u' || area_code, '王小' || id % 10, false, true, now() FROM network_post;
INSERT INTO network_holding (public_id, post_id, user_id, since, deputy, reason)
SELECT gen_random_uuid(), post.id, person.id, DATE '2020-01-01', false, ''
  FROM network_post AS post JOIN accounts_user AS person ON person.username = 'u' || post.area_code;
"""

# --- children and kin, copied in by two processes ----------------------------------------------------------
_CHILD = (
    "id", "public_id", "file_no", "name", "name_pinyin", "name_initials", "sex", "birth_date", "id_kind", "id_sealed",
    "id_token", "ethnic", "hukou_area", "residence_area", "address", "phone_sealed", "lives_with", "place", "guard",
    "school", "was", "state", "close_reason", "version", "created_at", "updated_at",
)  # fmt: skip
_PERSON = ("id", "name", "sex", "birth_date", "area_code", "id_sealed", "id_token", "phone_sealed", "version")
_TIE = ("child_id", "person_id", "relation", "note", "created_at")
_NOW = "2026-01-01 00:00:00+00"


def _fill(url: str, settings: dict[str, str], size: Size, part: int, parts: int) -> None:
    """Copy every ``parts``-th block of children with their parents."""
    import os

    os.environ.update(settings)
    import django

    django.setup()
    from hutong.domains.registry.search import grams
    from hutong.foundation.access import vault
    from hutong.kernel import names

    pool = name_pool()
    tails: dict[str, str] = {}

    def sealed(plain: str, table: str, row: object) -> str:
        return "\\\\x" + vault.seal(plain, table, row, "id_number").hex()

    def child_line(i: int) -> str:
        home = lives_in(i, size)
        village = village_code(home)
        hukou = village_code((home + 37) % size.villages) if i % 12 == 0 else village
        plain, name, key = number(i, size), child_name(i, pool), public_id(i)
        birth = f"{plain[6:10]}-{plain[10:12]}-{plain[12:14]}"
        token = vault.token(plain, "id")
        return "\t".join((
            str(i), key, f"H{village[:6]}{i:07d}", name, names.pinyin(name), names.initials(name), str(2 - i % 2), birth,
            "RESIDENT", sealed(plain, "registry_child", key), token, "汉族", hukou, village, "", "\\\\x", "grandparents" if i % 4 else "parents",
            "home", "FAIR" if i % 9 else "POOR", "primary", "", "ACTIVE" if i % 20 else "CLOSED", "" if i % 20 else "AGE", "1", _NOW, _NOW,
        ))  # fmt: skip

    def tail_line(i: int) -> str:
        plain = number(i, size)
        gram = tails.get(plain[-4:]) or tails.setdefault(plain[-4:], grams.last_four(plain))
        return f"{i}\t{gram}"

    def kin(i: int) -> Iterator[tuple[str, int]]:
        for kind in (1, 2):
            if (i + kind) % 10:  # nine in ten are known
                yield str(uuid.UUID(int=random.Random(i * 2 + kind).getrandbits(128), version=4)), kind

    def person_line(i: int, key: str, kind: int) -> str:
        plain = number(i, size, kind)
        birth = f"{plain[6:10]}-{plain[10:12]}-{plain[12:14]}"
        return "\t".join((
            key, parent_name(i, kind, pool), str(kind), birth, village_code(lives_in(i, size)),
            sealed(plain, "registry_person", uuid.UUID(key)), vault.token(plain, "id"), "\\\\x", "1",
        ))  # fmt: skip

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for start in range(1 + part * _BLOCK, size.children + 1, parts * _BLOCK):
            block = range(start, min(start + _BLOCK, size.children + 1))
            _copy(connection, "registry_child", _CHILD, map(child_line, block))
            _copy(connection, "bench_tail", ("child_id", "gram"), map(tail_line, block))
            ties = [(i, key, kind) for i in block for key, kind in kin(i)]
            _copy(connection, "registry_person", _PERSON, (person_line(*tie) for tie in ties))
            rows = (f"{i}\t{key}\t{('', 'father', 'mother')[kind]}\t\t{_NOW}" for i, key, kind in ties)
            _copy(connection, "registry_kinship", _TIE, rows)


def _copy(
    connection: psycopg.Connection[Any], table: str, columns: Sequence[str], lines: Iterator[str]
) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    with connection.cursor().copy(
        sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    ) as copy:
        copy.write("\n".join(lines) + "\n")


# --- what hangs on them ------------------------------------------------------------------------------------
_GRAMS = """
INSERT INTO registry_gram (gram, area_code, child_id)
SELECT DISTINCT word.gram, place.code, word.child_id
  FROM (SELECT pool.gram, child.id AS child_id FROM registry_child AS child
          JOIN bench_pool AS pool ON pool.name = child.name AND NOT pool.kin
        UNION ALL
        SELECT pool.gram, tie.child_id FROM registry_kinship AS tie
          JOIN registry_person AS person ON person.id = tie.person_id
          JOIN bench_pool AS pool ON pool.name = person.name AND pool.kin
        UNION ALL
        SELECT tail.gram, tail.child_id FROM bench_tail AS tail) AS word
  JOIN registry_child AS child ON child.id = word.child_id
  CROSS JOIN LATERAL (SELECT child.residence_area UNION SELECT child.hukou_area) AS place(code)
 ORDER BY 1, 2, 3
"""
_HANGING = """
INSERT INTO registry_guardianshipstatus (child_id, value, basis, since, void, recorded_by_label, recorded_at)
SELECT id, guard, '入户了解', DATE '2025-03-01', false, '王小一（儿童工作岗位）', now() FROM registry_child WHERE id % 3 = 0;
INSERT INTO registry_guardianshipregime (child_id, kind, who, basis, since, void, recorded_by_label, recorded_at)
SELECT id, 'FAMILY', '', '', DATE '2020-03-01', false, '王小一（儿童工作岗位）', now() FROM registry_child WHERE id % 3 = 0;
INSERT INTO registry_schoolepisode (child_id, stage, school_name, grade, since, source, recorded_at)
SELECT id, 'primary', '中心小学', '四年级', DATE '2024-09-01', '教育局', now() FROM registry_child WHERE id % 4 = 0;
INSERT INTO registry_circumstance (public_id, child_id, subject, kind, since, detail, evidence, source, source_ref, confidence,
                                   verified_by, recorded_at, superseded_reason)
SELECT substr(md5('fact' || id), 1, 16), id, CASE WHEN id % 2 = 0 THEN 'father' ELSE 'mother' END,
       (ARRAY['migrant_work', 'deaths', 'custody', 'serious_illness', 'low_income'])[1 + id % 5], DATE '2024-01-01' + (id % 500)::int,
       '', '民政局清单', '民政局', '', 100, '', now(), ''
  FROM registry_child WHERE id % 10 < 2;
INSERT INTO registry_rollentry (child_id, scheme, since, monthly, recorded_at)
SELECT id, CASE WHEN id % 2 = 0 THEN 'ORPHAN-S' ELSE 'DEFACTO' END, DATE '2024-06-01', 125600, now() FROM registry_child WHERE id % 50 = 0;
INSERT INTO leads_lead (public_id, lead_id, run_id, run_label, as_of, pack, child_id, kind, scheme, monthly_due, area_code, hukou_area,
   certain, probability, evidence, why, sealed, digest, state, owner_post_id, no_director, opened_on, due_on, answer, words, seen,
   form_key, end_code, end_words, verified_by_id)
SELECT substr(md5('lead' || child.id), 1, 16), 'L' || child.id, 1, '季度比对', CURRENT_DATE - 20, 'CQ-2021', child.id,
   CASE WHEN child.id % 7 = 0 THEN 'SHOULD_EXIT' WHEN child.id % 31 = 0 THEN 'EMERGENCY' ELSE 'SUSPECTED' END, 'DEFACTO', 120400,
   child.residence_area, child.hukou_area, true, 1.0,
   '[{"list": "deaths", "row": 7, "subject": "father", "fact": "deaths", "title": "父亲死亡", "provider": "公安局", "link": "id", "probability": 1.0}]',
   '{}', false, md5('lead' || child.id),
   CASE WHEN child.id % 3 = 0 THEN 'VERIFIED_TRUE' ELSE 'OPEN' END,
   CASE WHEN child.id % 3 = 0 THEN county.id ELSE director.id END, false, CURRENT_DATE - (child.id % 25)::int, CURRENT_DATE + 8 - (child.id % 25)::int,
   CASE WHEN child.id % 3 = 0 THEN 'TRUE' ELSE '' END, CASE WHEN child.id % 3 = 0 THEN '入户核实，情况属实。' ELSE '' END, '', '', '', '',
   CASE WHEN child.id % 3 = 0 THEN holding.user_id END
  FROM registry_child AS child
  JOIN network_post AS director ON director.area_code = child.residence_area
  JOIN network_post AS county ON county.area_code = substr(child.residence_area, 1, 6) || '000000'
  JOIN network_holding AS holding ON holding.post_id = director.id
 WHERE child.id % 20 = 7;
INSERT INTO leads_finding (lead_id, child_id, run_id, run_label, as_of, found_at, monthly_due, probability, evidence, digest)
SELECT id, child_id, run_id, run_label, as_of, now(), monthly_due, 1.0, evidence, digest FROM leads_lead;
INSERT INTO workflow_workitem (public_id, kind, title, summary, owner_post_id, subject_type, subject_id, link, area_code, child_id,
   priority, due_on, opened_at, outcome, pause_reason, escalate_to)
SELECT md5('item' || lead.id), 'lead.verify', '核实：' || child.name, '疑似应保未保', lead.owner_post_id, 'leads.lead', lead.id,
   '/leads/' || lead.public_id || '/', lead.area_code, lead.child_id, 0, lead.due_on, now(), '', '', ''
  FROM leads_lead AS lead JOIN registry_child AS child ON child.id = lead.child_id;
"""
_KEYS = """
SELECT setval(pg_get_serial_sequence('registry_child', 'id'), (SELECT max(id) FROM registry_child));
"""
_LOADED: Final = ("registry_child", "registry_person", "registry_kinship", "registry_gram")


def _rest_indexes(connection: psycopg.Connection[Any]) -> list[str]:
    """Take constraints and indexes off the big tables, keys that others refer to aside; returns how to put them back."""
    back = []
    constraints = connection.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype IN ('u', 'x') "
        "AND conrelid::regclass::text = ANY(%(t)s) OR conname = 'registry_gram_pkey'", {"t": list(_LOADED)},
    ).fetchall()  # fmt: skip
    for table, name, definition in constraints:
        connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        back.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    indexes = connection.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index WHERE NOT indisprimary "
        "AND indrelid::regclass::text = ANY(%s)", [list(_LOADED)],
    ).fetchall()  # fmt: skip
    for name, definition in indexes:
        connection.execute(f"DROP INDEX {name}")
        back.append(definition)
    return back


def _pool_lines(pool: Sequence[str]) -> Iterator[str]:
    """Every name with its search words, as a child's and as a parent's."""
    from hutong.domains.registry.search import grams

    for name in sorted(set(pool)):
        yield from (f"{name}\tfalse\t{gram}" for gram in grams.of(name))
    for name in sorted(parent_names(pool)):
        yield from (f"{name}\ttrue\t{gram}" for gram in grams.of("", "", [name]))


def build(url: str, settings: dict[str, str], size: Size, say: Callable[[str], None]) -> None:
    """Fill an empty migrated database; ``url`` as superuser, ``settings`` the environment the fields are sealed in."""
    from hutong.kernel import names

    began = time.monotonic()

    def step(what: str) -> None:
        say(f"[{time.monotonic() - began:5.0f} s] {what}")

    with psycopg.connect(url, autocommit=True) as connection:
        for setting in (
            "session_replication_role = replica",
            "work_mem = '768MB'",
            "maintenance_work_mem = '1GB'",
        ):
            connection.execute(f"SET {setting}")
        step("places and posts")
        connection.execute("CREATE TABLE bench_pool (name text, kin boolean, gram text)")
        connection.execute("CREATE TABLE bench_tail (child_id bigint, gram text)")
        places = (
            "\t".join((*row, names.pinyin(row[1]), names.initials(row[1]), "220", "false", "false"))
            for row in areas(size)
        )
        columns = (
            "code",
            "name",
            "level",
            "parent_code",
            "path",
            "pinyin",
            "initials",
            "urban_rural",
            "core_urban",
            "poor_township",
        )
        _copy(connection, "network_area", columns, places)
        connection.execute(_POSTS)
        pool = name_pool()
        _copy(connection, "bench_pool", ("name", "kin", "gram"), _pool_lines(pool))
        back = _rest_indexes(connection)
        step("children, parents")
        context = multiprocessing.get_context("spawn")
        workers = [context.Process(target=_fill, args=(url, settings, size, part, 2)) for part in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        if any(worker.exitcode for worker in workers):
            raise SystemExit("a generator process failed")
        step("search words")
        connection.execute(
            "ANALYZE bench_pool, bench_tail, registry_child, registry_kinship, registry_person"
        )
        connection.execute(_GRAMS)
        connection.execute("DROP TABLE bench_pool, bench_tail")
        step("indexes")
        for statement in back:
            connection.execute(statement)
        step("facts, leads, work")
        connection.execute(_HANGING + _KEYS)
        step("vacuum")
        connection.execute("VACUUM ANALYZE")
        step("done")
