"""The line under the captions."""

from dataclasses import replace

import pytest

from live_translator.captions.status_line import status_line
from live_translator.status import Speaking, Status

STATUS = Status(
    way="en → es",
    level_dbfs=-30.0,
    speaking="both",
    lag_s=2.34,
    behind_s=1.25,
    queues={"speech": 12, "transcripts": 0, "translations": 1},
)


def test_everything_is_said_where_there_is_room() -> None:
    line = status_line(replace(STATUS, paused=True, muted=True), 120).plain
    for part in ("en → es", "both", "█████░░░░░", "2.3 s", "1.2 s to say", "12/0/1"):
        assert part in line
    assert line.endswith("PAUSED   MUTED")


def test_before_anything_was_heard_nothing_is_claimed() -> None:
    line = status_line(Status(way="en → es"), 120).plain
    assert "░" * 10 in line
    assert "silence" in line
    assert "lag    - s" in line


@pytest.mark.parametrize("width", range(1, 130))
def test_the_line_never_is_wider_than_the_terminal(width: int) -> None:
    line = status_line(replace(STATUS, muted=True), width)
    assert line.cell_len <= width
    assert "\n" not in line.plain


def test_what_matters_most_goes_last() -> None:
    lost = []
    muted = replace(STATUS, muted=True)
    parts = {"queues": "12/0/1", "meter": "█", "to say": "to say", "lag": "2.3", "who": "both",
             "languages": "en → es", "muted": "MUTED"}  # fmt: skip
    for width in range(110, 5, -1):
        line = status_line(muted, width).plain
        lost += [name for name, part in parts.items() if part not in line and name not in lost]
    assert lost == ["queues", "to say", "meter", "lag", "who", "languages"]


@pytest.mark.parametrize("speaking", ["them", "us", "both", None])
def test_who_speaks_moves_nothing_else(speaking: Speaking) -> None:
    line = status_line(replace(STATUS, speaking=speaking), 110).plain
    assert line.index("█") == status_line(STATUS, 110).plain.index("█")


@pytest.mark.parametrize(
    ("level_dbfs", "filled", "style"),
    [(None, 0, "green"), (-100.0, 0, "green"), (-60.0, 0, "green"), (-30.0, 5, "green"),
     (-11.0, 8, "yellow"), (-2.0, 10, "red"), (0.0, 10, "red"), (3.0, 10, "red")],
)  # fmt: skip
def test_the_meter_shows_sixty_decibels(level_dbfs: float | None, filled: int, style: str) -> None:
    line = status_line(replace(STATUS, level_dbfs=level_dbfs), 110)
    assert line.plain.count("█") == filled
    assert line.plain.count("░") == 10 - filled
    if filled:
        at = line.plain.index("█")
        assert style in {str(span.style) for span in line.spans if span.start <= at < span.end}
