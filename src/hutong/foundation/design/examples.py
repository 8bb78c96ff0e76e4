"""What the gallery shows: fictitious rows of every shape a component draws."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest

from hutong.foundation.design import charts, widgets
from hutong.foundation.design.listings import Column, Listing, listing
from hutong.foundation.design.shell import NavItem, PostChoice, Shell
from hutong.kernel import clock

SHELL = Shell(
    nav=(
        NavItem("我的工作", "/", "home", count=12),
        NavItem("儿童档案", "/children/", "child"),
        NavItem("线索核查", "/leads/", "lead", active=True, count=7),
        NavItem("数据交换", "/exchange/", "upload"),
        NavItem("政策规则", "/policy/", "file"),
        NavItem("机构人员", "/network/", "network"),
        NavItem("操作记录", "/audit/", "eye"),
    ),
    user_name="张秀兰",
    post_label="石桥村儿童主任",
    posts=(PostChoice(1, "石桥村儿童主任", current=True), PostChoice(2, "临江镇儿童督导员（代理）")),
    notices=3,
    banner="正在以“紧急查看”身份查阅他人负责的档案，今天 18:00 结束；负责人和上级已收到通知。",
)

PLACES = tuple(
    {"code": code, "name": path.split(" › ")[-1], "path": path}
    for code, path in (
        ("990101001201", "示例市 › 临江区 › 石桥镇 › 石桥村"),
        ("990101001202", "示例市 › 临江区 › 石桥镇 › 上坪村"),
        ("990101002201", "示例市 › 临江区 › 白鹤街道 › 文化路社区"),
        ("990102001201", "示例市 › 青峰县 › 青峰镇 › 双河村"),
    )
)

CHARTS = {
    "trend": charts.trend(
        "每月线索数",
        ["2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11"],
        {"疑似应保未保": [42, 38, 55, 61, 47, 52], "应退未退": [12, 9, 14, 11, 16, 13]},
        period_name="月份",
        summary="十一月疑似应保未保 52 条，比上月多 5 条。",
    ),
    "bar": charts.bar(
        "各镇街未办结线索",
        ["石桥镇", "临江镇", "白鹤街道", "青峰镇"],
        {"未逾期": [18, 12, 9, 6], "已逾期": [3, 5, 0, 1]},
        stacked=True,
        summary="临江镇逾期最多，5 条。",
    ),
    "funnel": charts.funnel(
        "线索办理", [("比对发现", 412), ("村级核查", 380), ("属实", 121), ("已纳入保障", 96)]
    ),
    "sankey": charts.sankey(
        "线索去向",
        [
            ("死亡登记", "属实", 62),
            ("死亡登记", "不属实", 20),
            ("服刑名单", "属实", 41),
            ("服刑名单", "情况有变", 9),
            ("属实", "已纳入保障", 96),
            ("属实", "办理中", 7),
        ],
    ),
}

COLUMNS = (
    Column("姓名", "name", ("name",)),
    Column("居住地"),
    Column("类别"),
    Column("月补助", "amount", ("amount",), "number"),
    Column("到期", "due", ("due",)),
)


class ExampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label="儿童姓名", max_length=40, help_text="与户口簿一致。")
    id_number = forms.CharField(label="身份证号码", required=False, widget=widgets.PrivateInput())
    birth = forms.DateField(label="出生日期", widget=widgets.DateInput())
    area = forms.CharField(label="居住地", widget=widgets.PlaceInput("/design/places/"))
    school = forms.ChoiceField(
        label="就学情况",
        choices=[("", "请选择"), ("义务教育", [("primary", "小学"), ("junior", "初中")]), ("none", "未就学")],
    )
    status = forms.ChoiceField(
        label="监护状况",
        widget=forms.RadioSelect,
        choices=[("GOOD", "较好"), ("FAIR", "一般"), ("POOR", "较差"), ("ABSENT", "缺失")],
    )
    needs = forms.MultipleChoiceField(
        label="需要的帮助",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("money", "生活补助"), ("study", "助学"), ("health", "就医")],
    )
    note = forms.CharField(label="走访记录", widget=forms.Textarea, required=False)
    photo = forms.FileField(label="证明材料", required=False, help_text="照片或 PDF，不超过 10 MB。")
    sure = forms.BooleanField(label="以上内容经本人当面核对")

    def clean_name(self) -> str:
        """Refuses digits, to show an error."""
        name = str(self.cleaned_data["name"])
        if any(sign.isdigit() for sign in name):
            raise forms.ValidationError("姓名中不应有数字，请对照户口簿修改。")
        return name


def context(request: HttpRequest) -> dict[str, Any]:
    """All that the example templates name."""
    typed = {"name": "李小明2", "status": "FAIR", "note": "奶奶照料，<父亲>在外务工。", "area__label": "石桥"}
    return {
        "form": ExampleForm(typed),
        "blank_form": ExampleForm(),
        "children": children(request),
        "days": [clock.today() + timedelta(days=ahead) for ahead in (-3, 0, 1, 2, 12)],
        "charts": CHARTS,
        "places": PLACES,
        "now": clock.now(),
        "explanation": EXPLANATION,
    }


def children(request: HttpRequest) -> Listing:
    """A table of two pages."""
    names = ("王小雨", "李明轩", "陈思思", "阿依古丽·买买提", "赵天佑")
    today = clock.today()
    rows = [
        {
            "name": name,
            "area": PLACES[at % 4]["path"],
            "kind": "事实无人抚养儿童" if at % 2 else "孤儿（散居）",
            "fen": 125600 + at * 10000,
            "due": today + timedelta(days=at * 2 - 2),
            "tone": "danger" if at == 0 else "",
        }
        for at, name in enumerate(names * 2)
    ]
    return listing(request.GET, COLUMNS, rows, size=6, count=True, sort="due")


EXPLANATION = {
    "text": "属于事实无人抚养儿童",
    "result": None,
    "source": "示例办法 第二条",
    "children": [
        {
            "text": "父亲",
            "value": "服刑，刑期 36 个月",
            "result": True,
            "source": "服刑人员名单 2026 年第三季度",
        },
        {
            "text": "母亲",
            "value": "失联满 6 个月",
            "result": None,
            "source": "尚无公安机关查找记录",
            "children": [],
        },
        {"text": "未满 18 周岁", "value": "9 岁", "result": True, "source": "户籍登记"},
    ],
}
