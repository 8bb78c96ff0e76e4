"""Which children of a folder can be taken over, and why not the others."""

from __future__ import annotations

from dataclasses import dataclass, field

from hutong.domains.registry.models import Child, Intake
from hutong.domains.registry.services import identity
from hutong.domains.registry.transfer.reading import Rejected, Row
from hutong.foundation.access import vault
from hutong.foundation.access.scope import Scope
from hutong.foundation.accounts.models import User
from hutong.kernel import clock, ids, names

_TEXTS = ("lives_with", "guard", "school", "was")
_FLAGS = ("rural", "full_time", "single", "entrusted", "adopted")


@dataclass(slots=True)
class Checked:
    """``good``: (row, normalised ID number); ``existing``: file numbers that are here already."""

    good: list[tuple[Row, str]] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    existing: set[str] = field(default_factory=set)


def children(rows: list[tuple[int, Row]], scope: Scope) -> Checked:
    """Judge every row alone, then against the others of the file, then against the registry of the whole country."""
    checked = Checked()
    seen: set[str] = set()
    tokens: dict[str, int] = {}
    passed: list[tuple[int, Row, str]] = []
    for number, row in rows:
        reason, id_number = _alone(row, scope)
        if not reason and row["child_id"] in seen:
            reason = "档案号在文件中重复。"
        token = vault.token(id_number, "id")
        if not reason and token and token in tokens:
            reason = f"身份证号码与文件中第 {tokens[token]} 行重复，请核对是否同一人。"
        if reason:
            checked.rejected.append(Rejected("children", number, row["child_id"], reason))
            continue
        seen.add(row["child_id"])
        if token:
            tokens[token] = number
        passed.append((number, row, id_number))
    _against_registry(checked, passed)
    return checked


def _alone(row: Row, scope: Scope) -> tuple[str, str]:
    number = ""
    if row["birth_date"] > clock.today():
        return "出生日期晚于今天。", ""
    if not names.clean(row["name"]):
        return "姓名为空。", ""
    if not (scope.covers(row["residence_area"]) or scope.covers(row["hukou_area"])):
        return "户籍地和居住地都不在本次导入的辖区内。", ""
    if row["id_number"]:
        try:
            found = ids.parse(row["id_number"])
        except ids.IdNumberError as error:
            return str(error), ""
        number = found.number
        if found.birth_date != row["birth_date"]:
            return "出生日期与身份证号码不一致。", ""
        if {"男": 1, "女": 2}[found.sex] != row["sex"]:
            return "性别与身份证号码不一致。", ""
    return "", number


def _against_registry(checked: Checked, passed: list[tuple[int, Row, str]]) -> None:
    tokens = {vault.token(number, "id") for _, _, number in passed if number}
    taken, files = identity.known_children(sorted(tokens), [row["child_id"] for _, row, _ in passed])
    mine = set(Child.objects.filter(file_no__in=files).values_list("file_no", flat=True)) if files else set()
    for number, row, id_number in passed:
        file_no = row["child_id"]
        if file_no in mine:
            checked.existing.add(file_no)
        elif file_no in files:
            checked.rejected.append(
                Rejected("children", number, file_no, "档案号已被其他地区使用，请联系上级民政核对。")
            )
        elif id_number and vault.token(id_number, "id") in taken:
            checked.rejected.append(
                Rejected("children", number, file_no, "该身份证号已有档案，请联系县级民政核对。")
            )
        else:
            checked.good.append((row, id_number))


def build(row: Row, number: str, intake: Intake, by: User | None) -> Child:
    """The file as it will be written."""
    now = clock.now()
    child = Child(
        file_no=row["child_id"],
        sex=row["sex"],
        birth_date=row["birth_date"],
        hukou_area=row["hukou_area"],
        residence_area=row["residence_area"],
        place=row["place"] or "home",
        id_kind="RESIDENT" if number else "NONE",
        state="ACTIVE",
        intake=intake,
        created_by=by,
        # said here although the database would: a default in the row costs bulk_create its fast path
        created_at=now,
        updated_at=now,
    )
    for name in _TEXTS:
        setattr(child, name, row[name] or "")
    for name in _FLAGS:
        setattr(child, name, row[name])
    identity.set_name(child, names.clean(row["name"]))
    child.seal_id(number)
    return child
