"""A district made by hand, row by row, and a run over it with the real rulebook."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from hutong.kernel import ids
from hutong.linkage.difference import OUTPUTS
from hutong.linkage.run import Summary, compare

# The contract between the two packages is about the product; only here, in tests, are they put together.
book = import_module("hutong.rulebook").book
AS_OF = date(2021, 9, 30)
PACK = "CQ-2021"
VILLAGE = "500114001006"
OTHER_VILLAGE = "500114002007"


def number(birth: date, order: int) -> str:
    return ids.make("500199", birth, order)


@dataclass
class World:
    """Rows as they would stand in the files; ``family`` adds a child with both parents and returns its people."""

    children: list[dict[str, Any]] = field(default_factory=list)
    kin: list[dict[str, Any]] = field(default_factory=list)
    roll: list[dict[str, Any]] = field(default_factory=list)
    circumstances: list[dict[str, Any]] = field(default_factory=list)
    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def family(
        self, child_id: str, names: tuple[str, str, str], birth: date = date(2012, 5, 1), **facts: Any
    ) -> Any:
        order = len(self.children) * 4 + 1
        child = {
            "child_id": child_id, "name": names[0], "id_number": number(birth, order), "sex": "男",
            "birth_date": birth.isoformat(), "hukou_area": VILLAGE, "residence_area": VILLAGE,
            "lives_with": "grandparents", **facts,
        }  # fmt: skip
        self.children.append(child)
        people = [child]
        for relation, name, sex, year in (("父", names[1], "男", 1985), ("母", names[2], "女", 1987)):
            born = date(year, 3, 1 + len(self.children) % 27)
            person = {
                "child_id": child_id, "relation": relation, "name": name, "sex": sex,
                "id_number": number(born, order + (sex == "女")), "birth_date": born.isoformat(),
                "area_code": VILLAGE,
            }  # fmt: skip
            self.kin.append(person)
            people.append(person)
        return people

    def listed(self, code: str, person: Mapping[str, Any], **columns: Any) -> int:
        """Put a person on a list; returns the row number."""
        own = {k: person.get(k) for k in ("name", "id_number", "sex", "birth_date")}
        own["area_code"] = person.get("area_code", person.get("hukou_area"))
        rows = self.lists.setdefault(code, [])
        rows.append({**own, **columns})
        return len(rows) - 1

    def paid(self, child_id: str, scheme: str, monthly: str = "1204.00") -> None:
        self.roll.append({"child_id": child_id, "scheme": scheme, "since": "2020-01-01", "monthly": monthly})

    def verified(
        self, child_id: str, subject: str, kind: str, start: str, end: str = "", detail: str = ""
    ) -> None:
        self.circumstances.append(
            {
                "subject": subject,
                "child_id": child_id,
                "kind": kind,
                "from": start,
                "to": end,
                "detail": detail,
            }
        )

    def write(self, folder: Path) -> tuple[Path, Path]:
        registry, lists = folder / "registry", folder / "lists"
        registry.mkdir(parents=True, exist_ok=True)
        lists.mkdir(exist_ok=True)
        heads = {
            "children": "child_id name id_number sex birth_date hukou_area residence_area lives_with place adopted "
            "school single",
            "kin": "child_id relation name id_number sex birth_date area_code",
            "roll": "child_id scheme since monthly",
            "circumstances": "subject child_id kind from to detail",
        }
        for code, head in heads.items():
            write_csv(registry / f"{code}.csv", head.split(), getattr(self, code))
        for code, rows in self.lists.items():
            write_csv(lists / f"{code}.csv", list(dict.fromkeys(k for row in rows for k in row)), rows)
        return registry, lists

    def run(
        self, folder: Path, as_of: date = AS_OF, pack: str = PACK, why: bool = True, **options: Any
    ) -> Result:
        registry, lists = self.write(folder)
        chosen = book(pack, as_of) if pack else NO_RULES
        summary = compare(
            registry,
            lists,
            as_of,
            chosen.evaluate_table,
            chosen.explain,
            folder / "out",
            threads=1,
            **options,
        )
        return Result(folder / "out", summary)


class NoRules:
    """An evaluator that entitles nobody, for tests of what comes before the rules."""

    explain = None

    def evaluate_table(self, source: str) -> str:
        nothing = dict.fromkeys(OUTPUTS, "FALSE") | {"scheme": "NULL::VARCHAR", "monthly_due": "NULL::BIGINT"}
        return f"SELECT child_id, {', '.join(f'{v} AS {k}' for k, v in nothing.items())} FROM {source}"


NO_RULES = NoRules()


@dataclass
class Result:
    out: Path
    summary: Summary

    def table(self, name: str) -> list[dict[str, Any]]:
        return pq.read_table(self.out / f"{name}.parquet").to_pylist()

    @property
    def leads(self) -> set[tuple[str, str, str]]:
        return {(r["child_id"], r["kind"], r["scheme"]) for r in self.table("leads")}

    def links(self) -> dict[tuple[str, int], set[tuple[str, str, str]]]:
        found: dict[tuple[str, int], set[tuple[str, str, str]]] = {}
        for r in self.table("links"):
            found.setdefault((r["list"], r["row"]), set()).add((r["child_id"], r["subject"], r["link"]))
        return found

    def evidence(self, child_id: str) -> list[dict[str, Any]]:
        return [
            e for r in self.table("leads") if r["child_id"] == child_id for e in json.loads(r["evidence"])
        ]


def write_csv(path: Path, columns: list[str], rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
