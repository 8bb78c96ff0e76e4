"""No rule without cases on both sides, no parameter line without a source (R-43.01; ADR 0006)."""

from __future__ import annotations

from hutong.rulebook import reference


def test_every_rule_has_a_case_in_which_it_holds_and_one_in_which_it_does_not() -> None:
    assert reference.lacking() == []


def test_every_parameter_has_lines_and_every_line_a_source() -> None:
    assert reference.unsourced() == []
