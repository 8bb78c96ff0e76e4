"""Words and shapes for pages: states, stage ribbon, a job's progress, counts by kind and scheme."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from hutong.domains.exchange import quarters
from hutong.domains.exchange.machines import amendment as amendments
from hutong.domains.exchange.machines import batch as batches
from hutong.domains.exchange.machines import comparison as comparisons
from hutong.domains.exchange.machines import push as pushed
from hutong.domains.exchange.models import Amendment, Batch, ComparisonRun, Push
from hutong.domains.exchange.selectors import Arrival
from hutong.domains.policy import selectors as policy
from hutong.foundation.network import selectors as network
from hutong.foundation.workflow.models import LongJob
from hutong.linkage.catalogue import LISTS
from hutong.linkage.contract import DEPARTMENTS

TONES = {
    batches.CONFIRMED: "ok", batches.CHECKED: "warn", batches.CHECKING: "info", batches.FAILED: "danger",
    batches.REFUSED: "danger", comparisons.DONE: "ok", comparisons.RUNNING: "info",
}  # fmt: skip
_QUOTED = re.compile("“([^”]*)”?")
KINDS = {
    "SUSPECTED": "疑似应保未保",
    "SHOULD_EXIT": "应退未退",
    "CHANGED": "情形变化",
    "EMERGENCY": "急需关爱",
}
_ARRIVALS = {
    "arrived": ("已到", "ok"),
    "waiting": ("待确认", "warn"),
    "stale": ("只有往期", "warn"),
    "missing": ("未到", "plain"),
}


def list_title(code: str) -> str:
    return LISTS[code].table.title if code in LISTS else code


def list_titles() -> dict[str, str]:
    """Code → title of every list, in the order of the contract."""
    return {code: spec.table.title for code, spec in LISTS.items()}


def neutral_list_title(code: str) -> str:
    """As those may read it who only keep keys: a sealed list is not named."""
    return "密封清单" if LISTS[code].table.sealed else LISTS[code].table.title


def list_description(code: str) -> dict[str, Any]:
    """A list and its columns in plain data, for those who deliver it by program."""
    from hutong.domains.exchange.storage import workbooks

    table = LISTS[code].table
    columns = [
        {"code": one.code, "header": one.header, "required": one.required, "form": workbooks.form_of(one)}
        for one in table.columns
    ]
    return {
        "code": code, "title": table.title, "meaning": table.meaning, "at_least_one_of": list(table.any_of),
        "columns": columns,
    }  # fmt: skip


def without_cells(sentence: str, list_code: str) -> str:
    """A reason as it may leave the platform: what it quotes of the sender's cells is taken out, headers stay."""
    table = LISTS[list_code].table
    words = {word for column in table.columns for word in (column.code, column.header, *column.values)}
    return _QUOTED.sub(lambda found: found[0] if found[1] in words | {table.title} else "“…”", sentence)


def department(code: str) -> str:
    return DEPARTMENTS.get(code, code)


def quarter_label(code: str) -> str:
    return quarters.parse(code).label


def batch_badge(batch: Batch) -> tuple[str, str]:
    return batches.MACHINE.states[batch.state], TONES.get(batch.state, "plain")


@dataclass(frozen=True, slots=True)
class JobView:
    """What ``ui.job`` needs."""

    url: str
    title: str
    percent: int
    words: str
    state: str
    cancel_url: str


def job_view(job: LongJob | None) -> JobView | None:
    """Only while it runs: afterwards the page itself tells the result."""
    if job is None or job.state not in (LongJob.State.QUEUED, LongJob.State.RUNNING):
        return None
    words = job.note or ("排队中，马上开始" if job.state == LongJob.State.QUEUED else "")
    return JobView(
        url=reverse("workflow:job", args=[job.public_id]), title=job.title, percent=job.percent, words=words,
        state="running", cancel_url=reverse("workflow:cancel_job", args=[job.public_id]),
    )  # fmt: skip


def stages(batch: Batch) -> list[dict[str, str]]:
    """上传 → 检查 → 确认 → 用于比对, with what is missing for the next."""
    reached = {
        batches.UPLOADED: 1, batches.FAILED: 1, batches.CHECKING: 1, batches.CHECKED: 2, batches.REFUSED: 2,
        batches.CONFIRMED: 4, batches.WITHDRAWN: 0,
    }[batch.state]  # fmt: skip
    missing = {1: "列对应无误并检查完毕", 2: "由上传人以外的另一人确认", 3: ""}
    labels = ("上传", "检查", "另一人确认", "用于比对")
    if batch.state == batches.WITHDRAWN:
        return [{"label": label, "state": "todo", "missing": ""} for label in labels]
    return [
        {
            "label": label,
            "state": "done" if at < reached else "now" if at == reached else "todo",
            "missing": missing.get(at, "") if at == reached else "",
        }
        for at, label in enumerate(labels)
    ]


def arrival_row(arrival: Arrival, quarter: quarters.Quarter, *, whole: bool, own: bool) -> dict[str, Any]:
    """One line of the catalogue. ``whole``: the reader sees all departments' deliveries; ``own``: delivers this list."""
    table = LISTS[arrival.code].table
    words, tone = _ARRIVALS[arrival.state]
    if arrival.state == "missing" and quarter.late_now():
        words, tone = "未到（已过季度末）", "danger"
    if not whole and not own:
        words, tone = "由其他部门送", "plain"
    return {
        "code": arrival.code,
        "title": table.title,
        "meaning": table.meaning,
        "providers": "、".join(map(department, table.providers)),
        "sealed": table.sealed,
        "words": words,
        "tone": tone,
        "late": arrival.late,
        "never": ("从未送达" if whole else "本岗位从未送达" if own else ""),
        "last": quarter_label(arrival.last_quarter) if arrival.last_quarter and not arrival.used else "",
        "used": [
            {
                "provider": department(one.root.provider),
                "rows": one.rows,
                "url": reverse("exchange:batch", args=[one.root.public_id]),
            }
            for one in arrival.used
        ],
        "waiting": [
            {
                "provider": department(one.provider),
                "state": batches.MACHINE.states[one.state],
                "url": reverse("exchange:batch", args=[one.public_id]),
            }
            for one in arrival.waiting
        ],
    }


def by_scheme(run: ComparisonRun) -> list[dict[str, Any]]:
    """Rows scheme × kind for the run's page."""
    rows = []
    for scheme, kinds in sorted(run.counts.get("schemes", {}).items()):
        label = "突发事件" if scheme == "EMERGENCY" else policy.scheme_label(scheme)
        rows.append(
            {"label": label, **{kind: kinds.get(kind, 0) for kind in KINDS}, "total": sum(kinds.values())}
        )
    return rows


def by_township(run: ComparisonRun) -> list[dict[str, Any]]:
    """Rows township × kind, fullest first."""
    found: dict[str, dict[str, int]] = run.counts.get("townships", {})
    paths = network.area_paths([*found, run.area_code])
    county = paths.get(run.area_code, "")
    rows = [
        {"code": code, "label": paths.get(code, code).removeprefix(county), **{kind: kinds.get(kind, 0) for kind in KINDS},
         "total": sum(kinds.values())}
        for code, kinds in found.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row["total"], row["code"]))


def run_inputs(run: ComparisonRun) -> list[dict[str, Any]]:
    return [
        {
            **one,
            "title": list_title(one["list"]),
            "department": department(one["provider"]),
            "quarter_label": quarter_label(one["quarter"]),
            "url": reverse("exchange:batch", args=[one["batch"]]),
            "digest": one["sha256"][:12],
        }
        for one in run.inputs
    ]


_RECEIVED = {"new": "新增线索", "refreshed": "更新在办线索", "same": "与在办线索相同", "closed_before": "本季度已办结",
             "unknown": "档案不在辖区", "unowned": "无人负责，暂由本科室承担"}  # fmt: skip


def received(run: ComparisonRun) -> list[tuple[str, int]]:
    """What became of the leads, in words."""
    told = run.counts.get("received", {})
    return [(word, told[key]) for key, word in _RECEIVED.items() if told.get(key)]


def leads_url(run: ComparisonRun) -> str:
    try:
        return reverse("leads:all")
    except NoReverseMatch:
        return ""


def neutral_title(one: Push | Amendment) -> str:
    """The list's name; a sealed one is not named."""
    return "密封清单" if LISTS[one.list_code].table.sealed else LISTS[one.list_code].table.title


def amendment_badge(one: Amendment) -> tuple[str, str]:
    tones = {amendments.REQUESTED: "warn", amendments.ACCEPTED: "ok"}
    return amendments.MACHINE.states[one.state], tones.get(one.state, "plain")


def amendment_words(one: Amendment) -> str:
    if one.push_id:
        return "撤回一条推送"
    if not one.lines:
        return "撤回整批"
    return f"更换 {len(one.lines)} 行" if one.supplement_id else f"撤回 {len(one.lines)} 行"


def push_badge(one: Push) -> tuple[str, str]:
    tones = {pushed.RECEIVED: "info", pushed.COMPARED: "ok"}
    return pushed.MACHINE.states[one.state], tones.get(one.state, "plain")
