"""Small numbers are withheld so that no sum gives them away (WX-06; R-46)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.kernel.withholding import Key, withheld

SMALL = 5


@settings(max_examples=200, deadline=None)
@given(
    grid=st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=2, max_size=5),
)
def test_no_line_lets_a_single_withheld_number_be_worked_out(grid: list[list[int]]) -> None:
    """In every row and column with its total, a withheld number is never the only one that is not shown."""
    rows = [[*line, sum(line)] for line in grid]
    rows.append([sum(column) for column in zip(*rows, strict=True)])
    values: dict[Key, int] = {
        (str(i), str(j)): number for i, line in enumerate(rows) for j, number in enumerate(line)
    }
    lines: list[list[Key]] = [[(str(i), str(j)) for j in range(4)] for i in range(len(rows))]
    lines += [[(str(i), str(j)) for i in range(len(rows))] for j in range(4)]
    hidden = withheld(values, lines, SMALL)
    assert all(key in hidden for key, number in values.items() if 0 < number < SMALL)
    for line in lines:
        gone = [key for key in line if key in hidden]
        assert len(gone) != 1 or not any(values[key] for key in line if key not in hidden)


def test_enough_is_shown_as_it_is() -> None:
    values: dict[Key, int] = {("a",): 7, ("b",): 0, ("sum",): 7}
    assert withheld(values, [[("a",), ("b",), ("sum",)]], SMALL) == set()
