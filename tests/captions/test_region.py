"""Rows at the bottom of a terminal, seen through a terminal emulator."""

import io
import re

import pytest
from rich.text import Text

from live_translator.captions.region import Region, is_suitable, size_of
from tests.captions.screen import Screen


def region(screen: Screen) -> Region:
    return Region(screen.stream, size=lambda: size_of(screen.stream))


def rows(*texts: str) -> list[Text]:
    return [Text(text, end="") for text in texts]


def test_the_region_is_redrawn_in_place_and_history_scrolls_above_it() -> None:
    with Screen(30, 6) as screen:
        place = region(screen)
        place.draw([], rows("a", "status 1"))
        place.draw([], rows("a b", "c", "status 2"))
        screen.take()
        assert screen.rows == ["a b", "c", "status 2"]
        place.draw(rows("a b", "c"), rows("status 3"))
        place.draw([], rows("status 4"))
        screen.take()
        assert screen.rows == ["a b", "c", "status 4"]
        place.draw(rows(*"123456"), rows("x", "status 5"))
        screen.take()
        assert screen.everything == ["a b", "c", *"123456", "x", "status 5"]
        assert screen.rows == [*"3456", "x", "status 5"]


def test_closing_erases_the_region_and_gives_the_cursor_back() -> None:
    with Screen(30, 6) as screen:
        place = region(screen)
        place.draw([], rows("text", "status"))
        screen.take()
        assert screen.cursor == (0, 0, False)
        place.close(rows("the end"))
        place.close()
        screen.take()
        assert screen.rows == ["the end"]
        assert screen.cursor == (1, 0, True)
        assert screen.wraps


def test_nothing_is_written_where_nothing_was_drawn_or_changed() -> None:
    with Screen() as screen:
        place = region(screen)
        place.close()
        screen.take()
        assert screen.received == b""
        place.draw([], rows("status"))
        screen.take()
        written = len(screen.received)
        place.draw([], rows("status"))
        screen.take()
        assert len(screen.received) == written


def test_a_frame_erases_nothing_before_it_is_drawn_over() -> None:
    with Screen() as screen:
        place = region(screen)
        place.draw([], rows("one", "two"))
        screen.take()
        before = len(screen.received)
        place.draw([], rows("one", "2"))
        screen.take()
        frame = screen.received[before:].decode()
        assert frame.index("one") < frame.index("\x1b[K")
        assert frame.index("2\x1b[J") > 0
        assert not {"\x1b[2J", "\x1b[2K", "\x1b[1J"} & set(re.findall(r"\x1b\[\d?[JK]", frame))


def test_a_row_that_the_terminal_finds_wider_than_we_do_breaks_nothing() -> None:
    with Screen(20, 6) as screen:
        place = region(screen)
        for turn in range(3):
            place.draw([], rows("x" * 50, f"status {turn}"))
        screen.take()
        assert screen.everything[1:] == ["status 2"]
        place.draw(rows("y" * 50), rows("status 3"))
        screen.take()
        assert screen.everything == ["y" * 20, "status 3"]


@pytest.mark.parametrize(("columns", "lines"), [(20, 8), (60, 8), (40, 4), (40, 12), (20, 4)])
def test_a_change_of_size_is_survived(columns: int, lines: int) -> None:
    with Screen(40, 8) as screen:
        place = region(screen)
        place.draw(rows(*"abcdef"), rows("one", "two", "status 1"))
        screen.take()
        screen.resize(columns, lines)
        place.draw([], rows("one", "two", "status 2"))
        screen.take()
        assert screen.everything == [*"abcdef", "one", "two", "status 2"]
        place.draw(rows("one", "two"), rows("status 3"))
        screen.take()
        assert screen.everything == [*"abcdef", "one", "two", "status 3"]


def test_a_region_that_no_longer_fits_leaves_what_was_above_it_alone() -> None:
    with Screen(40, 8) as screen:
        place = region(screen)
        place.draw(rows("a", "b"), rows("one", "two", "three", "four", "status 1"))
        screen.take()
        screen.resize(40, 3)
        place.draw([], rows("four", "status 2"))
        screen.take()
        assert screen.everything == ["a", "b", "four", "status 2"]


def test_what_can_show_captions() -> None:
    with Screen(33, 7) as screen:
        assert is_suitable(screen.stream, {"TERM": "xterm"})
        assert not is_suitable(screen.stream, {"TERM": "dumb"})
        assert not is_suitable(screen.stream, {})
        assert size_of(screen.stream) == (33, 7)
    assert not is_suitable(io.StringIO(), {"TERM": "xterm"})
    assert size_of(io.StringIO()) == (80, 24)
