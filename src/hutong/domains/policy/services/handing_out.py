"""The figures as a workbook: purpose, water mark, a line in the log each time; children masked, and only with child rights."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from django.db import transaction

from hutong.domains.policy.models import Effect, Scenario, Taking
from hutong.domains.policy.selectors import figures as shown
from hutong.domains.policy.selectors import packs, scenarios
from hutong.domains.policy.services import terms
from hutong.domains.policy.services.errors import Refused
from hutong.foundation.access.acting import Acting
from hutong.foundation.network import selectors as network
from hutong.kernel import clock, sheets
from hutong.rulebook.simulate import KINDS
from hutong.rulebook.words import figure

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Row = Sequence[object]


@transaction.atomic
def take(scenario: Scenario, *, actor: Acting, purpose: str) -> tuple[str, bytes]:
    """(file name, content) for the actor, logged."""
    actor.check("policy.simulate")
    if not scenario.result:
        raise Refused("这个情景还没有测算结果，不能下载。")
    effects = list(scenarios.list_effects(scenario)) if actor.may("child.view") else []
    content = _workbook(scenario, actor, purpose, effects)
    Taking(
        scenario=scenario, at=clock.now(), actor=actor.user, actor_label=actor.label, purpose=purpose[:200],
        rows=len(effects), sha256=hashlib.sha256(content).hexdigest(),
    ).save(force_insert=True)  # fmt: skip
    return f"政策测算 {scenario.title}.xlsx", content


def _workbook(scenario: Scenario, actor: Acting, purpose: str, effects: list[Effect]) -> bytes:
    made = shown.figures(
        scenario, exact=actor.may("child.view"), small=terms.value("small_cell", clock.today())
    )
    mark = f"内部资料，严禁外传　{actor.label}　{clock.now():%Y-%m-%d %H:%M}　用途：{purpose}"
    kinds = list(KINDS.values())
    lines = [made.total, *made.places]
    papers: list[tuple[str, Row, Iterable[Row]]] = [
        ("改动", ("参数或规则", "改为", "自", "依据"), _changes(scenario)),
        ("按地方", ("地方", *kinds, "现行每月（元）", "情景每月（元）", "相差（元）"),
         [(one.name, *one.kinds.values(), *one.cost) for one in lines]),
        ("按月", ("月份", "现行人数", "情景人数", "现行（元）", "情景（元）", "相差（元）"),
         [*made.months, ("十二个月合计", "", "", *made.year)]),
    ]  # fmt: skip
    if effects:
        papers.append(
            (
                "人员变化（已遮盖）",
                ("姓名", "乡镇", "变化", "现行", "情景", "现行（元/月）", "情景（元/月）"),
                masked(effects),
            )
        )
    sink = BytesIO()
    book = sheets.open_book(sink)
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1})
    for title, header, rows in papers:
        sheet = book.add_worksheet(title)
        sheets.put(sheet, 0, 0, mark)
        sheets.put_row(sheet, 1, header, bold)
        for number, row in enumerate(rows, 2):
            sheets.put_row(sheet, number, row)
        sheet.set_column(0, len(header) - 1, 18)
        sheet.set_header(f"&C&9{mark.replace('&', '&&')[:200]}")
    book.close()
    return sink.getvalue()


def _changes(scenario: Scenario) -> list[Row]:
    lines: list[Row] = [
        (
            scenarios.key_label(one["key"]),
            figure(scenarios.key_label(one["key"]), one["value"]),
            one["from"],
            one["source"],
        )
        for one in scenario.lines
    ]
    lines += [(scenarios.rule_label(name), "新设", "", "") for name in scenario.adopts]
    return lines + [(scenarios.rule_label(name), "停用", "", "") for name in scenario.drops]


def masked(effects: Iterable[Effect]) -> list[tuple[Any, ...]]:
    """Surname and township: enough to see what kind of case it is, not who."""
    found = list(effects)
    places = network.area_paths(sorted({one.township_area for one in found}))
    return [
        (
            f"{one.child.name[:1]}**", places.get(one.township_area, ""), KINDS[one.kind], scheme(one.before), scheme(one.after),
            amount(one.due_before), amount(one.due_after),
        )
        for one in found
    ]  # fmt: skip


def scheme(code: str | None) -> str:
    return "尚不能判定" if code is None else packs.scheme_label(code) if code else "无"


def amount(fen: int | None) -> str:
    return "" if fen is None else shown.yuan(fen)
