"""Values of parameters as officials read them."""

from __future__ import annotations

from typing import Any, Final

from hutong.kernel import money
from hutong.kernel.facts import DISABILITY_TYPES

WORDS: Final = {
    **DISABILITY_TYPES,
    "SUSPECTED": "疑似应保未保", "SHOULD_EXIT": "疑似应退未退", "CHANGED": "情形变化", "EMERGENCY": "急需关爱",
    "GOOD": "较好", "FAIR": "一般", "POOR": "较差", "ABSENT": "缺失", "institution": "机构", "foster": "家庭寄养",
    "preschool": "学前", "primary": "小学", "junior": "初中", "senior": "高中", "vocational": "中职", "college": "大专",
    "undergrad": "本科", "master": "硕士", "phd": "博士", "3m": "三个月", "2m": "两个月", "1m": "一个月", "15d": "15 天",
    "7d": "7 天", "autism": "孤独症",
}  # fmt: skip
NOT_LOADED: Final = "标准尚未录入"


def figure(label: str, value: Any) -> str:
    """A parameter's value; money by its label, which says 分/月."""
    if value is None:
        return NOT_LOADED
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int) and label.endswith("（分/月）"):
        return f"{money.format_yuan(value, grouped=True)} 元/月"
    if isinstance(value, dict):
        return (
            "；".join(f"{WORDS.get(str(k), str(k))}：{figure('', one)}" for k, one in value.items()) or "无"
        )
    if isinstance(value, list):
        return "、".join(WORDS.get(str(one), str(one)) for one in value) or "无"
    return WORDS.get(str(value), str(value)) or "不限"
