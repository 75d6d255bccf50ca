"""The page's charts as SVG: numbers in, markup out.

Lengths are in the units of the chart's own view box, about a pixel each. Colours are the style
sheet's, by the class of the system (`styles`).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TypeAlias, get_args

from benchmarks.markup import Markup, join, number, tag
from benchmarks.schema import Axes, Point, QueueName, Stage, System

Place: TypeAlias = tuple[float, float]
"""x and y, from the left and from the top."""

_COLOURS = 6
"""How many the style sheet has for systems: .s0 to .s5."""
_LETTER = 0.56
"""Mean width of a letter over its size: what labels are kept apart by."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear map from `low..high` to `start..stop`."""

    low: float
    high: float
    start: float
    stop: float

    def __call__(self, value: float) -> float:
        """Return where a value lies; the middle, if the scale has no length."""
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return self.start + share * (self.stop - self.start)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle that a label or a mark takes up."""

    left: float
    top: float
    right: float
    bottom: float

    def shared(self, other: "Box") -> float:
        """Return the area of the overlap."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, width) * max(0.0, height)


def ticks(low: float, high: float, most: int) -> list[float]:
    """Return at most so many round values within `low..high`: multiples of 1, 2 or 5 · 10^n."""
    if high <= low or most < 1:
        return [low]
    step = 10.0 ** math.floor(math.log10((high - low) / most))
    for factor in (1, 2, 5, 10, 20):
        first = math.ceil(low / (step * factor) - 1e-9)
        last = math.floor(high / (step * factor) + 1e-9)
        if last - first < most:
            return [index * step * factor for index in range(first, last + 1)]
    return [low]


def styles(systems: Sequence[System], points: Sequence[Point] = ()) -> dict[str, str]:
    """Return each system's class: `reference` for what is to be reached, else a colour."""
    references = {system["name"] for system in systems if system["reference"]}
    names = dict.fromkeys(
        [system["name"] for system in systems] + [point["system"] for point in points]
    )
    coloured = [name for name in names if name not in references]
    found = {name: f"s{index % _COLOURS}" for index, name in enumerate(coloured)}
    return found | dict.fromkeys(references, "reference")


def plot(
    points: Sequence[Point],
    axes: Axes,
    classes: Mapping[str, str],
    to_reach: Mapping[str, float],
    *,
    width: float,
    height: float,
) -> Markup:
    """Draw latency against quality: a mark per point, a line per system, one per aim.

    `to_reach` has the quality of each reference system, drawn as a horizontal line.
    """
    left, right, top, bottom = 46.0, width - 14, 30.0, height - 44
    latencies = [point["latency_s"] for point in points]
    qualities = [point["quality"] for point in points] + list(to_reach.values())
    low, high = min(qualities, default=0.0), max(qualities, default=1.0)
    margin = 0.18 * (high - low) or 1.0
    x = Scale(0.0, 1.12 * max([*latencies, 0.1]), left, right)
    y = Scale(low - margin, high + margin, bottom, top)

    parts = [
        *(
            join(
                tag("line", x1=x(value), x2=x(value), y1=bottom, y2=bottom + 5, class_="axis"),
                tag("text", number(value), x=x(value), y=bottom + 19, class_="tick x"),
            )
            for value in ticks(x.low, x.high, int(width / 70))
        ),
        _horizontal(y, left, right, 6),
        tag("line", x1=left, x2=right, y1=bottom, y2=bottom, class_="axis"),
        tag("text", f"↑ {axes['quality']}", x=0, y=14, class_="name"),
        tag("text", f"{axes['latency']} →", x=right, y=height - 6, class_="name end"),
    ]
    bounds = Box(left, top - 12, width, bottom)
    by_system = sorted(points, key=lambda point: (point["system"], point["latency_s"]))
    groups = [
        (name, [(point, (x(point["latency_s"]), y(point["quality"]))) for point in group])
        for name, group in groupby(by_system, key=lambda point: point["system"])
    ]
    # What labels are to stay clear of: marks, the lines between them, and the aims.
    taken = [Box(left, y(aim) - 1, right, y(aim) + 1) for aim in to_reach.values()]
    for _, own in groups:
        taken += [_around(*place, 7) for _, place in own]
        for (_, begin), (_, end) in pairwise(own):
            taken += [_around(*place, 3) for place in _along(begin, end)]
    marks: list[str] = []
    for name, quality in to_reach.items():
        line = tag("line", x1=left, x2=right, y1=y(quality), y2=y(quality), class_="reach")
        text = f"{name}: {quality:.1f} to reach"
        box = _free_box([(right, y(quality) - 11, 1), (right, y(quality) + 12, 1)], text, 12, taken)
        taken.append(box)
        marks += [line, tag("text", text, x=box.right, y=box.bottom - 4, class_="reach-name end")]
    for name, own in groups:
        path = _path([place for _, place in own])
        shapes: list[str] = [tag("path", d=path, class_="path")] if len(own) > 1 else []
        for index, (point, (cx, cy)) in enumerate(own):
            tip = (
                f"{name}, {point['setting']}\n{axes['quality']} {point['quality']:.2f}\n"
                f"{axes['latency']}: {point['latency_s']:.2f}"
            )
            shapes.append(tag("circle", tag("title", tip), cx=cx, cy=cy, r=5.5))
            # An aim's line bears its name already.
            named = index == len(own) - 1 and name not in to_reach
            for text, style, size in (
                *([(name, "system", 14.0)] if named else []),
                (point["setting"], "setting", 12.0),
            ):
                box = _free_box(_beside(cx, cy), text, size, taken, bounds)
                taken.append(box)
                shapes.append(
                    tag("text", text, x=box.left, y=box.bottom - 0.3 * size, class_=style)
                )
        marks.append(tag("g", *shapes, class_=classes[name], data_system=name))
    return tag(
        "svg",
        *parts,
        *marks,
        viewBox=f"0 0 {number(width)} {number(height)}",
        class_="plot",
        role="img",
        aria_label=f"{axes['quality']} over {axes['latency']}: "
        + "; ".join(
            f"{point['system']}, {point['setting']}: {point['quality']:.1f} at "
            f"{point['latency_s']:.1f} s"
            for point in by_system
        ),
    )


def lag_chart(lags: Sequence[Sequence[float]], end_s: float, most_s: float) -> Markup:
    """Draw how far the output was behind, over the source's time; both scales given."""
    width, height, left = 320.0, 104.0, 26.0
    x, y = Scale(0, end_s, left, width - 4), Scale(0, most_s, height - 18, 8)
    lags_s = [lag_s for _, lag_s in lags]
    places = [(x(moment_s), y(lag_s)) for moment_s, lag_s in lags]
    dots = [
        tag("circle", tag("title", f"{lag_s:.2f} s behind at {moment_s:.1f} s"), cx=cx, cy=cy, r=2)
        for (moment_s, lag_s), (cx, cy) in zip(lags, places, strict=True)
    ]
    return _small(
        _horizontal(y, left, width - 4, 3, " s"),
        _moments(x, height),
        tag("path", d=_path(places), class_="path") if places else None,
        *dots,
        height=height,
        label="Seconds behind the speaker: "
        + (f"{min(lags_s):.1f} to {max(lags_s):.1f}" if lags_s else "none"),
    )


def depth_chart(depths: Sequence[Sequence[float]], end_s: float, tops: Sequence[float]) -> Markup:
    """Draw how many messages waited in each queue: a band per queue, up to its top."""
    width, left, band, gap = 320.0, 26.0, 30.0, 20.0
    names: tuple[QueueName, ...] = get_args(QueueName)
    height = len(names) * (band + gap) + 20
    x = Scale(0, end_s, left, width - 4)
    parts: list[str] = []
    for index, (name, top) in enumerate(zip(names, tops, strict=True)):
        series = [(row[0], row[index + 1]) for row in depths]
        most = max((depth for _, depth in series), default=0.0)
        base = (index + 1) * (band + gap)
        y = Scale(0, max(top, 1.0), base, base - band)
        parts += [
            tag("line", x1=left, x2=width - 4, y1=base, y2=base, class_="axis"),
            tag("text", number(y.high), x=left - 5, y=base - band + 8, class_="tick y"),
            tag("text", name, x=left, y=base - band - 4),
            tag("text", f"at most {number(most)}", x=width - 4, y=base - band - 4, class_="end"),
        ]
        if series:
            parts.append(tag("path", d=_steps(series, x, y), class_="area"))
    return _small(
        *parts,
        _moments(x, height),
        height=height,
        label="Messages waiting in the queues " + ", ".join(names),
    )


def stage_bar(stage: Stage, most_ms: float) -> Markup:
    """Draw one stage's p50 and p95 on a scale that ends at `most_ms`."""
    x = Scale(0, most_ms, 0, 100)
    p50, p95 = (x(value) if most_ms > 0 else 0.0 for value in (stage["p50_ms"], stage["p95_ms"]))
    return tag(
        "svg",
        tag("rect", x=0, y=4, width=p95, height=6, class_="p95"),
        tag("rect", x=0, y=1, width=p50, height=12, class_="p50"),
        viewBox="0 0 100 14",
        preserveAspectRatio="none",
        class_="stage-bar",
        aria_hidden="true",
    )


def _small(*parts: str | None, height: float, label: str) -> Markup:
    view = f"0 0 320 {number(height)}"
    return tag("svg", *parts, viewBox=view, class_="small", role="img", aria_label=label)


def _moments(x: Scale, height: float) -> Markup:
    return join(
        *(
            tag("text", f"{number(value)} s", x=x(value), y=height - 3, class_="tick x")
            for value in ticks(x.low, x.high, 5)
            if x.start < x(value) < x.stop - 8
        )
    )


def _horizontal(y: Scale, left: float, right: float, most: int, unit: str = "") -> Markup:
    return join(
        *(
            join(
                tag("line", x1=left, x2=right, y1=y(value), y2=y(value), class_="grid"),
                tag("text", number(value) + unit, x=left - 5, y=y(value) + 4, class_="tick y"),
            )
            for value in ticks(y.low, y.high, most)
        )
    )


def _path(places: Sequence[Place]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in places)


def _steps(series: Sequence[Place], x: Scale, y: Scale) -> str:
    """Outline an area whose height holds from each moment until the next."""
    corners = [
        (x(moment_s), y(depth))
        for (begin_s, depth), (end_s, _) in pairwise(series)
        for moment_s in (begin_s, end_s)
    ]
    (first_s, _), (last_s, _) = series[0], series[-1]
    return _path([(x(first_s), y(0)), *corners, (x(last_s), y(0))]) + "Z"


def _around(x: float, y: float, radius: float) -> Box:
    return Box(x - radius, y - radius, x + radius, y + radius)


def _along(begin: Place, end: Place) -> list[Place]:
    """Return places every few units of a line."""
    count = math.ceil(math.dist(begin, end) / 6)
    return [
        (
            begin[0] + (end[0] - begin[0]) * step / count,
            begin[1] + (end[1] - begin[1]) * step / count,
        )
        for step in range(1, count)
    ]


def _beside(x: float, y: float) -> list[tuple[float, float, int]]:
    """Return where a mark's label may be: the middle of its edge, and on which side it is."""
    return [
        (x + 10, y, -1),
        (x - 10, y, 1),
        (x, y - 16, 0),
        (x, y + 17, 0),
        (x + 8, y - 15, -1),
        (x + 8, y + 16, -1),
        (x - 8, y - 15, 1),
        (x - 8, y + 16, 1),
        (x, y - 32, 0),
        (x, y + 33, 0),
    ]


def _free_box(
    places: Sequence[tuple[float, float, int]],
    text: str,
    size: float,
    taken: Sequence[Box],
    bounds: Box | None = None,
) -> Box:
    """Return the label's box at the first of the places that is free, else the freest."""
    width, height = _LETTER * size * len(text), 1.2 * size
    boxes = [
        Box(x - width * (side + 1) / 2, y - height / 2, x + width * (1 - side) / 2, y + height / 2)
        for x, y, side in places
    ]

    def crowding(box: Box) -> float:
        outside = width * height - box.shared(bounds) if bounds else 0.0
        return outside + sum(box.shared(other) for other in taken)

    return min(boxes, key=crowding)
