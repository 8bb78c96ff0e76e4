"""A district as large as wanted, with planted truth: children, kin, roll, verified circumstances and the lists.

Everything is drawn column by column with numpy and handed to Arrow; no Python per row. Same seed, same bytes. All ID
numbers carry county codes nobody has been given (99xxxx); all persons are fictitious.
"""

from __future__ import annotations

import argparse
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

Array = np.ndarray[Any, Any]
AS_OF = date(2021, 9, 30)
_EPOCH = date(1970, 1, 1)
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK = np.frombuffer(b"10X98765432", dtype=np.uint8)
_SURNAMES = list("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余")
_GIVEN = list(
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英文华玉萍红建国志梅兰鹏飞雪琳晨宇轩浩然欣怡子涵梓"
    "睿佳琪诗雨思语嘉豪俊宏博天翔安康乐宁瑞祥福寿春夏秋冬松柏竹菊海山川江河湖月星云风"
)
_COUNTIES = np.arange(990101, 990141)
_MOVED = 490_000
"""Numbers carry unassigned codes, people live in Chongqing (5001xx): the pack asks for its hukou."""
_SCHEMES = np.array(["ORPHAN-S", "ORPHAN-I", "DEFACTO"])
_MONTHLY = np.array([1256_00, 1456_00, 1204_00])


def days(day: date) -> int:
    return (day - _EPOCH).days


def generate(folder: Path, children: int, seed: int = 1) -> dict[str, int]:
    """Write ``registry/`` and ``lists/`` under ``folder``; returns rows by table."""
    world = _World(np.random.default_rng(seed), children)
    written: dict[str, int] = {}
    for place, tables in (("registry", world.registry()), ("lists", world.lists())):
        (folder / place).mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            pq.write_table(table, folder / place / f"{name}.parquet")
            written[name] = table.num_rows
    return written


class _People:
    """Columns of persons: number (as text), name, birth (days), sex (1, 2), area."""

    def __init__(self, rng: np.random.Generator, birth: Array, sex: Array, county: Array) -> None:
        n = len(birth)
        self.rng, self.birth, self.sex = rng, birth, sex
        self.area = (
            (county - _MOVED) * 1_000_000 + rng.integers(1, 20, n) * 1000 + 200 + rng.integers(0, 30, n)
        )
        self.digits = _numbers(county, birth, sex)
        self.surname = np.minimum(rng.geometric(0.06, n) - 1, len(_SURNAMES) - 1)
        self.given = rng.integers(0, len(_GIVEN), (n, 2))
        self.given[rng.random(n) < 0.15, 1] = len(_GIVEN)

    def __len__(self) -> int:
        return len(self.birth)


def _numbers(county: Array, birth: Array, sex: Array) -> Array:
    """(n, 18) ASCII of valid, distinct numbers: order codes count up within county, birth date and sex."""
    key = (county * 100_000 + birth) * 2 + sex % 2
    order = np.argsort(key, kind="stable")
    ranked = key[order]
    start = np.r_[0, np.flatnonzero(np.diff(ranked)) + 1]
    rank = np.arange(len(key)) - np.repeat(start, np.diff(np.r_[start, len(key)]))
    serial = np.empty(len(key), dtype=np.int64)
    serial[order] = (rank * 2 + sex[order] % 2) % 1000
    ymd = birth.astype("datetime64[D]")
    years = ymd.astype("datetime64[Y]").astype(int) + 1970
    months = ymd.astype("datetime64[M]").astype(int) % 12 + 1
    day = (ymd - ymd.astype("datetime64[M]")).astype(int) + 1
    number = ((county * 10000 + years) * 10000 + months * 100 + day) * 1000 + serial
    out = np.empty((len(key), 18), dtype=np.uint8)
    for place in range(16, -1, -1):
        number, digit = np.divmod(number, 10)
        out[:, place] = digit
    out[:, 17] = _CHECK[(out[:, :17].astype(np.int64) @ _WEIGHTS) % 11]
    out[:, :17] += 48
    return out


def _text(digits: Array, missing: Array | None = None) -> pa.Array:
    offsets = np.arange(0, len(digits) * 18 + 1, 18, dtype=np.int32)
    data = pa.py_buffer(np.ascontiguousarray(digits))
    array = pa.StringArray.from_buffers(len(digits), pa.py_buffer(offsets), data)
    return array if missing is None else pc.if_else(pa.array(missing), pa.scalar(None, pa.string()), array)


def _names(surname: Array, given: Array) -> pa.Array:
    first = pa.array(_SURNAMES).take(pa.array(surname))
    pool = pa.array([*_GIVEN, ""])
    parts = [first, pool.take(pa.array(given[:, 0])), pool.take(pa.array(given[:, 1])), ""]
    return pc.binary_join_element_wise(*parts)


def _dates(values: Array, missing: Array | None = None) -> pa.Array:
    return pa.array(values.astype(np.int32), pa.int32(), mask=missing).cast(pa.date32())


def _areas(values: Array, missing: Array | None = None) -> pa.Array:
    text = pa.array(values).cast(pa.string())
    return text if missing is None else pc.if_else(pa.array(missing), pa.scalar(None, pa.string()), text)


class _World:
    def __init__(self, rng: np.random.Generator, n: int) -> None:
        self.rng, self.n, self.today = rng, n, days(AS_OF)
        families = max(int(n / 1.35), 1)
        self.family = rng.integers(0, families, n)
        county = rng.choice(_COUNTIES, families)
        born = self.today - rng.integers(0, 18 * 365 + 300, n)
        self.children = _People(rng, born, rng.integers(1, 3, n), county[self.family])
        adult = self.today - rng.integers(24 * 365, 52 * 365, families)
        self.fathers = _People(rng, adult, np.ones(families, int), county)
        self.mothers = _People(rng, adult + rng.integers(-1500, 1500, families), np.full(families, 2), county)
        self.children.area = self.fathers.area[self.family]
        # Troubles come together: few families hold half of the rows that name parents.
        self.troubled = rng.choice(families, max(families // 30, 2), replace=False)
        self.ids = pc.binary_join_element_wise("H", pa.array(np.arange(n) + 10**9).cast(pa.string()), "")

    def registry(self) -> dict[str, pa.Table]:
        rng, c, n = self.rng, self.children, self.n
        lives = np.array(["parents", "grandparents", "mother", "relatives"])
        stages = np.array(["none", "preschool", "primary", "junior", "senior"])
        children = {
            "child_id": self.ids,
            **self._columns(c, np.arange(n), missing_ids=rng.random(n) < 0.015),
            "hukou_area": _areas(c.area),
            "residence_area": _areas(c.area),
            "rural": pa.array(rng.random(n) < 0.6),
            "lives_with": pa.array(lives).take(pa.array(rng.choice(4, n, p=[0.6, 0.25, 0.1, 0.05]))),
            "place": pa.array(["home", "institution"]).take(pa.array((rng.random(n) < 0.002).astype(int))),
            "school": pa.array(stages).take(pa.array(np.clip((self.today - c.birth) // 365 // 4, 0, 4))),
            "full_time": pa.array(np.ones(n, bool)),
            "adopted": pa.array(rng.random(n) < 0.001),
        }
        kin = []
        for relation, people in (("father", self.fathers), ("mother", self.mothers)):
            columns = self._columns(people, self.family)
            columns["area_code"] = _areas(people.area[self.family])
            kin.append(pa.table({"child_id": self.ids, "relation": pa.array([relation] * n), **columns}))
        return {
            "children": pa.table(children),
            "kin": pa.concat_tables(kin),
            "roll": self._roll(),
            "circumstances": self._verified(),
        }

    def _columns(self, who: _People, at: Array, missing_ids: Array | None = None) -> dict[str, pa.Array]:
        return {
            "name": _names(who.surname[at], who.given[at]),
            "id_number": _text(who.digits[at], missing_ids),
            "sex": pa.array(who.sex[at].astype(str)),
            "birth_date": _dates(who.birth[at]),
        }

    def _roll(self) -> pa.Table:
        self.on_roll = np.flatnonzero(self.rng.random(self.n) < 0.04)
        scheme = self.rng.choice(3, len(self.on_roll), p=[0.2, 0.02, 0.78])
        return pa.table(
            {
                "child_id": self.ids.take(pa.array(self.on_roll)),
                "scheme": pa.array(_SCHEMES[scheme]),
                "since": _dates(self.today - self.rng.integers(60, 1500, len(scheme))),
                "monthly": pa.array(_MONTHLY[scheme] / 100),
            }
        )

    def _verified(self) -> pa.Table:
        """Half of those on the roll have their parents' circumstances on file, some of them ended since."""
        rng = self.rng
        who = np.repeat(rng.choice(self.on_roll, len(self.on_roll) // 2, replace=False), 2)
        n = len(who)
        kind = rng.choice(3, n, p=[0.4, 0.35, 0.25])
        start = self.today - rng.integers(400, 2500, n)
        end = start + rng.integers(200, 4000, n)
        none = kind != 1
        return pa.table(
            {
                "subject": pa.array(np.tile(np.array(["father", "mother"]), n // 2)),
                "child_id": self.ids.take(pa.array(who)),
                "kind": pa.array(np.array(["deaths", "custody", "serious_illness"])[kind]),
                "from": _dates(start),
                "to": _dates(end, none),
                "detail": pa.array(np.array(["死亡", "服刑", ""])[kind]),
            }
        )

    def lists(self) -> dict[str, pa.Table]:
        """Rates are plausible, not measured: what matters is the shape."""
        rng, today = self.rng, self.today

        def past(n: int, most: int = 3000) -> Array:
            return today - rng.integers(1, most, n)

        def dated(
            rate: float, first: str, last: str | None, length: int = 2500, open_share: float = 0.3
        ) -> pa.Table:
            columns, n = self._rows(rate, children=False)
            start = past(n)
            columns[first] = _dates(start)
            if last:
                columns[last] = _dates(start + rng.integers(100, length, n), rng.random(n) < open_share)
            return pa.table(columns)

        def with_text(table: pa.Table, **texts: tuple[str, ...]) -> pa.Table:
            for name, choices in texts.items():
                drawn = pa.array(choices).take(pa.array(rng.integers(0, len(choices), table.num_rows)))
                table = table.append_column(name, drawn)
            return table

        enrolment = pa.table(self._rows(0.8, children=True)[0])
        return {
            "deaths": with_text(dated(0.030, "death_date", None), kind=("死亡", "死亡", "宣告死亡")),
            "declared_missing": dated(0.003, "declared_on", "revoked_on", open_share=0.8),
            "custody": with_text(
                dated(0.040, "start_date", "end_date", open_share=0.0), kind=("服刑", "强制隔离戒毒", "其他限制人身自由")
            ),
            "guardianship_revoked": dated(0.002, "revoked_on", "restored_on", open_share=0.7),
            "deported": dated(0.002, "deported_on", "reentry_on", open_share=0.8),
            "lost_contact": self._lost(),
            "disability": self._disability(),
            "serious_illness": with_text(dated(0.03, "diagnosed_on", None), disease=("白血病", "尿毒症")),
            "hiv": pa.table({**(rows := self._rows(0.0005, children=True))[0], "reported_on": _dates(past(rows[1]))}),
            "low_income": with_text(
                pa.table({**(poor := self._rows(0.05, children=True))[0], "start_date": _dates(past(poor[1]))}),
                kind=("低保", "特困", "建档立卡", "其他"), monthly=("380", "420", "620"),
            ),
            "enrolment": with_text(
                enrolment, stage=("primary", "primary", "junior", "senior"), status=("在校",) * 20 + ("疑似辍学",)
            ),
            "migrant_work": with_text(
                dated(0.15, "since", "returned_on", open_share=0.7), work_area=("310115000000", "440305000000")
            ),
            "adoptions": pa.table({**(kept := self._rows(0.001, children=True))[0], "registered_on": _dates(past(kept[1], 90))}),
            "emergencies": with_text(
                pa.table({**(hit := self._rows(0.0005, children=True))[0], "occurred_on": _dates(past(hit[1], 30))}),
                event=("洪涝",), effect=("住院",),
            ),
        }  # fmt: skip

    def _lost(self) -> pa.Table:
        columns, n = self._rows(0.01, children=False)
        since = self.today - self.rng.integers(30, 2500, n)
        columns["lost_since"] = _dates(since)
        columns["accepted_on"] = _dates(np.minimum(since + self.rng.integers(1, 400, n), self.today))
        columns["receipt_no"] = pc.if_else(pa.array(self.rng.random(n) < 0.7), "HZ000001", None)
        return pa.table(columns)

    def _disability(self) -> pa.Table:
        columns, n = self._rows(0.06, children=False)
        kinds = np.array(["视力", "听力", "言语", "肢体", "智力", "精神", "多重"])
        columns["kind"] = pa.array(kinds[self.rng.integers(0, 7, n)])
        columns["grade"] = pa.array(self.rng.integers(1, 5, n))
        columns["valid_to"] = _dates(self.today + self.rng.integers(-400, 3000, n))
        return pa.table(columns)

    def _rows(self, rate: float, *, children: bool) -> tuple[dict[str, pa.Array], int]:
        """Person columns of a list: two thirds from the registry, one third outsiders, dirty as lists are."""
        rng = self.rng
        n = max(int(self.n * rate), 2)
        if children:
            people = [self.children]
        else:
            people = [self.fathers, self.mothers]
        inside = int(n * (0.97 if children else 0.67))
        among = None if children else self.troubled
        parts = [self._pick(group, inside // len(people), among) for group in people]
        rest = n - sum(len(part[0]) for part in parts)
        birth = self.today - rng.integers(20 * 365, 70 * 365, rest)
        strangers = _People(rng, birth, rng.integers(1, 3, rest), rng.integers(995101, 995140, rest))
        parts.append(self._pick(strangers, rest))
        digits, surname, given, birth, sex, area = (
            np.concatenate(column) for column in zip(*parts, strict=True)
        )
        order = rng.permutation(n)
        return self._dirty(
            digits[order], surname[order], given[order], birth[order], sex[order], area[order]
        ), n

    def _pick(self, who: _People, n: int, among: Array | None = None) -> tuple[Array, ...]:
        n = min(n, len(who))
        if among is None:
            at = self.rng.choice(len(who), n, replace=False)
        else:
            few = self.rng.choice(among, min(n // 2, len(among)), replace=False)
            at = np.r_[few, self.rng.choice(len(who), n - len(few), replace=False)]
        return who.digits[at], who.surname[at], who.given[at], who.birth[at], who.sex[at], who.area[at]

    def _dirty(
        self, digits: Array, surname: Array, given: Array, birth: Array, sex: Array, area: Array
    ) -> dict[str, pa.Array]:
        rng, n = self.rng, len(birth)
        error = rng.random(n)
        missing = error < 0.015
        wrong = np.flatnonzero((error >= 0.015) & (error < 0.027))
        places = rng.integers(6, 17, len(wrong))
        digits[wrong, places] = 48 + (digits[wrong, places] - 48 + rng.integers(1, 10, len(wrong))) % 10
        swapped = np.flatnonzero((error >= 0.027) & (error < 0.032))
        places = rng.integers(6, 16, len(swapped))
        first = digits[swapped, places].copy()
        digits[swapped, places] = digits[swapped, places + 1]
        digits[swapped, places + 1] = first
        misspelt = rng.random(n) < 0.02
        given[misspelt, 0] = rng.integers(0, len(_GIVEN), int(misspelt.sum()))
        unknown_birth = (rng.random(n) < 0.08) & ~missing
        return {
            "name": _names(surname, given),
            "id_number": _text(digits, missing),
            "sex": pa.array(sex.astype(str)),
            "birth_date": _dates(birth, unknown_birth),
            "area_code": _areas(area, rng.random(n) < 0.05),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a synthetic district.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--children", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    started = time.perf_counter()
    rows = generate(options.out, options.children, options.seed)
    seconds = time.perf_counter() - started
    print(f"{sum(rows.values()):,} rows in {seconds:.1f} s ({sum(rows.values()) / seconds:,.0f} rows/s)")


if __name__ == "__main__":
    main()
