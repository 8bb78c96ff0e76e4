"""``hutong rules simulate FILE``: a scenario over cases or a registry folder, without a database (R-43; ADR 0035).

FILE is YAML: ``pack``, ``on`` (a day; its month is simulated, and the twelve months from it), ``changes`` (lines of ``key, value,
from`` and perhaps ``area, source``; money in fen as in packs), ``adopts``, ``drops``, ``rules`` (draft wordings), and either
``cases`` (a list, or a file beside it) or ``registry`` (a folder of ``hutong registry export``).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any

import click
import yaml

from hutong.rulebook import cases, packs, simulate
from hutong.rulebook.expr import RuleError
from hutong.rulebook.packs.drafts import DraftError
from hutong.rulebook.simulate import FactsOf, Side, Simulation

RegistryFacts = Callable[[Path], AbstractContextManager[FactsOf]]
"""A registry folder → the facts of its children on any day; handed in by whoever wires the command line."""


def make_command(registry_facts: RegistryFacts) -> click.Command:
    @click.command("simulate")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    def command(file: Path) -> None:
        """政策测算：FILE（YAML）写明政策包、改动和案例或档案文件夹，输出谁纳入、谁退出、谁改变、花多少钱（JSON）。"""
        try:
            done = run(_read(file), file.parent, registry_facts)
        except (RuleError, OSError) as error:
            raise click.ClickException(str(error)) from error
        except ValueError as error:  # a registry folder that is not one says why itself
            raise click.ClickException(str(error)) from error
        click.echo(json.dumps(done, ensure_ascii=False, indent=1))

    return command


def _read(file: Path) -> dict[str, Any]:
    try:
        raw = yaml.safe_load(file.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DraftError(f"{file.name} 不是可读的 YAML 文件，请核对缩进、冒号和编码（UTF-8）。") from error
    if not isinstance(raw, dict):
        raise DraftError(f"{file.name} 应是键值：pack、on、changes、cases 或 registry。")
    return raw


def run(raw: dict[str, Any], folder: Path, registry_facts: RegistryFacts) -> dict[str, Any]:
    """The result of one scenario file as plain data."""
    pack = packs.load(str(raw.get("pack") or ""))
    on = raw.get("on")
    if not isinstance(on, date):
        raise DraftError(f"on 应写成 2027-01-01 这样的日期，现为“{on if on is not None else '空'}”。")
    draft = simulate.read_draft(raw, pack)
    changed = simulate.checked(pack, draft, on)
    done = Simulation(pack, changed, simulate.year_from(on))
    with _facts(raw, folder, registry_facts) as facts_of:
        done.add(facts_of)
    return told(done)


def _facts(
    raw: dict[str, Any], folder: Path, registry_facts: RegistryFacts
) -> AbstractContextManager[FactsOf]:
    if ("cases" in raw) == ("registry" in raw):
        raise DraftError("请写明 cases（案例）或 registry（档案文件夹）之一，不能都写，也不能都不写。")
    if "registry" in raw:
        return registry_facts(folder / str(raw["registry"]))
    found = raw["cases"]
    listed = list(cases.read_cases(folder / found)) if isinstance(found, str) else found
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise DraftError("cases 应是案例列表，或案例文件的文件名。")
    return nullcontext(
        lambda day: simulate.facts_table(
            cases.facts_from_case({"id": f"第{n}个", **one, "asof": day}) for n, one in enumerate(listed, 1)
        )
    )


def told(done: Simulation) -> dict[str, Any]:
    """A simulation as JSON: money in yuan."""
    by_kind: dict[str, list[dict[str, Any]]] = {kind: [] for kind in simulate.KINDS}
    for effect in sorted(done.effects, key=lambda one: one.child_id):
        by_kind[effect.kind].append(
            {
                "id": effect.child_id,
                "before": _scheme(effect.before), "after": _scheme(effect.after),
                "monthly_before": _yuan(effect.due_before), "monthly_after": _yuan(effect.due_after),
            }
        )  # fmt: skip
    months = [{"month": f"{day:%Y-%m}", **_sides(sides)} for day, sides in done.months.items()]
    year = [Side(fen=sum(sides[n].fen for sides in done.months.values())) for n in (0, 1)]
    return {
        "pack": done.packs[0].name,
        "versions": [pack.version for pack in done.packs],
        "on": done.days[0].isoformat(),
        "children": done.children,
        **by_kind,
        "schemes": [dict(sorted(counted.items())) for counted in done.schemes],
        "others": {name: dict(sorted(turns.items())) for name, turns in done.others.items() if turns},
        "month": _sides(done.months[done.days[0]]),
        "year": {"before": _yuan(year[0].fen), "after": _yuan(year[1].fen), "difference": _yuan(year[1].fen - year[0].fen)},
        "months": months,
        "townships": [
            {"area": area, **{kind: place.kinds[kind] for kind in simulate.KINDS}, **_sides((place.before, place.after))}
            for area, place in sorted(done.places.items())
        ],
    }  # fmt: skip


def _scheme(code: str | None) -> str:
    return "尚不能判定" if code is None else code or "-"


def _sides(sides: tuple[Side, Side]) -> dict[str, Any]:
    before, after = sides
    return {
        "entitled": [before.entitled, after.entitled],
        "undecided": [before.undecided, after.undecided],
        "not_loaded": [before.unpriced, after.unpriced],
        "cost": [_yuan(before.fen), _yuan(after.fen)],
        "difference": _yuan(after.fen - before.fen),
    }


def _yuan(fen: int | None) -> float | int | None:
    if fen is None:
        return None
    return fen // 100 if fen % 100 == 0 else fen / 100
