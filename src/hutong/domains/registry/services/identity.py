"""Identity checks shared by making and changing a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.db import connection

from hutong.domains.registry.models import Child
from hutong.domains.registry.services.errors import Refused, Taken
from hutong.foundation.access import vault
from hutong.foundation.access.acting import Acting
from hutong.kernel import clock, ids, names


def known_children(tokens: Sequence[str], file_nos: Sequence[str] = ()) -> tuple[set[str], set[str]]:
    """Which of these ID tokens and file numbers have a file anywhere in the country; never where."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id_token, file_no FROM registry_known_children(%s::text[], %s::text[])",
            [list(tokens), list(file_nos)],
        )
        rows = cursor.fetchall()
    return {token for token, _ in rows if token}, {number for _, number in rows if number}


def check_free(number: str, *, other_than: Child | None = None) -> None:
    """Raise ``Taken`` if another file has this (normalised) number."""
    token = vault.token(number, "id")
    if not token or (other_than is not None and other_than.id_token == token):
        return
    if known_children([token])[0]:
        found = Child.objects.filter(id_token=token).select_related("merged_into").first()
        raise Taken(found and (found.merged_into or found))


def read_number(kind: str, text: str, *, sex: int, birth_date: Any) -> str:
    """The normalised number for this kind of document; Refused where number, sex and birth date contradict."""
    if kind in {"NONE", "UNSEEN"}:
        if text.strip():
            raise Refused("已填写证件号码，请把证件种类改为居民身份证或其他证件，或清空号码。", "id_number")
        return ""
    if kind == "OTHER":
        return ids.normalise(text)
    try:
        found = ids.parse(text)
    except ids.IdNumberError as error:
        raise Refused(str(error), "id_number") from None
    if found.birth_date != birth_date:
        raise Refused(f"出生日期与身份证号码中的 {found.birth_date} 不一致，请对照户口簿核对。", "birth_date")
    if {"男": 1, "女": 2}[found.sex] != sex:
        raise Refused(f"性别与身份证号码（{found.sex}）不一致，请对照户口簿核对。", "sex")
    return found.number


def check_payee(name: str, bank: str, number: str) -> str:
    """The account number as stored; Refused where only a part is told, or where it cannot be a number of an account."""
    parts = {"payee_name": name.strip(), "payee_bank": bank.strip(), "payee_account": number.strip()}
    if any(parts.values()):
        for field, text in parts.items():
            if not text:
                raise Refused(
                    "收款户名、开户银行和银行账号要一起填写；不再使用这个账户的，请把三项都清空。", field
                )
    digits = re.sub(r"[\s-]", "", number)
    if digits and not re.fullmatch(r"[0-9]{8,32}", digits):
        raise Refused(
            "银行账号应为 8 至 32 位数字，请对照存折或银行卡核对（空格和横线可以照写）。", "payee_account"
        )
    return digits


def check_person_facts(name: str, birth_date: Any) -> str:
    """The name as stored; Refused for an empty one or a birth date to come."""
    tidy = names.clean(name)
    if not tidy:
        raise Refused("姓名为空，请填写姓名；尚未取名的请写“某某之子（女）”。", "name")
    if birth_date > clock.today():
        raise Refused("出生日期晚于今天，请核对。", "birth_date")
    return tidy


def set_name(child: Child, name: str) -> None:
    child.name = name
    child.name_pinyin = names.pinyin(name)[:200]
    child.name_initials = names.initials(name)[:40]


def check_places(actor: Acting, hukou: str, residence: str) -> None:
    """One of the two places must be the actor's, else the file would vanish from sight when saved."""
    if not (actor.scope.covers(residence) or actor.scope.covers(hukou)):
        raise Refused(
            "户籍地和居住地都不在您的辖区内：请核对区划，或请儿童所在地的工作人员建档。", "residence_area"
        )
