"""The animated picture of a terminal, from screens that a test can write down."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pyte
import pytest

from benchmarks.terminal_picture import DimScreen, Frame, Run, drawn, runs_on, trimmed

PLAIN = ("default", False, False, False)
SVG = "{http://www.w3.org/2000/svg}"


def screen_of(text: str) -> pyte.Screen:
    screen = DimScreen(20, 3)
    pyte.Stream(screen).feed(text)
    return screen


def shown_at(svg: str, moment_s: float) -> Iterator[str]:
    """Play the picture: the texts that are visible at a moment."""
    for group in ET.fromstring(svg).iter(f"{SVG}g"):  # noqa: S314 - our own file
        values, times = ["visible"], [0.0]
        for animation in group.iter(f"{SVG}animate"):
            end_s = float(animation.attrib["dur"].removesuffix("s"))
            times = [float(part) * end_s for part in animation.attrib["keyTimes"].split(";")]
            values = animation.attrib["values"].split(";")
            assert times == sorted(times)
            assert times[0] == 0
            assert len(times) == len(values)
        if [value for time_s, value in zip(times, values, strict=True) if time_s <= moment_s][
            -1
        ] == "visible":
            yield "".join(group.itertext())


def test_a_screen_is_runs_of_letters_of_one_style() -> None:
    faint = ("black", False, True, False)
    assert runs_on(screen_of("one two  three\r\n\x1b[2;3mfaint\x1b[0m")) == {
        Run(0, 0, "one two", PLAIN),
        Run(0, 9, "three", PLAIN),
        Run(1, 0, "faint", faint),
    }


def test_each_text_is_to_be_seen_when_it_was_on_the_screen() -> None:
    def frame(at_s: float, *texts: str) -> Frame:
        return at_s, frozenset(Run(row, 0, text, PLAIN) for row, text in enumerate(texts))

    frames = [frame(0, "$ a < b"), frame(1, "$ a < b", "x"), frame(2, "$ a < b", "y"),
              frame(3, "$ a < b", "x")]  # fmt: skip
    svg = drawn(frames, still_s=2.5)
    assert svg.count("http") == 1, "its own namespace and nothing from outside"
    assert "<script" not in svg
    for moment_s, second in ((0.5, None), (1.5, "x"), (2.5, "y"), (3.5, "x"), (7.9, "x")):
        assert list(shown_at(svg, moment_s)) == ["$ a < b", *([second] if second else [])]
    still = {"".join(group.itertext()) for group in ET.fromstring(svg).iter(f"{SVG}g")  # noqa: S314
             if group.attrib["visibility"] == "visible"}  # fmt: skip
    assert still == {"$ a < b", "y"}


@pytest.mark.parametrize(("first", "start_s"), [(4, 3.0), (0, 0.0)])
def test_waiting_for_the_first_caption_is_cut(first: int, start_s: float) -> None:
    rows = [Run(row, 0, "x", PLAIN) for row in range(3)]
    frames = [(float(at), frozenset(rows if at >= first else rows[:1])) for at in range(8)]
    cut = trimmed(frames)
    assert cut[0] == (0.0, frames[int(start_s)][1])
    assert cut[-1][0] == 7.0 - start_s
