"""Each row is decided by a person; the whole is handed to a second one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.db import transaction

from hutong.foundation.access.acting import Acting
from hutong.foundation.adjustments import counting
from hutong.foundation.adjustments import machines as machine
from hutong.foundation.adjustments.models import Adjustment, Row
from hutong.foundation.adjustments.services import asking
from hutong.foundation.adjustments.services.errors import AdjustmentRefused
from hutong.foundation.network.models import Area
from hutong.foundation.workflow import services as workflow
from hutong.foundation.workflow.errors import NotNow
from hutong.kernel import areas


def _check_open(adjustment: Adjustment, actor: Acting) -> None:
    actor.check("area.revise")
    state = Adjustment.objects.select_for_update().values_list("state", flat=True).get(pk=adjustment.pk)
    if state != machine.OPEN:
        raise NotNow("这次区划调整已提交，不能再改决定。需要修改请先由确认人退回。")


@transaction.atomic
def decide(row: Row, *, actor: Acting, decision: str, targets: Sequence[str] = (), note: str = "") -> Row:
    """What is to become of one row. Raises AdjustmentRefused."""
    _check_open(row.adjustment, actor)
    if decision not in machine.OFFERED[row.kind]:
        raise AdjustmentRefused("请选择一种处理。")
    chosen = list(dict.fromkeys(areas.pad(code) for code in targets if code))
    wanted = {machine.RECODE: (1, 1), machine.MERGE: (1, 1), machine.SPLIT: (2, 20)}.get(decision, (0, 0))
    if wanted == (0, 0):
        chosen = []
    if not wanted[0] <= len(chosen) <= wanted[1]:
        raise AdjustmentRefused(
            "分设请写出两个以上去向。" if decision == machine.SPLIT else "请写出一个去向（新代码）。"
        )
    if any(areas.level(code) != row.level or code == row.area_code for code in chosen):
        raise AdjustmentRefused("去向应与原地方同级，且不是它自己。请核对代码。")
    if not all(areas.contains(row.adjustment.area_code, code) for code in chosen):
        raise AdjustmentRefused("去向不在这次比对的范围内。跨县、跨市的调整，请由上级按更大的范围比对。")
    row.decision, row.targets, row.note = decision, chosen, note.strip()[:200]
    row.decided_by, row.decided_label = actor.user, actor.label
    row.save(update_fields=["decision", "targets", "note", "decided_by", "decided_label"])
    return row


def find_targets(row: Row, words: Sequence[str]) -> list[str]:
    """Codes for what a person wrote, codes or names, among the places there will be. Raises AdjustmentRefused."""
    return [_target(row, word) for word in words]


def _target(row: Row, word: str) -> str:
    """Of several of one name, the one under the same parent."""
    if word.isdigit():
        try:
            return areas.pad(word)
        except areas.AreaCodeError as error:
            raise AdjustmentRefused(str(error)) from error
    listed = row.adjustment.rows.filter(new_name=word, level=row.level)
    lo, hi = areas.bounds(row.adjustment.area_code)
    present = Area.objects.filter(
        code__gte=lo, code__lt=hi, name=word, level=row.level, valid_to__isnull=True
    )
    found = {*listed.values_list("area_code", flat=True), *present.values_list("code", flat=True)} - {
        row.area_code
    }
    near = {code for code in found if areas.parent(code) == areas.parent(row.area_code)}
    if not found:
        raise AdjustmentRefused(f"清单和现行区划里没有叫“{word}”的同级地方。请核对名称，或写 12 位代码。")
    if len(near or found) > 1:
        raise AdjustmentRefused(
            f"叫“{word}”的有 {len(near or found)} 处：{'、'.join(sorted(near or found)[:5])}。请写代码。"
        )
    return (near or found).pop()


@transaction.atomic
def accept_plain(adjustment: Adjustment, *, actor: Acting) -> int:
    """Decide in one go what leaves no choice: names that changed, new places, and one same-named new code. How many.

    A merger or a split is never among them.
    """
    done = 0
    for row in adjustment.rows.filter(decision="").order_by("area_code"):
        if row.kind == machine.RENAMED:
            decide(row, actor=actor, decision=machine.RENAME)
        elif row.kind == machine.ADDED:
            decide(row, actor=actor, decision=machine.NEW)
        elif len(row.guess) == 1 and "同名" in row.why:
            decide(row, actor=actor, decision=machine.RECODE, targets=row.guess)
        else:
            continue
        done += 1
    return done


@transaction.atomic
def submit(adjustment: Adjustment, *, actor: Acting) -> Adjustment:
    """Hand it to the second person. Raises AdjustmentRefused with every row that does not fit."""
    _check_open(adjustment, actor)
    problems = find_problems(adjustment)
    if problems:
        raise AdjustmentRefused("还不能提交，请先处理下面各行。", problems)
    workflow.apply(adjustment, "submit", actor=actor, reason=adjustment.source)
    asking.second(adjustment, actor=actor)
    return adjustment


@transaction.atomic
def send_back(adjustment: Adjustment, *, actor: Acting | None, reason: str) -> Adjustment:
    if not reason.strip():
        raise AdjustmentRefused("退回请写明哪些行要改。")
    fields = {"answer": reason.strip()[:500]}
    workflow.apply(adjustment, "send_back", actor=actor, reason=reason, fields=fields)
    asking.maker(adjustment, actor=actor, words=reason)
    return adjustment


@transaction.atomic
def withdraw(adjustment: Adjustment, *, actor: Acting, reason: str) -> Adjustment:
    if not reason.strip():
        raise AdjustmentRefused("撤回请写明原因。")
    fields = {"answer": reason.strip()[:500]}
    workflow.apply(adjustment, "withdraw", actor=actor, reason=reason, fields=fields)
    asking.done(adjustment, actor=actor, outcome="已撤回")
    return adjustment


def find_problems(adjustment: Adjustment) -> list[str]:
    """Why the decisions do not make one whole; empty when they do."""
    rows = list(adjustment.rows.order_by("area_code"))
    undecided = [row for row in rows if not row.decision]
    problems = [f"{row.area_code} {row.old_name or row.new_name}：还没有决定。" for row in undecided[:20]]
    ending = {row.area_code for row in rows if row.decision in machine.ENDING}
    made = {row.area_code for row in rows if row.decision == machine.NEW}
    aimed = Counter(code for row in rows for code in row.targets)
    after = _in_force(aimed.keys() - made) - ending | made
    for row in rows:
        problems += _row_problems(row, after, made, aimed)
    problems += _parents(rows, ending, made)
    problems += _closed_with_records(rows)
    problems += _used_again_with_records(made)
    return problems


def _in_force(codes: set[str]) -> set[str]:
    return set(Area.objects.filter(code__in=codes, valid_to__isnull=True).values_list("code", flat=True))


def _row_problems(row: Row, after: set[str], made: set[str], aimed: Counter[str]) -> list[str]:
    name = f"{row.area_code} {row.old_name or row.new_name}"
    found = [
        f"{name}：去向 {code} 生效后不存在，请改选，或把它决定为新设。"
        for code in row.targets
        if code not in after
    ]
    if (
        row.decision == machine.RECODE
        and row.targets
        and (row.targets[0] not in made or aimed[row.targets[0]] > 1)
    ):
        found.append(f"{name}：“改代码”的去向应是清单新增、且只有它一处去的代码；几处合一请用“并入”。")
    return found


def _parents(rows: list[Row], ending: set[str], made: set[str]) -> list[str]:
    """No place may be left in force, or made, under one that is not."""
    found = [
        f"{row.area_code} {row.new_name}：它的上级生效后不存在。"
        for row in rows
        if row.decision == machine.NEW and (above := areas.parent(row.area_code))
        and above not in made and (above in ending or not _in_force({above}))
    ]  # fmt: skip
    below = Area.objects.filter(parent_code__in=ending, valid_to__isnull=True).exclude(code__in=ending)
    found += [f"{one.code} {one.name}：上级将停用，它也要有去向。" for one in below.order_by("code")[:20]]
    return found


def _closed_with_records(rows: list[Row]) -> list[str]:
    closing = [row.area_code for row in rows if row.decision == machine.CLOSE]
    return [
        f"{code}：还有{'、'.join(f'{label} {number}' for label, number in held.items())}，不能撤销，请写明并入哪里。"
        for code, held in counting.filed(closing).items()
        if held
    ]


def _used_again_with_records(made: set[str]) -> list[str]:
    """Whoever waits to be placed after a split must not wake up in another place of the same code."""
    before = Area.objects.filter(code__in=made).values_list("code", flat=True)
    return [
        f"{code}：原来的{'、'.join(f'{label} {number}' for label, number in held.items())}还没有落实到新的地方，代码暂不能再用。"
        for code, held in counting.filed(sorted(before)).items()
        if held
    ]
