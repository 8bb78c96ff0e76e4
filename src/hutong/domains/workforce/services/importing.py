"""The list as a spreadsheet: read whole, checked by the same services as the forms, applied all or (if asked) the good rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db import transaction

from hutong.domains.workforce import selectors
from hutong.domains.workforce.models import QUALIFICATIONS, RESULTS, Worker
from hutong.domains.workforce.selectors import terms
from hutong.domains.workforce.services import recording, registering
from hutong.domains.workforce.services.errors import Refused
from hutong.domains.workforce.storage import tables
from hutong.foundation.access.acting import Acting
from hutong.foundation.network.models import Holding
from hutong.kernel import sheets

USER, NAME, NUMBER, QUALIFICATION = "用户名", "姓名", "身份证号码", "专业资格"
TRAINED, ORGANISER, EXAMINED, CERTIFICATE = "培训日期", "举办单位", "考核合格日期", "合格证编号"
CHECKED, RESULT, CHECKER, REFERENCE = "背景查询日期", "查询结果", "查询单位", "回执编号"
HEADERS: Final = (
    USER, NAME, NUMBER, QUALIFICATION, TRAINED, ORGANISER, EXAMINED, CERTIFICATE, CHECKED, RESULT, CHECKER, REFERENCE,
)  # fmt: skip
SIZE: Final = 3 * 2**20
_ABOVE: Final = 8
"""The headings stand in one of the first lines; a title may stand above them."""
_UNDONE: Final = "没有导入任何内容"


@dataclass(slots=True)
class ImportResult:
    """``rejected``: (line in the file, who, why). ``applied`` False: nothing was written."""

    rows: int = 0
    passed: int = 0
    applied: bool = False
    rejected: list[tuple[int, str, str]] = field(default_factory=list)


class _Undo(Exception):
    """Takes back everything written so far."""


def template() -> bytes:
    """An empty sheet with the headings and one fictitious row."""
    example = (
        "zhangsan", "张三", "", "社会工作师", "2026-03-01", "县民政局", "2026-03-02", "培合字第1号", "2026-02-20",
        RESULTS["CLEAR"], "县公安局", "查字第1号",
    )  # fmt: skip
    return sheets.xlsx_bytes(HEADERS, [example], title="实名名册")


def import_list(*, actor: Acting, content: bytes, partial: bool = False) -> ImportResult:
    """Put the file's rows on the list. With refused rows nothing is written, unless ``partial`` asks for the others.

    Doing the same file again changes nothing. Refused when the file itself cannot be read.
    """
    actor.check("workforce.keep")
    rows = list(_read(content))
    result = ImportResult(rows=len(rows))
    holdings = _holdings(actor)
    try:
        with transaction.atomic():
            for line, row in rows:
                reason = _one(row, holdings, actor)
                if reason:
                    result.rejected.append((line, row[NAME] or row[USER], reason))
                else:
                    result.passed += 1
            if result.rejected and not partial:
                raise _Undo
    except _Undo:
        return result
    result.applied = result.passed > 0
    return result


def _holdings(actor: Acting) -> dict[str, Holding]:
    found = selectors.list_team(actor).filter(deputy=False)
    return {holding.user.username: holding for holding in found}


def _one(row: dict[str, str], holdings: dict[str, Holding], actor: Acting) -> str:
    """Write one row in a savepoint of its own; '' or the reason why not."""
    holding = holdings.get(row[USER].lower())
    if holding is None:
        return "辖区内没有这个用户名的儿童主任或儿童督导员。请核对用户名，并先登记账号和任职。"
    try:
        with transaction.atomic():
            worker = registering.register(
                holding, actor=actor, name=row[NAME] or holding.user.name, id_number=row[NUMBER],
                qualification=_code(QUALIFICATIONS, row[QUALIFICATION], QUALIFICATION),
            )  # fmt: skip
            _training(worker, row, actor)
            _check(worker, row, actor)
    except (Refused, PermissionDenied) as refused:
        return str(refused)
    return ""


def _training(worker: Worker, row: dict[str, str], actor: Acting) -> None:
    held, examined = _day(row, TRAINED), _day(row, EXAMINED)
    held = held or examined
    if held is None:
        return
    if not row[ORGANISER]:
        raise Refused(f"填了{TRAINED}或{EXAMINED}，也要填{ORGANISER}。")
    known = worker.trainings.filter(held_on=held, organiser=row[ORGANISER], withdrawn_at__isnull=True)
    if not known.exists():
        recording.add_training(
            worker, actor=actor, held_on=held, organiser=row[ORGANISER], examined_on=examined,
            passed=True if examined else None, certificate=row[CERTIFICATE],
        )  # fmt: skip


def _check(worker: Worker, row: dict[str, str], actor: Acting) -> None:
    done = _day(row, CHECKED)
    if done is None:
        return
    if not row[RESULT] or not row[CHECKER]:
        raise Refused(f"填了{CHECKED}，也要填{RESULT}和{CHECKER}。")
    result = _code(RESULTS, row[RESULT], RESULT)
    known = worker.checks.filter(done_on=done, done_by=row[CHECKER], withdrawn_at__isnull=True)
    if not known.exists():
        recording.add_check(
            worker, actor=actor, done_on=done, result=result, done_by=row[CHECKER], reference=row[REFERENCE]
        )


def _code(codes: dict[str, str], words: str, column: str, empty: str = "") -> str:
    if not words:
        return empty
    found = next((code for code, label in codes.items() if label == words), None)
    if found is None:
        raise Refused(f"{column}应为{'、'.join(codes.values())}之一，现为“{words[:20]}”。")
    return found


def _day(row: dict[str, str], column: str) -> date | None:
    text = row[column].replace("/", "-").replace(".", "-").replace("年", "-").replace("月", "-").rstrip("日")
    if not text:
        return None
    parts = text.split("-") if "-" in text else [text[:4], text[4:6], text[6:]]
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        raise Refused(f"{column}“{row[column][:20]}”不是日期，请写成 2026-09-30。") from None


def _read(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, cells by heading) of every row that holds anything."""
    if len(content) > SIZE:
        raise Refused(
            f"文件超过 {SIZE // 2**20} MB，{_UNDONE}。名册一次最多 {terms.number('import_rows')} 行，请分开导入。"
        )
    try:
        table = tables.rows(content, terms.number("import_rows") + _ABOVE)
    except tables.Refused as refused:
        raise Refused(str(refused)) from None
    at = next((number for number, cells in enumerate(table[:_ABOVE]) if USER in cells), None)
    if at is None:
        raise Refused(f"没有找到“{USER}”这一列，{_UNDONE}。请使用模板的表头。")
    head = [cell.rstrip("*＊") for cell in table[at]]
    if unknown := [cell for cell in head if cell and cell not in HEADERS]:
        raise Refused(f"不认识的列：{'、'.join(unknown[:5])}，{_UNDONE}。请使用模板的表头。")
    rows = [(number, cells) for number, cells in enumerate(table[at + 1 :], at + 2) if any(cells)]
    if len(rows) > terms.number("import_rows"):
        raise Refused(f"超过一次 {terms.number('import_rows'):,} 行的上限，{_UNDONE}。请分开导入。")
    for number, cells in rows:
        found = dict(zip(head, cells, strict=False))
        yield number, {column: found.get(column, "") for column in HEADERS}
