"""Forms on which the door is kept."""

from __future__ import annotations

from typing import Any

from django import forms

from hutong.delivery.api.data import terms
from hutong.domains.exchange import permissions as exchange
from hutong.domains.exchange import presenters
from hutong.foundation.access.acting import Acting
from hutong.foundation.design.widgets import DateInput
from hutong.foundation.network import selectors as network


class SystemForm(forms.Form):
    """What was agreed with a department about one of its systems."""

    org = forms.ChoiceField(label="提供部门", error_messages={"required": "请选择部门。"})
    name = forms.CharField(label="系统名称", max_length=60, help_text="如：死亡人口管理系统")
    lists = forms.MultipleChoiceField(
        label="可以提交的清单", widget=forms.CheckboxSelectMultiple, required=False,
        help_text="只能选该部门提供的清单；选得越少越好。",
    )  # fmt: skip
    rules = forms.BooleanField(
        label="可以请求政策判定", required=False,
        help_text="对方送来不具名的情形，按政策包判定后返回；不保存，也不涉及平台上的任何儿童。",
    )  # fmt: skip
    purpose = forms.CharField(
        label="用途", max_length=200, help_text="写入每次调用的记录，如：儿童福利季度比对"
    )
    basis = forms.CharField(label="依据", max_length=200, help_text="文件名称和文号，或法律条款")
    agreement = forms.CharField(label="协议编号", max_length=60)
    until = forms.DateField(label="协议到期日", widget=DateInput(), help_text="到期后密钥自动失效。")
    rows_a_quarter = forms.IntegerField(
        label="每季度每份清单最多行数",
        min_value=1,
        max_value=500_000,
        help_text="超过即拒收，防止拿编造的名单来试。",
    )
    calls_a_minute = forms.IntegerField(label="每分钟最多请求数", min_value=1, max_value=1_000)
    contact = forms.CharField(label="对方联系人", max_length=60, required=False)
    trial = forms.BooleanField(
        label="仅测试", required=False, help_text="只能用测试地址、只收虚构数据，永远不接触儿童档案。"
    )

    def __init__(self, *args: Any, actor: Acting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [
            org
            for org in network.list_orgs(within=actor.post.area_code).order_by("name")
            if exchange.provider_of(org)
        ]
        self.orgs = {str(org.public_id): org for org in found}
        self.fields["org"].choices = [("", "请选择"), *((key, org.name) for key, org in self.orgs.items())]  # type: ignore[attr-defined]
        self.fields["lists"].choices = list(presenters.list_titles().items())  # type: ignore[attr-defined]
        for name in ("rows_a_quarter", "calls_a_minute"):
            self.fields[name].initial = terms.value(name)

    def facts(self) -> dict[str, Any]:
        """What ``services.register`` takes."""
        return self.cleaned_data | {"org": self.orgs[self.cleaned_data["org"]]}


class KeyForm(forms.Form):
    """The department's own public key, or none: then a pair is made here."""

    public_key = forms.CharField(
        label="对方的公钥", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ed25519 或 SM2，PEM 或 Base64。最好由对方自己生成密钥对，只把公钥交来；留空则由平台生成，私钥只显示一次。",
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明理由，对方和审计人员会看到。"},
    )  # fmt: skip
