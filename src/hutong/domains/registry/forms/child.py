"""The child's own facts, in two parts that are edited apart and created together."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from hutong.domains.registry.forms import fields
from hutong.domains.registry.machines import wording
from hutong.domains.registry.models import Child
from hutong.foundation.design.widgets import PrivateInput

IDENTITY = ("name", "id_kind", "id_number", "sex", "birth_date", "ethnic", "hukou_area")
LIVING = (
    "residence_area", "address", "phone", "lives_with", "place", "rural", "single", "entrusted", "adopted",
)  # fmt: skip

PAYEE = ("payee_name", "payee_bank", "payee_account")


class IdentityForm(forms.Form):
    name = fields.text(
        "姓名", 80, required=True, help_text="按户口簿或出生证明填写；少数民族姓名的间隔点请照写。"
    )
    id_kind = fields.choice("证件", wording.ID_KINDS, required=True)
    id_number = fields.id_number(help_text="有空格、小写 x 或 15 位旧号都可以照写。无户籍的留空。")
    sex = forms.TypedChoiceField(
        label="性别",
        choices=list(wording.SEXES.items()),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages=fields.REQUIRED,
    )
    birth_date = fields.DayField("出生日期")
    ethnic = fields.text("民族", 20)
    hukou_area = fields.PlaceField("户籍地", help_text="无户籍的填应当落户的地方。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("id_kind", "RESIDENT")


class LivingForm(forms.Form):
    residence_area = fields.PlaceField("居住地", help_text="现在实际居住的村（社区），由当地儿童主任负责。")
    address = fields.text("详细地址", 200)
    phone = fields.phone()
    lives_with = fields.choice("同住人", wording.LIVES_WITH)
    place = fields.choice("安置方式", wording.PLACES, required=True)
    rural = fields.yes_no("农村户籍或居住在农村")
    single = fields.yes_no("单亲家庭")
    entrusted = fields.yes_no("已签委托照护协议")
    adopted = fields.yes_no("已被收养")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("place", "home")


class PayeeForm(forms.Form):
    """The account money is paid to: the child's own, or the guardian's (民发〔2019〕62号)."""

    payee_name = fields.text("收款户名", 80, help_text="与存折或银行卡上的户名一致：儿童本人或监护人。")
    payee_bank = fields.text("开户银行", 80, help_text="写到支行或网点。")
    payee_account = forms.CharField(
        label="银行账号",
        max_length=40,
        required=False,
        help_text="空格可以照写。三项都清空表示不再使用原账户。",
        widget=PrivateInput({"inputmode": "numeric"}),
    )


class CreateForm(IdentityForm, LivingForm):
    """A new file. ``form_key`` is drawn new with each form, so that a second click finds the first one's file."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ["form_key", *IDENTITY, *LIVING]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("form_key", uuid.uuid4())


_WRITTEN: dict[Any, str] = {True: "1", False: "0", None: ""}


def current(child: Child, names: tuple[str, ...]) -> dict[str, Any]:
    """What a form starts from: the file's own values, three-valued ones as the form writes them."""
    values = {name: getattr(child, name) for name in names}
    return {k: _WRITTEN[v] if isinstance(v, bool) or v is None else v for k, v in values.items()}


PARTS: dict[str, tuple[str, type[forms.Form], tuple[str, ...]]] = {
    "identity": ("基本信息", IdentityForm, IDENTITY),
    "living": ("居住与照护", LivingForm, LIVING),
}
"""Address part → title, form, fields."""
