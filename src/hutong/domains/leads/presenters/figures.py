"""The figures of leads as tables and charts; for those who see counts only, small ones are withheld (WX-06)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from hutong.domains.leads.machines import lead as machine
from hutong.domains.leads.models import KINDS
from hutong.domains.leads.selectors import AGES, LATE, PROGRESS, STAGES, Cell, FunnelView
from hutong.foundation.design import charts
from hutong.kernel.withholding import Key, withheld

ALL: Final = ""
LIVE: Final = "live"
AGE_COLUMNS: Final = {
    **{key: label for key, (label, _, _) in AGES.items()},
    LATE: "其中逾期",
    LIVE: "未办结合计",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A number with the address of its rows, or '＜5' without one."""

    value: int | str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """All numbers of the page by what they are: ``kinds[kind or ''][stage]``, ``places[code or ''][age]``, ``progress``."""

    kinds: dict[str, dict[str, Shown]]
    places: dict[str, dict[str, Shown]]
    progress: dict[str, Shown]
    withheld: bool


def figures(view: FunnelView, *, links: bool, small: int) -> Figures:
    """``links``: the viewer may open the rows; otherwise small numbers are withheld."""
    cells = _cells(view)
    values = {key: cell.count for key, cell in cells.items()}
    hidden = set() if links else withheld(values, _groups(view), small)

    def shown(key: Key) -> Shown:
        if key in hidden:
            return Shown(f"＜{small}" if values[key] < small else "—")
        address = f"{reverse('leads:all')}?{cells[key].filter.query()}" if links else ""
        return Shown(values[key], address)

    return Figures(
        kinds={kind: {stage: shown(("kind", kind, stage)) for stage in STAGES} for kind in (*KINDS, ALL)},
        places={
            place: {age: shown(("age", place, age)) for age in AGE_COLUMNS} for place in (*view.places, ALL)
        },
        progress={
            name: shown(("age", ALL, LIVE) if name == LIVE else ("progress", name)) for name in PROGRESS
        },
        withheld=bool(hidden),
    )


def _cells(view: FunnelView) -> dict[Key, Cell]:
    cells: dict[Key, Cell] = {}
    for stage in STAGES:
        cells["kind", ALL, stage] = view.steps[stage]
        for kind in KINDS:
            cells["kind", kind, stage] = view.kinds[kind][stage]
    for age in (*AGES, LATE):
        cells["age", ALL, age] = view.ages[age]
    cells["age", ALL, LIVE] = view.progress[LIVE]
    for place, by_age in view.places.items():
        for age in AGE_COLUMNS:
            cells["age", place, age] = by_age[age]
    for name in PROGRESS:
        if name != LIVE:
            cells["progress", name] = view.progress[name]
    return cells


def _groups(view: FunnelView) -> list[list[Key]]:
    """What adds up to what."""
    groups: list[list[Key]] = [[("kind", kind, stage) for kind in (*KINDS, ALL)] for stage in STAGES]
    groups += [[("age", place, age) for age in (*AGES, LIVE)] for place in (*view.places, ALL)]
    groups += [[("age", place, age) for place in (*view.places, ALL)] for age in AGE_COLUMNS]
    groups.append([*(("progress", name) for name in ("verify", "decide", "review")), ("age", ALL, LIVE)])
    return groups


def funnel_chart(made: Figures) -> charts.Chart:
    """How many leads are left at each step; steps withheld are left out."""
    steps = [(label, made.kinds[ALL][stage]) for stage, (label, _) in STAGES.items()]
    open_ones = [(label, one.value, one.url) for label, one in steps if isinstance(one.value, int)]
    summary = "，".join(f"{label} {value} 条" for label, value, _ in open_ones)
    return charts.funnel(
        "线索漏斗",
        [(label, value) for label, value, _ in open_ones],
        urls=[url for _, _, url in open_ones],
        summary=summary + "。" if summary else "",
    )


def flow_chart(view: FunnelView) -> charts.Chart:
    """Every lead from its kind to where it stands."""
    flows = [(KINDS[kind], machine.MACHINE.states[state], count) for kind, state, count in view.outcomes]
    total = sum(count for _, _, count in flows)
    return charts.sankey("线索去向", flows, summary=f"共 {total} 条线索，按种类到目前进展。")


def kind_table(made: Figures) -> charts.Chart:
    """Rows for the download: kind by step."""
    rows = [
        (KINDS.get(kind, "合计"), *(made.kinds[kind][stage].value for stage in STAGES))
        for kind in (*KINDS, ALL)
    ]
    return charts.Chart("线索漏斗", {}, ("种类", *(label for label, _ in STAGES.values())), tuple(rows))


def age_table(made: Figures, names: Mapping[str, str]) -> charts.Chart:
    """Rows for the download: place by age; codes beside names, so that places of one name stay apart."""
    rows = [
        (names.get(place, "合计"), place, *(made.places[place][age].value for age in AGE_COLUMNS))
        for place in made.places
    ]
    return charts.Chart("未办结线索时长", {}, ("地方", "区划代码", *AGE_COLUMNS.values()), tuple(rows))
