"""A district's own policy documents: one published, one being put in order, one to be revised. Samples, not law."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from hutong.demo.districts import District
from hutong.domains.library import selectors, services
from hutong.domains.library.models import Document
from hutong.foundation.access.acting import Acting
from hutong.foundation.access.scope import use_scope
from hutong.kernel import clock

PUBLISHED: Final = """{name}民政局
示范〔2026〕1号
{name}困境儿童临时救助办理规程（示范样例）
一、救助对象。遭遇火灾、事故、重病等突发困难的困境儿童家庭。
二、办理程序。村（居）儿童主任协助申请，乡镇（街道）核实，区民政部门审批；情况紧急的先行救助。
三、救助标准。按本区当年公布的标准执行，对家中儿童适当提高。
2026年3月2日
"""
DRAFT: Final = """{name}民政局
示范〔2026〕2号
{name}儿童主任走访工作指引（示范样例）
一、走访频次。监护较好的每三个月一次，监护一般的每月一次，重点儿童加密。
（一）走访内容。生活、监护、就医、就学、关爱五个方面。
（三）走访记录。当日录入平台。
2026年10月9日
"""
SUMMARIES: Final = (
    "突发火灾、事故、重病等困难的困境儿童家庭可以申请临时救助。",
    "儿童主任协助，乡镇核实，区民政审批；急的先救助后补手续。",
    "标准按当年公布的执行，儿童适当提高。",
)


def make(district: District, actor: Callable[[str], Acting]) -> None:
    """Does nothing where it has been done."""
    officer, second = actor(f"{district.slug}.county"), actor(f"{district.slug}.county2")
    with use_scope(officer.scope):
        if Document.objects.filter(key="", area_code=officer.post.area_code).exists():
            return
        done = services.import_file(
            actor=officer, content=PUBLISHED.format(name=district.name).encode(), name="临时救助规程.txt"
        )
        for clause, words in zip(selectors.list_clauses(done), SUMMARIES, strict=True):
            services.edit_clause(
                clause, actor=officer, links=["programme:relief"], summary=words, words=["临时救助", "突发"]
            )
        services.submit(done, actor=officer)
    with use_scope(second.scope):
        services.publish(done, actor=second)
    with use_scope(officer.scope):
        services.import_file(
            actor=officer, content=DRAFT.format(name=district.name).encode(), name="走访指引.txt"
        )
        services.open_review(
            done, actor=officer, kind="follow", reason="临时救助先行救助的落实情况", due_on=clock.today() + timedelta(days=60)
        )  # fmt: skip
