"""The rules once more, slowly and plainly, straight from model.md §7–§9: the yardstick the engines are held to.

Nothing here uses the expression tree, its walkers or ``kernel.ages``; only facts and the pack's dated figures are read.
A value is True, False or None (cannot be told yet). A new rule with a code must be written here too.
"""

from .child import Child


def evaluate(facts, pack, on):
    """Rule name → value, for every rule with a code and every output of the table."""
    return Child(facts, pack, on).answers
