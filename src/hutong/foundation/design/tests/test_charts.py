"""Charts: the picture, the table and the download hold the same rows; nothing in them can act."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.template import engines
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.foundation.design import charts


def test_a_trend_has_one_line_for_each_series_and_a_row_for_each_period():
    chart = charts.trend("线索", ["一月", "二月"], {"新增": [3, 5], "办结": [1, 4]}, period_name="月份")
    assert chart.columns == ("月份", "新增", "办结")
    assert chart.rows == (("一月", 3, 1), ("二月", 5, 4))
    assert [line["data"] for line in chart.option["series"]] == [[3, 5], [1, 4]]


def test_series_of_another_length_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        charts.trend("线索", ["一月", "二月"], {"新增": [3]})


def test_bars_and_funnels_lead_to_their_rows():
    bars = charts.bar("各镇", ["甲", "乙"], {"数": [1, 2]}, urls=["/a", "/b"])
    assert bars.option["series"][0]["data"][1] == {"value": 2, "url": "/b"}
    steps = charts.funnel("办理", [("发现", 9), ("属实", 4)], urls=["/c", "/d"])
    assert steps.option["series"][0]["data"][0] == {"name": "发现", "value": 9, "url": "/c"}


def test_flows_in_a_circle_are_refused():
    assert (
        len(charts.sankey("去向", [("a", "b", 1), ("b", "c", 1), ("a", "c", 2)]).option["series"][0]["data"])
        == 3
    )
    with pytest.raises(ValueError, match="circle"):
        charts.sankey("去向", [("a", "b", 1), ("b", "a", 1)])


def test_tips_are_text_because_html_tips_need_inline_styles():
    for chart in (
        charts.trend("a", [], {}),
        charts.bar("b", [], {}),
        charts.funnel("c", []),
        charts.sankey("d", []),
    ):
        assert chart.option["tooltip"]["renderMode"] == "richText"


@settings(max_examples=40)
@given(st.lists(st.tuples(st.text(max_size=8), st.integers(0, 10**6)), max_size=5))
def test_the_data_block_is_json_and_cannot_end_its_element(steps: list[tuple[str, int]]):
    chart = charts.funnel("</script><b>", [(f"</script>{label}", count) for label, count in steps])
    html = engines["jinja2"].from_string('{{ ui.chart(chart, "/x.csv") }}').render({"chart": chart})
    block = html.split('<script type="application/json">')[1].split("</script>")[0]
    assert json.loads(block) == chart.option
    assert html.count("</script>") == 1


def test_downloads_cannot_act_as_formulas():
    text = charts.funnel("x", [("=cmd()", 1), ("正常", -2)]).csv()
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text[1:]))) == [["步骤", "数量"], ["'=cmd()", "1"], ["正常", "-2"]]
