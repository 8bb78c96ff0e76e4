"""Roles and rights: the one table that code, tests and documents read (model.md §2; R-02.*).

A right is a verb on a thing. A role holds rights; a post has a role; a person holds posts. Nothing else grants anything.
``APART`` names pairs of acts that one person may not do on the same thing (separation of duties).
"""

from __future__ import annotations

from dataclasses import dataclass

RIGHTS: dict[str, str] = {
    "work.do": "办理本岗位待办",
    "work.supervise": "督办辖区内待办、改派",
    "child.search": "查找儿童",
    "child.view": "查看儿童档案",
    "child.create": "新建儿童档案",
    "child.edit": "修改儿童档案",
    "child.approve": "审核儿童档案",
    "child.propose": "申请更正档案",
    "child.correct": "审批更正申请",
    "child.pair": "判断疑似重复、提出合并",
    "child.merge": "确认合并、拆分档案",
    "child.exit": "提请退出",
    "child.close": "审核退出、恢复、归档",
    "move.propose": "提出转移",
    "move.approve": "审核转出",
    "move.receive": "接收转入",
    "child.viewers": "查看谁看过档案",
    "registry.export": "导出档案",
    "registry.import": "导入档案",
    "ledger.view": "查看台账",
    "ledger.export": "申请导出台账",
    "ledger.approve": "批准导出（须另一人）",
    "ledger.clear_id": "导出完整证件号码和电话",
    "ledger.report": "制作全国系统季度数据",
    "ledger.send": "复核并确认季度数据上报（须另一人）",
    "glass.view": "查看紧急查阅",
    "glass.break": "紧急查阅辖区以外的档案",
    "glass.review": "复核紧急查阅（儿童所在地，须另一人）",
    "lead.view": "查看线索",
    "lead.verdict": "核实线索",
    "lead.reassign": "改派线索",
    "lead.review": "复核不属实线索、退回重核",
    "lead.decide": "处理已核实线索",
    "lead.funnel": "查看线索统计",
    "outreach.view": "查看可享待遇（政策找人）",
    "outreach.act": "告知和协助申请待遇",
    "outreach.figures": "查看政策找人统计",
    "outreach.find": "判定可享未享的待遇（平台自动）",
    "exchange.view": "查看数据清单目录和批次",
    "exchange.upload": "上传部门清单",
    "exchange.confirm": "确认导入（须另一人）",
    "exchange.withdraw": "撤回批次",
    "exchange.push": "推送单条事件（仅部门系统）",
    "correction.answer": "答复源数据纠正（仅部门系统）",
    "compare.run": "发起比对",
    "door.view": "查看部门接口和调用记录",
    "door.manage": "申请、更换、吊销接口密钥",
    "door.approve": "批准接口密钥（须另一人）",
    "workforce.view": "查看队伍名册",
    "workforce.keep": "登记培训考核、背景查询、停岗",
    "policy.view": "查看政策包",
    "library.view": "查阅政策库、解答政策咨询",
    "library.edit": "整理政策文件、登记清理和评估",
    "library.publish": "发布、废止政策文件（须另一人）",
    "policy.simulate": "测算政策情景、报批启用",
    "policy.approve": "批准政策情景启用（须另一人）",
    "document.upload": "上传附件",
    "document.view": "查看附件",
    "network.view": "查看机构和岗位",
    "network.manage": "维护机构和岗位",
    "area.revise": "比对区划清单、决定变更",
    "area.confirm": "确认区划变更（须另一人）",
    "account.manage": "维护账号",
    "audit.view": "查看日志",
    "job.view": "查看后台任务",
    "event.retry": "重新投递失败的系统事件",
    "sealed.view": "查看专管资料（本人须在专管名单）",
    "sealed.people": "管理专管名单（两人办理）",
}


@dataclass(frozen=True, slots=True)
class Role:
    code: str
    label: str
    level: str
    rights: frozenset[str]


_FIELD = {
    "work.do", "child.search", "child.view", "child.create", "child.edit", "child.propose", "child.pair", "lead.view", "lead.verdict",
    "move.propose", "move.receive", "document.upload", "document.view", "policy.view", "network.view", "ledger.view",
    "glass.view", "glass.break", "outreach.view", "outreach.act", "library.view",
}  # fmt: skip
_SUPERVISOR = _FIELD | {
    "work.supervise", "child.approve", "child.correct", "child.merge", "child.exit", "move.approve", "child.viewers", "lead.reassign",
    "lead.review", "lead.funnel", "ledger.export", "glass.review", "workforce.view",
    "workforce.keep", "outreach.figures",
}  # fmt: skip
_COUNTY = _SUPERVISOR | {
    "child.close", "lead.decide", "registry.import", "exchange.view", "exchange.upload", "exchange.confirm",
    "exchange.withdraw", "compare.run", "network.manage", "area.revise", "area.confirm", "job.view", "door.view",
    "door.manage",
    "registry.export", "ledger.approve", "ledger.clear_id", "ledger.report", "ledger.send",
    "sealed.view", "sealed.people", "library.edit", "library.publish", "policy.simulate", "policy.approve",
}  # fmt: skip

_TABLE: tuple[tuple[str, str, str, set[str]], ...] = (
    ("VILLAGE_CHILD_DIRECTOR", "儿童主任", "village", _FIELD),
    ("TOWNSHIP_CHILD_SUPERVISOR", "儿童督导员", "township", _SUPERVISOR),
    ("TOWNSHIP_CLERK", "乡镇受理人员", "township", _FIELD - {"lead.verdict"}),
    ("COUNTY_CA", "县级民政", "county", _COUNTY),
    ("RESCUE_AGENCY", "未成年人救助保护机构", "county", {"library.view", "workforce.view", "glass.view", "glass.break", "work.do", "child.search", "child.view", "document.view", "network.view", "sealed.view"}),
    ("CWI", "儿童福利机构", "county", {"library.view", "glass.view", "glass.break", "work.do", "child.search", "child.view", "document.view", "network.view", "sealed.view"}),
    ("ADOPTION_OFFICER", "收养登记专人", "county", {"library.view", "work.do", "network.view", "sealed.view"}),
    ("DEPT_CLERK", "部门数据员", "county", {"library.view", "work.do", "exchange.view", "exchange.upload", "network.view"}),
    ("LEADING_GROUP_OFFICE", "领导小组办公室", "county", {"library.view", "work.do", "lead.funnel", "outreach.figures", "network.view"}),
    ("PLAN_OFFICER", "市级民政", "city", {"library.view", "library.edit", "library.publish", "work.do", "lead.funnel", "outreach.figures", "network.view", "policy.view", "policy.simulate", "policy.approve", "workforce.view"}),
    ("AUDITOR", "审计员", "county", {"library.view", "work.do", "audit.view", "glass.view", "network.view", "door.view"}),
    ("SECURITY_ADMIN", "安全管理员", "county",
     {"library.view", "account.manage", "network.view", "sealed.people", "door.view", "door.approve"}),
    ("SYS_ADMIN", "系统管理员", "country", {"library.view", "job.view", "event.retry", "network.manage", "area.revise", "area.confirm", "network.view", "policy.view"}),
    ("HOTLINE_AGENT", "热线受理人员", "county", {"library.view", "network.view"}),
    ("DEPT_SYSTEM", "部门业务系统", "county", {"exchange.upload", "exchange.push", "correction.answer"}),
    ("COMPARISON_SYSTEM", "平台自动比对", "county", {"compare.run", "outreach.find"}),
)  # fmt: skip

MACHINES: frozenset[str] = frozenset({"DEPT_SYSTEM", "COMPARISON_SYSTEM"})
"""Roles of programs: nobody is appointed to such a post, and no such account signs in."""

ROLES: dict[str, Role] = {
    code: Role(code, label, level, frozenset(rights)) for code, label, level, rights in _TABLE
}

APART: tuple[tuple[str, str, str], ...] = (
    ("exchange.upload", "exchange.confirm", "上传人不能确认自己上传的批次"),
    ("child.create", "child.approve", "建档人不能审核自己建的档案"),
    ("child.propose", "child.correct", "更正申请人不能审批自己的申请"),
    ("child.pair", "child.merge", "提出合并的人不能确认合并"),
    ("area.revise", "area.confirm", "比对和决定的人不能确认同一次区划调整"),
    ("child.exit", "child.close", "提请退出的人不能审核同一次退出"),
    ("move.propose", "move.approve", "提出转移的人不能审核同一次转移"),
    ("lead.verdict", "lead.decide", "核实人不能处理自己核实的线索"),
    ("lead.verdict", "lead.review", "核实人不能复核自己核实的线索"),
    ("ledger.export", "ledger.approve", "申请人不能批准自己的导出"),
    ("ledger.report", "ledger.send", "制表人不能复核自己制作的季度数据"),
    ("policy.simulate", "policy.approve", "起草人不能批准自己的政策情景"),
    ("glass.break", "glass.review", "本人不能复核自己的紧急查阅"),
    ("account.manage", "child.view", "安全管理员不能查看儿童档案"),
    ("door.manage", "door.approve", "申请接口密钥的人不能批准密钥"),
    ("library.edit", "library.publish", "整理政策文件的人不能发布同一份文件"),
)
"""(first act, second act, sentence): never by the same person on the same thing."""

STEP_UP: frozenset[str] = frozenset(
    {"account.manage", "sealed.people", "ledger.approve", "ledger.send", "exchange.confirm"}
)
"""Rights whose every act asks for the password or second step once more (``guards.fresh``): who may see, what leaves the
house, what changes much at once. The route table test finds an act under one of these that does not ask."""


def has(role: str, right: str) -> bool:
    """Whether a post with this role holds the right. An unknown right is a programming error, not a no."""
    if right not in RIGHTS:
        raise KeyError(right)
    return role in ROLES and right in ROLES[role].rights
