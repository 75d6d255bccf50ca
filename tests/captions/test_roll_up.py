"""The newest lines of a growing text, as live television shows them."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from live_translator.captions.roll_up import RollUp


def lines_of(*texts: tuple[str, int], columns: int = 12, lines: int = 2) -> str:
    roll = RollUp(columns=columns, lines=lines, clear_after_s=6)
    for text, utterance in texts:
        roll.add(text, utterance, 0.0)
    return roll.text


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        ([], "\n"),
        ([("", 0)], "\n"),
        ([("Hola", 0)], "Hola\n"),
        ([("Hola", 0), ("a todos.", 0)], "Hola a\ntodos.\n"),
        ([("Hola a todos los que", 0), ("oyen.", 0)], "los que\noyen.\n"),
        ([("Hola.", 0), ("Adiós.", 1)], "Hola.\nAdiós.\n"),
        ([("Uno.", 0), ("Dos.", 1), ("Tres.", 2)], "Dos.\nTres.\n"),
        ([("Donaudampfschifffahrt", 0)], "Donaudampfsc\nhifffahrt\n"),
        ([("一二三四五六七八九", 0)], "一二三四五六\n七八九\n"),
        ([("a\x1b[2Jb\nc", 0)], "a[2Jb c\n"),
    ],
)
def test_lines(texts: list[tuple[str, int]], shown: str) -> None:
    assert lines_of(*texts) == shown


@given(
    st.lists(st.tuples(st.text("ab é年", max_size=30), st.booleans()), max_size=20),
    st.integers(8, 42),
    st.integers(1, 4),
)
def test_lines_fit_and_a_word_once_shown_never_moves_within_its_line(
    pieces: list[tuple[str, bool]], columns: int, lines: int
) -> None:
    roll = RollUp(columns=columns, lines=lines, clear_after_s=6)
    utterance = 0
    seen = [roll.text.splitlines()]
    for text, new in pieces:
        utterance += new
        roll.add(text, utterance, 0.0)
        seen.append(roll.text.splitlines())
        assert len(seen[-1]) <= lines
        assert all(cell_len(line) <= columns for line in seen[-1])
    for before, after in itertools.pairwise(seen):
        # The last line only grew, or rolled up, or is gone after a long text.
        last = before[-1]
        assert any(line.startswith(last) for line in after) or len(after) == lines


def test_lines_go_after_some_time_without_words_and_come_again() -> None:
    roll = RollUp(columns=42, lines=2, clear_after_s=6)
    assert not roll.expire(100)
    assert roll.add("Hola", 0, 10.0)
    assert roll.add("a todos", 0, 13.0)
    assert not roll.add(" ", 0, 18.0)
    assert not roll.expire(18.9)
    assert roll.expire(19.0)
    assert roll.text == "\n"
    assert not roll.expire(30.0)
    roll.add("y más", 0, 31.0)
    assert roll.text == "y más\n"
