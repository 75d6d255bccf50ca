import re
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import charts
from benchmarks.charts import Box, Scale
from benchmarks.schema import Stage
from tests.benchmarks.html_tree import Node, flat, parse
from tests.benchmarks.report_example import example


def drawn_plot(width: float = 760, height: float = 440) -> Node:
    report = example()
    classes = charts.styles(report["systems"], report["points"])
    markup = charts.plot(
        report["points"], report["axes"], classes, {"complete": 23.5}, width=width, height=height
    )
    return parse(markup).one("svg")


def labelled_scale(svg: Node, side: str) -> Scale:
    """Return the scale that a reader takes from an axis's first and last label.

    Horizontally a label is at its value, vertically its grid line is.
    """
    values = [float(label.text.split()[0]) for label in svg.all("text", side)]
    places = (
        [label.number("x") for label in svg.all("text", "x")]
        if side == "x"
        else [line.number("y1") for line in svg.all("line", "grid")]
    )
    assert len(values) == len(places) > 1
    return Scale(values[0], values[-1], places[0], places[-1])


@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e4), st.integers(1, 12))
def test_ticks_are_round_even_and_no_more_than_asked(low: float, length: float, most: int) -> None:
    found = charts.ticks(low, low + length, most)
    assert len(found) <= most
    steps = [after - before for before, after in pairwise(found)]
    assert all(low - 1e-6 <= tick <= low + length + 1e-6 for tick in found)
    assert all(step == pytest.approx(steps[0], rel=1e-6) for step in steps)
    assert all(f"{step:.0e}"[0] in "125" for step in steps)


@pytest.mark.parametrize(
    ("low", "high", "most", "found"),
    [
        (0, 9.2, 10, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (15, 24, 5, [16, 18, 20, 22, 24]),
        (1, 1, 5, [1]),
    ],
)
def test_ticks_are_multiples_of_1_2_or_5(
    low: float, high: float, most: int, found: list[float]
) -> None:
    assert charts.ticks(low, high, most) == pytest.approx(found)


def test_a_reference_has_its_own_class_and_every_other_system_a_colour() -> None:
    report = example()
    stray = {**report["points"][0], "system": "another"}
    assert charts.styles(report["systems"], [*report["points"], stray]) == {  # type: ignore[list-item]
        "streaming": "s0",
        "windows": "s1",
        "another": "s2",
        "complete": "reference",
    }


@pytest.mark.parametrize("size", [(760, 440), (360, 400)])
def test_every_point_is_drawn_where_its_axes_say(size: tuple[float, float]) -> None:
    svg = drawn_plot(*size)
    x, y = labelled_scale(svg, "x"), labelled_scale(svg, "y")
    for name in ("streaming", "windows", "complete"):
        circles = svg.one("g", data_system=name).all("circle")
        points = sorted(
            (point["latency_s"], point["quality"])
            for point in example()["points"]
            if point["system"] == name
        )
        assert points
        assert flat((mark.number("cx"), mark.number("cy")) for mark in circles) == pytest.approx(
            flat((x(latency_s), y(quality)) for latency_s, quality in points), abs=0.1
        )


def test_the_points_of_a_system_are_joined_from_early_to_late() -> None:
    svg = drawn_plot()
    for name, count in (("streaming", 3), ("windows", 2)):
        group = svg.one("g", data_system=name)
        circles = [(node.number("cx"), node.number("cy")) for node in group.all("circle")]
        corners = re.findall(r"([\d.]+) ([\d.]+)", group.one("path").attributes["d"])
        assert [(float(cx), float(cy)) for cx, cy in corners] == circles
        assert circles == sorted(circles)
        assert len(circles) == count
    assert not svg.one("g", data_system="complete").all("path")


def test_the_aim_is_a_level_line_at_its_quality() -> None:
    svg = drawn_plot()
    line = svg.one("line", "reach")
    assert line.number("y1") == line.number("y2")
    assert line.number("y1") == pytest.approx(labelled_scale(svg, "y")(23.5), abs=0.1)
    assert svg.one("text", "reach-name").text == "complete: 23.5 to reach"


@pytest.mark.parametrize("size", [(760, 440), (360, 400)])
def test_labels_of_points_do_not_cover_one_another(size: tuple[float, float]) -> None:
    labels = [label for group in drawn_plot(*size).all("g") for label in group.all("text")]
    assert len(labels) == 8
    boxes = []
    for label in labels:
        letter, line = (7.8, 14) if "system" in label.classes else (6.7, 12)
        left, base = label.number("x"), label.number("y")
        boxes.append(Box(left, base - 0.8 * line, left + letter * len(label.text), base))
    assert all(one.shared(other) == 0 for one, other in combinations(boxes, 2))
    assert all(box.left >= 0 and box.right <= size[0] for box in boxes)


def test_a_plot_needs_neither_points_nor_aims() -> None:
    markup = charts.plot([], example()["axes"], {}, {}, width=760, height=440)
    assert not parse(markup).all("circle")


def test_lags_are_drawn_on_the_scales_given() -> None:
    lags = [(2.0, 3.0), (4.0, 3.5), (9.0, 8.0)]
    svg = parse(charts.lag_chart(lags, 20.0, 8.0)).one("svg")
    x, y = labelled_scale(svg, "x"), labelled_scale(svg, "y")
    dots = [(dot.number("cx"), dot.number("cy")) for dot in svg.all("circle")]
    assert flat(dots) == pytest.approx(flat((x(at), y(lag)) for at, lag in lags), abs=0.1)
    assert svg.attributes["aria-label"] == "Seconds behind the speaker: 3.0 to 8.0"
    assert not parse(charts.lag_chart([], 20.0, 1.0)).all("path")


def test_a_queue_keeps_its_depth_until_the_next_sample() -> None:
    depths = [(0.0, 0, 0, 0), (5.0, 4, 0, 0), (10.0, 2, 1, 0)]
    svg = parse(charts.depth_chart(depths, 20.0, [4, 1, 0])).one("svg")
    speech, *others = svg.all("path", "area")
    corners = [
        tuple(map(float, pair)) for pair in re.findall(r"([\d.]+) ([\d.]+)", speech.attributes["d"])
    ]
    x = labelled_scale(svg, "x")
    base, top = corners[0][1], min(y for _, y in corners)
    assert flat((at, (base - y) / (base - top)) for at, y in corners) == pytest.approx(
        flat((x(at), share) for at, share in ((0, 0), (0, 0), (5, 0), (5, 1), (10, 1), (10, 0))),
        abs=0.1,
    )
    assert len(others) == 2
    assert [label.text for label in svg.all("text", "end")] == [
        "at most 4",
        "at most 1",
        "at most 0",
    ]


@pytest.mark.parametrize(("most_ms", "p50", "p95"), [(800.0, 25.0, 75.0), (0.0, 0.0, 0.0)])
def test_a_stage_bar_is_its_share_of_the_scale(most_ms: float, p50: float, p95: float) -> None:
    stage: Stage = {
        "count": 3,
        "p50_ms": 200.0,
        "p95_ms": 600.0,
        "max_ms": 900.0,
        "busy_fraction": 0.5,
    }
    svg = parse(charts.stage_bar(stage, most_ms))
    assert svg.one("rect", "p50").number("width") == p50
    assert svg.one("rect", "p95").number("width") == p95
