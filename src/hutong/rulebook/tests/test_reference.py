"""The slow, plain reading of model.md §7–§9 and the engine agree on random children (R-04, R-06.02–04, R-15–R-17). ADR 0006."""

import pytest
from hypothesis import HealthCheck, given, settings

from hutong.rulebook import OUTPUTS, book, packs
from hutong.rulebook.ruleset import RULES

from . import reference
from .random_children import BOOKS, children

CODED = [name for name, rule in RULES.items() if rule.code]
ASKED = [*CODED, *dict.fromkeys(OUTPUTS.values()), "visit"]


@pytest.mark.parametrize(("pack", "on"), BOOKS)
def test_one_child_is_read_as_the_law_is_written(pack, on):
    rules, said = book(pack, on), packs.load(pack)
    held = set()

    @settings(max_examples=8, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(rows=children(on, 150))
    def same(rows):
        for row in rows:
            plain = reference.evaluate(row, said, on)
            reading = rules.read(row)
            assert {n: reading.rule(n) for n in ASKED} == {n: plain.get(n, False) for n in ASKED}
            held.update(n for n in ASKED if plain.get(n))

    same()
    unreached = sorted(said.adopts & set(CODED) - held)
    assert len(unreached) < 10, f"the draws say little of {unreached}"


def test_every_rule_with_a_code_is_written_plainly_too():
    told = set()
    for pack, on in BOOKS:
        told |= set(reference.evaluate({}, packs.load(pack), on))
    missing = sorted(set(CODED) - told)
    assert missing == [], "write these rules into tests/reference, from model.md and not from the rule"
