"""The rules asked from outside: facts in, outcomes out; nothing is stored, and the log knows the digest of what came only."""

from __future__ import annotations

from django.http import HttpRequest

from hutong.delivery.api import schemas
from hutong.delivery.api.operations.declaring import guest_of, operation
from hutong.delivery.api.problems import Problem
from hutong.domains.policy import selectors as policy

EXPLAINED = 20
"""Cases that may be explained at once: a tree is long."""


@operation("evaluate", gives=schemas.RulesOut, words="按政策包判定案例（不保存）", whole=False)
def evaluate(request: HttpRequest, payload: schemas.RulesIn) -> schemas.RulesOut:
    """请求中的事实只用于这一次判定，不保存、不记录；编号请用本系统的流水号，不要用身份证号。
    读不出来的案例列在 errors 中（不回显所填的值），其余照常判定。explain 为 true 时附每条结论的理由（最多 20 个案例）。"""
    if not guest_of(request).system.rules:
        raise Problem("not-found", "本密钥的约定范围不含政策判定。需要的，请与县级民政部门另行约定。")
    if payload.explain and len(payload.cases) > EXPLAINED:
        told = f"附理由的一次最多 {EXPLAINED} 个案例，请分成几次，或去掉 explain"
        raise Problem("invalid", errors=[{"field": "cases", "told": told}])
    try:
        found = policy.evaluate_cases(payload.pack, payload.asof, payload.cases, explain=payload.explain)
    except policy.CannotServe as error:
        raise Problem("invalid", errors=[{"field": error.field, "told": str(error)}]) from None
    return schemas.RulesOut(
        pack=found.pack, label=found.label, version=found.version, asof=payload.asof,
        results=[schemas.OutcomeOut(**one) for one in found.results],
        errors=[schemas.UnreadCase(place=one.place, id=one.id, told=list(one.told)) for one in found.unread],
        not_loaded=list(found.not_loaded),
    )  # fmt: skip
