"""Chart options for ECharts, built from rows; pure functions. The macro ``ui.chart`` draws the chart and its table.

Every chart keeps the rows it shows, so that table, download and picture cannot differ. Tool tips are drawn as text
on the canvas: the library's HTML tips would need inline styles, which the content policy refuses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hutong.kernel import sheets

Option = dict[str, Any]
Cell = str | int | float

COLOURS = ("#1b5583", "#c98a1b", "#1c6838", "#7a5195", "#6d7f91", "#3f93a6")
"""Told apart by the colour-blind in this order; no red, which means danger."""
STEPS = ("#123f63", "#1b5583", "#3d77a6", "#6c9cc2", "#9cbdd8", "#c5d8e8")
"""One colour growing lighter, for steps that follow each other."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture and its rows. ``summary`` is one sentence saying what is to be seen, for those who cannot see it."""

    title: str
    option: Option
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    summary: str = ""

    def csv(self) -> str:
        """The rows as CSV with a byte-order mark, which Excel needs to read Chinese; text cannot act as a formula."""
        return sheets.csv_text(self.columns, self.rows)


def trend(
    title: str,
    periods: Sequence[str],
    series: Mapping[str, Sequence[int | float]],
    *,
    period_name: str = "时间",
    summary: str = "",
) -> Chart:
    """Lines over time: ``series`` maps a name to one value for each period."""
    lines = [
        {"name": name, "type": "line", "data": list(values), "symbolSize": 8, "lineStyle": {"width": 3}}
        for name, values in series.items()
    ]
    option = _axes(lines) | {"xAxis": {"type": "category", "data": list(periods), "boundaryGap": False}}
    return Chart(title, option, (period_name, *series), _by_row(periods, series), summary)


def bar(
    title: str,
    labels: Sequence[str],
    series: Mapping[str, Sequence[int | float]],
    *,
    label_name: str = "地区",
    stacked: bool = False,
    urls: Sequence[str] = (),
    summary: str = "",
) -> Chart:
    """Horizontal bars, first label on top; ``urls`` leads each label's bars to the rows behind them."""
    extra: Option = {"stack": "all"} if stacked else {}
    bars = [
        {"name": name, "type": "bar", "barMaxWidth": 26, "data": _linked(values, urls)} | extra
        for name, values in series.items()
    ]
    option = _axes(bars) | {
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {"type": "category", "data": list(labels), "inverse": True},
    }
    return Chart(title, option, (label_name, *series), _by_row(labels, series), summary)


def funnel(
    title: str, steps: Sequence[tuple[str, int]], *, urls: Sequence[str] = (), summary: str = ""
) -> Chart:
    """What is left at each step, in the given order (label, count)."""
    data: list[Option] = [{"name": label, "value": count} for label, count in steps]
    for item, address in zip(data, urls, strict=False):
        item["url"] = address
    shape = {
        "type": "funnel",
        "sort": "none",
        "min": 0,
        "minSize": "4%",
        "left": "4%",
        "right": "30%",
        "top": 10,
        "bottom": 10,
        "gap": 3,
        "label": {"position": "right", "formatter": "{b}  {c}", "fontSize": 14},
        "data": data,
    }
    return Chart(
        title, _base() | {"color": list(STEPS), "series": [shape]}, ("步骤", "数量"), tuple(steps), summary
    )


def sankey(title: str, flows: Sequence[tuple[str, str, int]], *, summary: str = "") -> Chart:
    """Flows (from, to, count), such as leads to their outcomes. Raises ValueError for a circle, which cannot be drawn."""
    _refuse_circle(flows)
    names = list(dict.fromkeys(name for source, target, _ in flows for name in (source, target)))
    shape = {
        "type": "sankey",
        "left": 10,
        "right": 150,
        "top": 10,
        "bottom": 10,
        "nodeGap": 16,
        "emphasis": {"focus": "adjacency"},
        "lineStyle": {"color": "gradient", "opacity": 0.4},
        "label": {"fontSize": 14},
        "data": [{"name": name} for name in names],
        "links": [{"source": source, "target": target, "value": count} for source, target, count in flows],
    }
    return Chart(title, _base() | {"series": [shape]}, ("从", "到", "数量"), tuple(flows), summary)


def _base() -> Option:
    return {
        "color": list(COLOURS),
        "animation": False,
        "aria": {"enabled": True, "decal": {"show": False}},
        "tooltip": {"renderMode": "richText", "confine": True},
    }


def _axes(series: list[Option]) -> Option:
    return _base() | {
        "tooltip": {"renderMode": "richText", "confine": True, "trigger": "axis"},
        "legend": {"show": len(series) > 1, "bottom": 0},
        "grid": {
            "left": 8,
            "right": 24,
            "top": 20,
            "bottom": 40 if len(series) > 1 else 12,
            "containLabel": True,
        },
        "yAxis": {"type": "value", "minInterval": 1},
        "series": series,
    }


def _by_row(
    labels: Sequence[str], series: Mapping[str, Sequence[int | float]]
) -> tuple[tuple[Cell, ...], ...]:
    return tuple(zip(labels, *series.values(), strict=True))


def _linked(values: Sequence[int | float], urls: Sequence[str]) -> list[Any]:
    if not urls:
        return list(values)
    return [{"value": value, "url": address} for value, address in zip(values, urls, strict=True)]


def _refuse_circle(flows: Sequence[tuple[str, str, int]]) -> None:
    following: dict[str, set[str]] = {}
    for source, target, _ in flows:
        following.setdefault(source, set()).add(target)
        following.setdefault(target, set())
    while following:
        ends = {name for name, after in following.items() if not after & following.keys()}
        if not ends:
            raise ValueError(f"These flows run in a circle and cannot be drawn: {sorted(following)}.")
        for name in ends:
            del following[name]
