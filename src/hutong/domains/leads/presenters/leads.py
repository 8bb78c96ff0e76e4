"""Words, tones and rows of leads as pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from hutong.domains.leads.machines import lead as machine
from hutong.domains.leads.models import ANSWERS, END_CODES, KINDS, Lead
from hutong.domains.policy import selectors as policy
from hutong.foundation.workflow.models import StatusChange
from hutong.kernel import clock, formats, money

LISTS: Final = {
    "deaths": "死亡人员", "declared_missing": "宣告失踪", "custody": "服刑强戒限制自由", "guardianship_revoked": "撤销监护资格",
    "deported": "遣送驱逐出境", "lost_contact": "失联查找", "disability": "残疾人证", "serious_illness": "重病",
    "low_income": "低保特困低收入", "enrolment": "学籍", "migrant_work": "外出务工", "adoptions": "收养登记",
    "emergencies": "突发事件影响", "circumstances": "本档案已核实情形", "roll": "在册名单", "children": "本档案",
    "sealed": "密封依据",
}  # fmt: skip
SUBJECTS: Final = {"child": "儿童本人", "father": "父亲", "mother": "母亲", "guardian": "监护人"}
FACTS: Final = {
    "policy": "适用新的标准",
    "died": "死亡", "missing": "宣告失踪", "prison": "服刑", "rehab": "强制隔离戒毒", "detention": "限制人身自由",
    "revoked": "撤销监护资格", "deported": "遣送出境", "lost": "失联", "dis": "残疾", "ill": "重病",
    "low_income": "低保特困低收入", "enrolment": "学籍", "work": "外出务工", "adopted": "被收养",
    "emergency": "突发事件", "roll": "在册领取", "birth_date": "出生日期",
}  # fmt: skip
TONES: Final = {
    machine.OPEN: "info", machine.PENDING: "warn", machine.TRUE: "warn", machine.CHANGED: "warn", machine.FALSE: "warn",
    machine.ACTED: "ok", machine.CLOSED: "plain", machine.SUPERSEDED: "plain",
}  # fmt: skip
KIND_TONES: Final = {"SUSPECTED": "info", "SHOULD_EXIT": "warn", "CHANGED": "warn", "EMERGENCY": "danger"}


def task(lead: Lead) -> str:
    """What to do, as one would say it to the village director."""
    name, scheme = lead.child.name, policy.scheme_label(lead.scheme)
    now, due = _yuan(lead.monthly_now), _yuan(lead.monthly_due)
    match lead.kind:
        case "SUSPECTED":
            money_words = f"，核实符合的，每月应发 {due}" if due else ""
            return f"比对发现 {name} 可能符合“{scheme}”，但目前不在册{money_words}。请当面核实下面的依据是否属实。"
        case "SHOULD_EXIT":
            paid = f"（每月 {now}）" if now else ""
            return (
                f"{name} 目前按“{scheme}”在册{paid}，但有依据表明情形可能已经结束。请当面核实，核实前不停发。"
            )
        case "CHANGED":
            change = f"由每月 {now} 变为 {due}" if now and due else "类别可能要调整"
            return f"{name} 的情形有变化，可能应按“{scheme}”保障，{change}。请当面核实。"
        case _:
            return f"{name} 或其父母出现在突发事件名单上。请今天就联系、上门，确认孩子有人照料。"


def _yuan(fen: int | None) -> str:
    return "" if fen is None else f"{money.format_yuan(fen, grouped=True)} 元"


def evidence(lead: Lead) -> list[dict[str, Any]]:
    """One entry a row of evidence: title, words, source, stale and doubt as words or ''."""
    return [evidence_row(row) for row in lead.evidence]


def evidence_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """One row of evidence, or the wrong row of a correction, in words."""
    code = str(row.get("list") or "")
    subject = SUBJECTS.get(str(row.get("subject")), "")
    fact = FACTS.get(str(row.get("fact")), str(row.get("fact") or ""))
    detail = _detail(row)
    place = [str(row[name]) for name in ("provider", "quarter") if row.get(name)]
    line = row.get("line", row.get("row"))
    if line not in (None, "") and code not in ("children", "circumstances", "roll"):
        place.append(f"第 {line} 行")
    return {
        "title": str(row.get("title") or LISTS.get(code, code)),
        "words": f"{subject}{fact}" + (f"（{detail}）" if detail else "")
        if code != "sealed"
        else "由专人保管，此处不显示内容",
        "dates": _dates(row),
        "source": "，".join(place),
        "link": _link(row),
        "stale": "清单不是本季度的，情况可能已经变化" if row.get("stale") else "",
        "doubt": str(row.get("doubt") or ""),
    }


def _detail(row: Mapping[str, Any]) -> str:
    text = str(row.get("detail") or "")
    if row.get("fact") == "roll":
        return policy.scheme_label(text)
    return (
        ""
        if text in FACTS.values() or text in ("police", "committee")
        else text.strip("|").replace("|", "，")
    )


def _dates(row: Mapping[str, Any]) -> str:
    start, end = row.get("from"), row.get("to")
    if start and end:
        return f"{start} 至 {end}"
    return f"{start}" if start else f"至 {end}" if end else ""


def _link(row: Mapping[str, Any]) -> str:
    """How sure it is that the row speaks of this person."""
    if row.get("link") != "likely":
        return ""
    share = round(100 * float(row.get("probability") or 0))
    return f"证件号不完整或有误，按姓名等推断为同一人（{share}%）"


def badge(lead: Lead) -> tuple[str, str]:
    return lead.get_state_display(), TONES[lead.state]


def age_words(lead: Lead) -> str:
    return f"{lead.child.age()} 岁" if lead.child.birth_date <= clock.today() else ""


def history(changes: Iterable[StatusChange]) -> list[dict[str, Any]]:
    """Steps for the timeline, newest first."""
    return [_step(change) for change in reversed(list(changes))]


def _step(change: StatusChange) -> dict[str, Any]:
    words = {
        "create": "比对产生线索",
        "send_back": "退回重核",
        "reassign": "改派",
        "act": "办理",
        "close": "关闭",
        "confirm_false": "复核确认不属实",
        "supersede": "清单批次撤回",
        "send": "已反馈数据提供部门",
        "correct": "部门已更正",
        "uphold": "部门坚持原数据",
    }
    said = change.data or {}
    answer = ANSWERS.get(str(said.get("answer")), "")
    if change.machine == "source_correction":
        words = words | {"create": "核实发现源数据有误"}
    title = f"核实：{answer}" if answer else words.get(change.event, change.event)
    if said.get("end_code"):
        title += f"：{END_CODES.get(said['end_code'], said['end_code'])}"
    return {"at": change.at, "title": title, "actor": change.actor_label, "text": _told(change, said)}


def _told(change: StatusChange, said: Mapping[str, Any]) -> str:
    parts = [change.reason]
    if said.get("seen"):
        parts.append(f"见到：{said['seen']}")
    if said.get("checked_on"):
        parts.append(f"核实日期 {said['checked_on']}")
    if said.get("next_check_on"):
        parts.append(f"下次核实 {said['next_check_on']}")
    if change.event == "reassign":
        parts.append(f"{said.get('from', '')} → {said.get('to', '')}")
    return "；".join(part for part in parts if part)


def before(lead: Lead) -> str:
    """What became of the same lead last time; '' where there was none."""
    past = lead.repeat_of
    if past is None:
        return ""
    ended = formats.date_zh(past.ended_on) if past.ended_on else ""
    if past.answer == "FALSE":
        return f"上次（{past.run_label or past.as_of}）已核实不属实：{past.words}（{ended} 办结）。请留意是否同一条错误数据。"
    reason = END_CODES.get(past.end_code, "")
    return f"上次（{past.run_label or past.as_of}）{ANSWERS.get(past.answer, '')}，{reason}（{ended} 办结），现在仍未见结果。"


def kind_words(lead: Lead) -> str:
    scheme = policy.scheme_label(lead.scheme)
    return f"{KINDS[lead.kind]} · {scheme}" if scheme else KINDS[lead.kind]
