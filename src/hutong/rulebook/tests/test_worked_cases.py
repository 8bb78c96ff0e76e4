"""The worked cases, ours and (where the folder is present) the commissioning side's. R-04.01 – R-04.14, A03 – A10."""

import os
from pathlib import Path

import pytest

from hutong.rulebook.cases import CaseError, evaluate_case, facts_from_case, read_cases

OWN = Path(__file__).with_name("worked_cases.yaml")
SHARED = Path(os.environ.get("HUTONG_SHARED") or Path(__file__).parents[4].parent / "shared")


def differences(case):
    found = evaluate_case(case)
    for field, wanted in case["expect"].items():
        wanted = sorted(wanted) if isinstance(wanted, list) else wanted
        if found[field] != wanted:
            yield f"{case['id']} {field}: {wanted} != {found[field]}"


@pytest.mark.parametrize("case", list(read_cases(OWN)), ids=lambda case: case["id"])
def test_own_case(case):
    assert list(differences(case)) == []


def test_commissioned_cases():
    path = SHARED / "domain" / "cases.yaml"
    if not path.exists():
        pytest.skip(f"NOT RUN: 没有 {path.name}（设置 HUTONG_SHARED 指向共享目录）")
    cases = list(read_cases(path))
    assert cases
    assert [line for case in cases for line in differences(case)] == []


def test_a_misspelt_fact_is_refused_with_its_name():
    with pytest.raises(CaseError, match="bith"):
        facts_from_case({"id": "x", "asof": "2024-01-01", "child": {"bith": "2015-01-01"}})
    with pytest.raises(CaseError, match="prizon"):
        facts_from_case({"id": "x", "asof": "2024-01-01", "father": {"prizon": {}}})
    with pytest.raises(CaseError, match="日期"):
        facts_from_case({"id": "x", "asof": "去年"})
