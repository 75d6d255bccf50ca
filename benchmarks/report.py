"""A benchmark's report as one page: numbers in, a single HTML file out.

    python -m benchmarks.report report.json

writes `report.html` beside it. The page asks nothing of any other file or machine, and its
Content-Security-Policy forbids it to.
"""

import argparse
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import charts, schema, tables, timeline
from benchmarks.markup import Markup, join, tag
from benchmarks.schema import BY_KEY, MetricKey, Metrics, Recording, Report, System, known, title

_HERE = Path(__file__).parent
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "img-src data:; media-src data:"
)
_LATENESS: tuple[MetricKey, ...] = (
    "stream_laal_ca_s",
    "laal_ca_s",
    "stream_laal_s",
    "laal_s",
    "end_offset_p50_s",
    "commit_lag_ca_s",
    "commit_lag_s",
)
"""What says how late a system is; the first that is known."""
_QUALITY: tuple[MetricKey, ...] = ("bleu", "chrf", "asr_bleu", "wer")


def page(report: Report) -> str:
    """Return the report as a complete HTML document."""
    systems, tested = report["systems"], _tested(report)
    classes = charts.styles(systems, report["points"])
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("link", rel="icon", href="data:,"),
        tag("title", f"live-translate: {report['set']['name']}"),
        tag("style", (_HERE / "page.css").read_text(encoding="utf-8"), raw=True),
    )
    main = tag(
        "main",
        _opening(report),
        _section(
            "plane",
            "What waiting buys",
            "One mark for each system and setting: up is better, left is sooner. The dashed line "
            "is the quality of what may take its time.",
            _plane(report, classes),
        ),
        _section(
            "talk",
            "One talk, moment by moment",
            "What was said, when it was recognised, translated and spoken again, every system on "
            "the same clock. A slanted line is time passing; the flatter, the longer. Point at a "
            "word to follow it through, or walk with the arrow keys.",
            _talks(report, classes),
        ),
        _section(
            "stages",
            "Where the time goes",
            "How long a step took that gave something out. The thick bar is the median, the thin "
            "one the 95th percentile.",
            tables.stages(systems, classes),
            tables.queues(systems, classes),
        ),
        _section(
            "metrics",
            "Every number",
            "Point at a name for its formula and paper. The best value is bold, the arrow says "
            "which way that is, the small figures are the range over recordings, and a dash was "
            "not measured.",
            tables.metrics(systems, classes),
        ),
        _section(
            "worst",
            "Where it went wrong",
            f"Of {title(tested[0], systems)}, the {tables.WORST} sentences of the lowest score "
            f"and the {tables.WORST} that ended latest. Marked words are not in the reference."
            if tested
            else None,
            tables.worst(tested[0]) if tested else None,
        ),
        _section("making", "How this was made", None, _making(report)),
    )
    script = tag("script", (_HERE / "page.js").read_text(encoding="utf-8"), raw=True)
    return f"<!DOCTYPE html>\n{tag('html', head, tag('body', main, script), lang='en')}\n"


def verdict(report: Report) -> Markup:
    """Return what the numbers say, in a few sentences.

    The first system that is not the reference is described; the reference and the others, each
    at its first setting, get a sentence.
    """
    tested = _tested(report)
    aim = next((system for system in report["systems"] if system["reference"]), None)
    if not tested:
        return join("There is nothing to judge: no system was measured besides the reference.")
    first = tested[0]
    others = {system["name"]: system for system in reversed(tested[1:])}
    others.pop(first["name"], None)
    told = [
        _standing(first, aim, report, full=True),
        _sentence("Its voice", _voice(first["metrics"])),
        _sentence("It", _steadiness(first["metrics"])),
        aim and _standing(aim, None, report, full=False),
        *(_standing(other, aim, report, full=False) for other in reversed(others.values())),
    ]
    return join(*(part for sentence in told if sentence for part in (sentence, " ")))


def main(arguments: Sequence[str] | None = None) -> int:
    """Write report.html beside a report.json; return 2 where it cannot be read."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("report", type=Path, metavar="report.json")
    path: Path = parser.parse_args(arguments).report
    try:
        report = schema.read(path)
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    path.with_suffix(".html").write_text(page(report), encoding="utf-8")
    print(path.with_suffix(".html"))
    return 0


def _tested(report: Report) -> list[System]:
    """Return the systems that are not the reference; the first is what the page is about."""
    return [system for system in report["systems"] if not system["reference"]]


def _opening(report: Report) -> Markup:
    heard = report["set"]
    about = (
        f"{heard['name']}: {_plural(heard['recordings'], 'recording')}, {heard['seconds']:,.0f} s, "
        f"{heard['source']} to {heard['target']}"
    )
    return tag(
        "header",
        tag("p", "live-translate · benchmark · ", report["made_at"][:10], class_="eyebrow"),
        tag("h1", "How late, and how good"),
        tag("p", verdict(report), class_="verdict"),
        tag("p", about, class_="note"),
    )


def _standing(system: System, aim: System | None, report: Report, *, full: bool) -> Markup | None:
    """Say how late one system is, and how near to the aim."""
    lateness = quality = None
    late = _first_known(system["metrics"], _LATENESS)
    if late:
        seconds = tag("strong", f"{known(system['metrics'], late):.1f} s")
        label = f" ({BY_KEY[late].label})" if full else ""
        lateness = join(seconds, " behind the speaker", label)
    key = _compared(system, aim, report)
    if aim and key:
        metric = BY_KEY[key]
        own, theirs = (known(each["metrics"], key) or 0.0 for each in (system, aim))
        of = "times" if metric.better == "lower" else "of"
        numbers = f" ({metric.text(own)} against {metric.text(theirs)})" if full else ""
        whose = f"{aim['name']}’s {metric.label}"  # noqa: RUF001
        quality = join(tag("strong", f"{own / theirs:.2f}"), f" {of} {whose}{numbers}")
    parts = [part for part in (lateness, quality) if part]
    if not parts:
        return None
    verb = " is " if lateness else " has "
    voice = None if full else _sentence(", and its voice", _finished(system["metrics"]))
    return join(tag("strong", system["name"]), verb, join(*_between(parts, " at ")), voice or ".")


def _compared(system: System, aim: System | None, report: Report) -> MetricKey | None:
    """Return the quality to compare by: the plot's, if both have it, else another."""
    if aim is None:
        return None
    shared = [key for key in _qualities(report) if known(system["metrics"], key) is not None]
    return next((key for key in shared if known(aim["metrics"], key)), None)


def _qualities(report: Report) -> list[MetricKey]:
    """Return the metrics of quality, that of the plot first."""
    return sorted(_QUALITY, key=lambda key: BY_KEY[key].label != report["axes"]["quality"])


def _first_known(metrics: Metrics, keys: Sequence[MetricKey]) -> MetricKey | None:
    return next((key for key in keys if known(metrics, key) is not None), None)


def _voice(metrics: Metrics) -> list[str]:
    first = known(metrics, "first_audio_p50_s")
    heard = [] if first is None else [f"is first heard {first:.1f} s into the speech"]
    return heard + _finished(metrics)


def _finished(metrics: Metrics) -> list[str]:
    half, most = known(metrics, "end_offset_p50_s"), known(metrics, "end_offset_p95_s")
    if half is None:
        return []
    nearly_all = "" if most is None else f" (95 %: {most:.1f} s)"
    return [f"finishes half of the sentences within {half:.1f} s of their end{nearly_all}"]


def _steadiness(metrics: Metrics) -> list[str]:
    dropped, drift, cpu = (
        known(metrics, key) for key in ("dropped_audio_s", "drift_s_per_min", "cpu_s_per_s")
    )
    told = []
    if dropped is not None:
        told.append("loses no audio" if dropped == 0 else f"loses {dropped:.1f} s of audio")
    if drift is not None:
        way = "falls behind" if drift > 0 else "catches up"
        steady = abs(drift) < 0.1
        told.append("keeps its distance" if steady else f"{way} by {abs(drift):.1f} s a minute")
    if cpu is not None:
        told.append(f"takes {cpu:.2f} s of processor time per second of speech")
    return told


def _sentence(subject: str, told: Sequence[str]) -> str | None:
    """Return "subject a, b and c."; None of nothing."""
    if not told:
        return None
    *others, last = told
    return f"{subject} {', '.join(others)} and {last}." if others else f"{subject} {last}."


def _plane(report: Report, classes: Mapping[str, str]) -> Markup | None:
    if not report["points"]:
        return None
    aims = {
        system["name"]: quality
        for system in report["systems"]
        if system["reference"] and (quality := _reached(system, report)) is not None
    }
    return join(
        *(
            tag(
                "figure",
                charts.plot(
                    report["points"], report["axes"], classes, aims, width=width, height=height
                ),
                class_=name,
            )
            for name, width, height in (("wide", 760, 440), ("narrow", 360, 400))
        )
    )


def _reached(system: System, report: Report) -> float | None:
    """Return the best quality of a system: of its points, or as its metrics say."""
    qualities = [
        point["quality"] for point in report["points"] if point["system"] == system["name"]
    ]
    keys = [key for key in _QUALITY if BY_KEY[key].label == report["axes"]["quality"]]
    return max(qualities) if qualities else known(system["metrics"], keys[0]) if keys else None


def _talks(report: Report, classes: Mapping[str, str]) -> Markup | None:
    heard: dict[str, list[tuple[System, Recording]]] = {}
    for system in report["systems"]:
        for recording in system["recordings"]:
            heard.setdefault(recording["id"], []).append((system, recording))
    if not heard:
        return None
    zoom = tag("input", type="range", id="zoom", min="8", max="240", value="120")
    controls = tag(
        "div",
        tag(
            "label",
            "Recording ",
            tag("select", *(tag("option", name, value=name) for name in heard), id="recording"),
        ),
        tag("label", "Zoom ", zoom),
        tag("button", "Whole talk", type="button", id="whole"),
        class_="controls",
    )
    talks = [
        _talk(name, own, report, classes, hidden=index > 0)
        for index, (name, own) in enumerate(heard.items())
    ]
    return join(controls, *talks)


def _talk(
    name: str,
    heard: Sequence[tuple[System, Recording]],
    report: Report,
    classes: Mapping[str, str],
    *,
    hidden: bool,
) -> Markup:
    end_s = timeline.span_s(recording for _, recording in heard)
    most_s = max((lag_s for _, recording in heard for _, lag_s in recording["lags"]), default=1.0)
    rows = [row for _, recording in heard for row in recording["depths"]]
    tops = [max((row[column] for row in rows), default=0.0) for column in (1, 2, 3)]
    strips = [
        tag(
            "div",
            tag(
                "h3",
                tag("span", title(system, report["systems"]), class_="who"),
                _key_numbers(recording, report),
            ),
            timeline.strip(recording, end_s),
            class_=f"strip {classes[system['name']]}",
        )
        for system, recording in heard
    ]
    smalls = [
        tag(
            "div",
            tag("h3", tag("span", title(system, report["systems"]), class_="who")),
            tag("p", "seconds behind the speaker"),
            charts.lag_chart(recording["lags"], end_s, most_s),
            tag("p", "messages waiting"),
            charts.depth_chart(recording["depths"], end_s, tops),
            class_=classes[system["name"]],
        )
        for system, recording in heard
    ]
    return tag(
        "div",
        tag(
            "div",
            tag("div", timeline.axis(end_s), *strips, class_="track"),
            class_="timeline",
            style=f"--end:{math.ceil(end_s)}",
            tabindex="0",
            role="region",
            aria_label=f"Timeline of {name}",
        ),
        tag("div", *smalls, class_="smalls"),
        class_="talk",
        data_recording=name,
        hidden=hidden,
    )


def _key_numbers(recording: Recording, report: Report) -> Markup:
    """Return a recording's lateness and quality, where known."""
    metrics = recording["metrics"]
    keys = [_first_known(metrics, _LATENESS), _first_known(metrics, _qualities(report))]
    told = [
        f"{BY_KEY[key].label} {BY_KEY[key].text(known(metrics, key))} {BY_KEY[key].unit}".strip()
        for key in keys
        if key
    ]
    return tag("small", " · ".join(told))


def _making(report: Report) -> Markup:
    facts = {
        "made": report["made_at"],
        "command": tag("code", report["command"]),
        "machine": report["machine"],
        "schema": report["schema"],
    }
    configurations = {
        title(system, report["systems"]): f"{system['what']} ({system['setting']})"
        for system in report["systems"]
    }
    return join(
        _facts(facts),
        *(tag("h3", "Configuration"), _facts(configurations)),
        *(tag("h3", "Versions"), _facts(report["versions"])),
    )


def _facts(facts: Mapping[str, str]) -> Markup:
    return tag(
        "dl", *(part for name, fact in facts.items() for part in (tag("dt", name), tag("dd", fact)))
    )


def _section(name: str, title: str, note: str | None, *content: Markup | None) -> Markup:
    """Return a section; where it has nothing to show it says so."""
    return tag(
        "section",
        tag("h2", title, id=f"{name}-title"),
        tag("p", note, class_="note") if note and any(content) else None,
        *(content if any(content) else [tag("p", "Nothing was measured.", class_="note")]),
        id=name,
        aria_labelledby=f"{name}-title",
    )


def _between(parts: Sequence[str], separator: str) -> list[str]:
    return [piece for part in parts for piece in (separator, part)][1:]


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


if __name__ == "__main__":
    sys.exit(main())
