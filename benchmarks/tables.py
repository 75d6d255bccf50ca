"""The page's tables: stages, queues, metrics, and the sentences that fared worst."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar, get_args

from benchmarks.charts import stage_bar
from benchmarks.markup import Markup, join, tag
from benchmarks.schema import (
    METRICS,
    Metric,
    QueueName,
    Recording,
    Sentence,
    StageName,
    System,
    known,
    title,
)

_Case = tuple[Recording, Sentence]
Name = TypeVar("Name", bound=str)
WORST = 10
"""How many sentences are shown of each kind."""


def stages(systems: Sequence[System], classes: Mapping[str, str]) -> Markup | None:
    """Return how long the steps of each stage took; None if nothing was timed."""
    timed = [stage for system in systems for stage in system["stages"].values()]
    most_ms = max((stage["p95_ms"] for stage in timed), default=0.0)

    def cells(system: System, name: StageName) -> list[Markup]:
        stage = system["stages"].get(name)
        if stage is None:
            return []
        return [
            tag("td", stage_bar(stage, most_ms), class_="wide"),
            _number(f"{stage['p50_ms']:,.0f} ms"),
            _number(f"{stage['p95_ms']:,.0f} ms"),
            _number(f"{stage['max_ms']:,.0f} ms"),
            _number(f"{stage['busy_fraction']:.0%}"),
            _number(f"{stage['count']:,}"),
        ]

    head = ["stage", "", f"to {most_ms:,.0f} ms", "p50", "p95", "longest", "busy", "messages"]
    rows = _by_name(get_args(StageName), systems, classes, cells)
    return _table("stage-times", head, rows) if rows else None


def queues(systems: Sequence[System], classes: Mapping[str, str]) -> Markup | None:
    """Return how full the queues were; None if there are none."""

    def cells(system: System, name: QueueName) -> list[Markup]:
        queue = system["queues"].get(name)
        if queue is None:
            return []
        return [
            _number(f"{queue['high_water']} of {queue['capacity']}"),
            _number(f"{queue['blocked_s']:.1f} s"),
        ]

    rows = _by_name(get_args(QueueName), systems, classes, cells)
    return _table("queues", ["queue", "", "fullest", "writer waited"], rows) if rows else None


def metrics(systems: Sequence[System], classes: Mapping[str, str]) -> Markup:
    """Return every metric of every system, the best values marked."""
    head = [
        tag("span", system["name"], " ", tag("small", system["setting"]), class_="who")
        for system in systems
    ]
    bodies = [
        tag(
            "tbody",
            tag("tr", tag("th", group, scope="rowgroup", colspan=str(len(systems) + 1))),
            *(_metric(metric, systems) for metric in METRICS if metric.group == group),
        )
        for group in dict.fromkeys(metric.group for metric in METRICS)
    ]
    columns = [classes[system["name"]] for system in systems]
    return _table("metric-table", ["", *head], bodies, ["", *columns])


def worst(system: System) -> Markup:
    """Return a system's sentences of lowest score and of greatest end offset."""
    cases = [
        (recording, sentence)
        for recording in system["recordings"]
        for sentence in recording["sentences"]
    ]
    return tag(
        "div",
        _cases("Lowest score", cases, lambda sentence: sentence["score"]),
        _cases("Latest", cases, lambda sentence: _negative(sentence["end_offset_s"])),
        class_="columns",
    )


def _by_name(
    names: Sequence[Name],
    systems: Sequence[System],
    classes: Mapping[str, str],
    cells: Callable[[System, Name], Sequence[Markup]],
) -> list[Markup]:
    """Return a row for each system that has cells under a name, the name before the first."""
    rows: list[Markup] = []
    for name in names:
        filled = [(system, own) for system in systems if (own := cells(system, name))]
        for index, (system, own) in enumerate(filled):
            first = index == 0
            rows.append(
                tag(
                    "tr",
                    tag("th", name, scope="rowgroup", rowspan=len(filled)) if first else None,
                    tag("td", title(system, systems), class_="who"),
                    *own,
                    class_=classes[system["name"]] + ("" if first else " again"),
                )
            )
    return rows


def _metric(metric: Metric, systems: Sequence[System]) -> Markup:
    values = [known(system["metrics"], metric.key) for system in systems]
    winners = metric.best(values)
    cells = [
        tag(
            "td",
            tag("b", metric.text(value)) if index in winners else metric.text(value),
            _range(metric, system["recordings"]),
            class_="number",
        )
        for index, (system, value) in enumerate(zip(systems, values, strict=True))
    ]
    tip = "\n".join(part for part in (metric.meaning, metric.source) if part)
    way, better = {
        "lower": ("↓", "Lower is better."),
        "higher": ("↑", "Higher is better."),
        "zero": ("→0", "Nearer to 0 is better."),
    }[metric.better]
    name = tag("dfn", metric.label, title=f"{tip}\n{better}", tabindex="0")
    label = tag("th", name, " ", tag("small", f"{metric.unit} {way}".strip()), scope="row")
    return tag("tr", label, *cells, data_metric=metric.key)


def _range(metric: Metric, recordings: Sequence[Recording]) -> Markup | None:
    """Return the least and greatest value over recordings, if they read differently."""
    values = [
        value
        for recording in recordings
        if (value := known(recording["metrics"], metric.key)) is not None
    ]
    if not values or metric.text(min(values)) == metric.text(max(values)):
        return None
    return tag("small", f"{metric.text(min(values))} to {metric.text(max(values))}")


def _cases(
    heading: str, cases: Sequence[_Case], rank: Callable[[Sentence], float | None]
) -> Markup:
    ranked = [
        (value, index) for index, case in enumerate(cases) if (value := rank(case[1])) is not None
    ]
    chosen = [cases[index] for _, index in sorted(ranked)[:WORST]]
    items = [_case(*case) for case in chosen]
    listed = tag("ol", *items) if items else tag("p", "None to show.", class_="note")
    return tag("div", tag("h3", heading), listed, class_="cases")


def _case(recording: Recording, sentence: Sentence) -> Markup:
    score, late_s = sentence["score"], sentence["end_offset_s"]
    facts = [
        f"{recording['id']}, {sentence['start_s']:.1f} to {sentence['end_s']:.1f} s",
        None if score is None else f"score {score:.2f}" if score <= 1 else f"score {score:.1f}",
        None if late_s is None else f"{late_s:.1f} s late",
    ]
    reference, hypothesis = sentence["reference"], sentence["hypothesis"]
    audio = sentence["audio"] or ""
    return tag(
        "li",
        tag("p", " · ".join(fact for fact in facts if fact), class_="facts"),
        tag(
            "dl",
            *(tag("dt", "said"), tag("dd", sentence["source"])),
            *((tag("dt", "wanted"), tag("dd", reference)) if reference else ()),
            *(tag("dt", "given"), tag("dd", _differences(reference, hypothesis))),
        ),
        # Anything but sound in the page itself would be a request to somewhere.
        tag(
            "audio",
            controls=True,
            preload="none",
            src=audio,
            aria_label=f"What was spoken: {hypothesis}",
        )
        if audio.startswith("data:audio/")
        else None,
    )


def _differences(reference: str | None, hypothesis: str) -> Markup:
    """Return the hypothesis, its words marked that the reference does not have there."""
    words = hypothesis.split()
    if not words:
        return tag("i", "nothing")
    if reference is None:
        return join(hypothesis)
    wanted, given = (
        [word.strip(".,;:!?¿¡…\"'“”()").lower() for word in text.split()]
        for text in (reference, hypothesis)
    )
    parts: list[str] = []
    blocks = difflib.SequenceMatcher(None, wanted, given, autojunk=False).get_opcodes()
    for kind, _, _, begin, end in blocks:
        if begin < end:
            text = " ".join(words[begin:end])
            parts += [text if kind == "equal" else tag("mark", text), " "]
    return join(*parts[:-1])


def _negative(value: float | None) -> float | None:
    return None if value is None else -value


def _number(text: str) -> Markup:
    return tag("td", text, class_="number")


def _table(
    name: str, head: Sequence[str], rows: Sequence[Markup], columns: Sequence[str] = ()
) -> Markup:
    """Return a table that scrolls within itself on a screen too narrow for it."""
    styles = list(columns) or [""] * len(head)
    heads = [
        tag("th", cell, scope="col", class_=style or None) if cell else tag("td")
        for cell, style in zip(head, styles, strict=True)
    ]
    table = tag("table", tag("thead", tag("tr", *heads)), *rows, class_=name)
    return tag("div", table, class_="scroll", tabindex="0", role="region", aria_label=name)
