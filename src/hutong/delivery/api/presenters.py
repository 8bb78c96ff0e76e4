"""Words for the pages on which the door is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hutong.delivery.api.machines import key as machine
from hutong.delivery.api.models import Call, Key, System
from hutong.delivery.api.problems import KINDS
from hutong.domains.exchange import presenters as exchange
from hutong.foundation.access.acting import Acting
from hutong.kernel import clock, signing

OPERATIONS = {
    "me": "核对约定", "lists": "查询清单", "file": "提交文件", "rows": "提交数据", "parcel_open": "开始分段", "piece": "上传分段",
    "parcel_close": "提交分段", "event": "推送事件", "event_show": "查询事件", "event_amend": "请求撤回事件",
    "batches": "查询批次", "batch": "查询批次", "rejected": "查询退回行", "rejected_file": "下载退回行", "recall": "撤回批次",
    "batch_amend": "请求更正", "amendment": "查询更正", "corrections": "查询反馈", "correction_reply": "答复反馈",
    "receipt": "取回回执", "evaluate": "政策判定",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One key as the page shows it, with what the actor may do to it."""

    key: Key
    state: str
    tone: str
    fingerprint: str
    may_decide: bool
    may_revoke: bool
    may_cut_off: bool


def key_row(key: Key, actor: Acting) -> KeyRow:
    state, tone = badge(key)
    live = state in ("已启用", "待批准")
    return KeyRow(
        key, state, tone, signing.fingerprint(key.public_key),
        may_decide=actor.may("door.approve") and key.state == machine.REQUESTED and key.requested_by_id != actor.user.pk,
        may_revoke=actor.may("door.manage") and live,
        may_cut_off=actor.may("door.approve") and state == "已启用",
    )  # fmt: skip


def badge(key: Key) -> tuple[str, str]:
    if key.state == machine.ACTIVE and key.until <= clock.now():
        return "已到期", "warn"
    tones = {machine.ACTIVE: "ok", machine.REQUESTED: "warn", machine.REVOKED: "danger"}
    return machine.MACHINE.states[key.state], tones.get(key.state, "plain")


def lists_of(system: System) -> str:
    """Sealed ones are not named to those who only keep keys."""
    return "、".join(exchange.neutral_list_title(code) for code in system.lists)


@dataclass(frozen=True, slots=True)
class CallRow:
    at: datetime
    what: str
    key: str
    result: str
    tone: str


def call_row(call: Call) -> CallRow:
    good = call.status < 400
    told = "成功" if good else KINDS[call.problem].title if call.problem in KINDS else str(call.status)
    return CallRow(
        call.at,
        OPERATIONS.get(call.operation, call.operation),
        call.key.key_id,
        told,
        "ok" if good else "warn",
    )
