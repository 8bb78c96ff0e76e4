"""A document of an office: put in order, looked at by a second person, published, repealed (R-43.01)."""

from typing import Final

from hutong.kernel.transitions import Machine, Transition

DRAFT, REVIEW, PUBLISHED, REPEALED, WITHDRAWN = "DRAFT", "REVIEW", "PUBLISHED", "REPEALED", "WITHDRAWN"
PUBLIC: Final = (PUBLISHED, REPEALED)
"""States in which everybody with ``library.view`` reads it."""

MACHINE: Final = Machine(
    name="policy_document",
    label="政策文件",
    states={DRAFT: "整理中", REVIEW: "待复核", PUBLISHED: "已发布", REPEALED: "已废止", WITHDRAWN: "已撤销"},
    initial=DRAFT,
    terminal=frozenset({REPEALED, WITHDRAWN}),
    transitions=(
        Transition("submit", (DRAFT,), REVIEW, "library.edit", "提交复核", guard="library.complete"),
        Transition("send_back", (REVIEW,), DRAFT, "library.publish", "退回修改"),
        Transition("publish", (REVIEW,), PUBLISHED, "library.publish", "发布", guard="library.complete"),
        Transition("reopen", (PUBLISHED,), DRAFT, "library.edit", "收回修改"),
        Transition("repeal", (PUBLISHED,), REPEALED, "library.publish", "登记废止"),
        Transition("withdraw", (DRAFT,), WITHDRAWN, "library.edit", "撤销草稿"),
    ),
)  # fmt: skip
