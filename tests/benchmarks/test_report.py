import json
import math
import re
from pathlib import Path
from typing import Any, cast

import pytest

from benchmarks import report as report_page
from benchmarks import timeline
from benchmarks.schema import MetricKey, Report
from tests.benchmarks.html_tree import Node, parse
from tests.benchmarks.report_example import TALKS, empty, example

HOSTILE = """"'><script>alert(1)</script><img src=x onerror=alert(2)>&amp;</style>"""


def shown(report: Report) -> Node:
    return parse(report_page.page(report)).one("html")


def said(report: Report) -> str:
    return parse(report_page.verdict(report)).text.strip()


def test_the_sections_come_in_the_order_in_which_they_are_read() -> None:
    main = shown(example()).one("main")
    assert [
        child.attributes.get("id", child.name) for child in main.children if isinstance(child, Node)
    ] == ["header", "plane", "talk", "stages", "metrics", "worst", "making"]


def test_the_verdict_is_computed_from_the_numbers() -> None:
    assert said(example()) == (
        "streaming is 3.6 s behind the speaker (StreamLAAL, computation-aware) at 0.97 of "
        "complete’s BLEU (22.8 against 23.5). "  # noqa: RUF001
        "Its voice is first heard 4.8 s into the speech and finishes half of the sentences "
        "within 5.2 s of their end (95 %: 5.3 s). "
        "It loses no audio, keeps its distance and takes 0.61 s of processor time per second of "
        "speech. "
        "complete is 10.9 s behind the speaker, and its voice finishes half of the sentences "
        "within 15.5 s of their end (95 %: 16.0 s). "
        "windows is 5.5 s behind the speaker at 0.69 of complete’s BLEU, and its voice "  # noqa: RUF001
        "finishes half of the sentences within 7.8 s of their end (95 %: 8.1 s)."
    )


@pytest.mark.parametrize(
    ("metrics", "sentence"),
    [
        ({"wer": 0.03}, "streaming has 1.20 times complete’s WER (3.0% against 2.5%)."),  # noqa: RUF001
        ({"laal_s": 2.04}, "streaming is 2.0 s behind the speaker (LAAL)."),
        ({"dropped_audio_s": 1.25, "drift_s_per_min": 0.5}, "It loses 1.2 s of audio and falls"),
        ({"drift_s_per_min": -0.5}, "It catches up by 0.5 s a minute."),
        ({"first_audio_p50_s": 2.9}, "Its voice is first heard 2.9 s into the speech."),
        ({"stream_laal_ca_s": math.nan, "laal_s": None}, "complete is"),
    ],
)
def test_the_verdict_says_what_is_known_and_no_more(
    metrics: dict[MetricKey, float | None], sentence: str
) -> None:
    report = example()
    report["systems"][0]["metrics"] = metrics
    assert said(report).startswith(sentence)


def test_the_verdict_needs_no_reference_and_says_so_where_there_is_nothing_else() -> None:
    report = example()
    report["systems"] = report["systems"][:2]
    assert "at 0" not in said(report)
    assert said(report).startswith("streaming is 3.6 s behind the speaker")
    assert said(empty()).startswith("There is nothing to judge")


def test_other_settings_of_a_system_do_not_crowd_the_verdict() -> None:
    report = example()
    first, *others = report["systems"]
    again = {**first, "setting": "stride 1.0 s"}
    report["systems"] = [first, again, *others]  # type: ignore[list-item]
    assert said(report) == said(example())
    heads = {node.text for node in shown(report).one(id="stages").all("td", "who")}
    assert heads == {"streaming, stride 0.6 s", "streaming, stride 1.0 s", "windows", "complete"}


def test_every_recording_can_be_chosen_and_the_first_is_shown() -> None:
    section = shown(example()).one(id="talk")
    assert [option.attributes["value"] for option in section.all("option")] == list(TALKS)
    talks = section.all("div", "talk")
    assert [talk.attributes["data-recording"] for talk in talks] == list(TALKS)
    assert ["hidden" in talk.attributes for talk in talks] == [False, True]
    for talk in talks:
        assert len(talk.all("div", "strip")) == 3
        assert len(talk.all("svg", "small")) == 6


def test_all_systems_of_a_talk_share_one_axis() -> None:
    report = example()
    for index, talk in enumerate(shown(report).all("div", "talk")):
        end_s = timeline.span_s(system["recordings"][index] for system in report["systems"])
        assert talk.one("div", "timeline").attributes["style"] == f"--end:{math.ceil(end_s)}"
        charts = talk.all("svg", "small")
        axes = {
            tuple((label.text, label.attributes["x"]) for label in chart.all("text", "x"))
            for chart in charts
        }
        (labels,) = axes
        assert labels


def test_the_sentences_are_those_of_the_system_that_the_page_is_about() -> None:
    worst = shown(example()).one(id="worst")
    assert worst.one("p", "note").text.startswith("Of streaming, the 10 sentences")
    assert len(worst.all("audio")) == 8
    del (report := example())["systems"][:2]  # type: ignore[attr-defined]
    assert "Nothing was measured." in shown(report).one(id="worst").text


def test_the_page_says_how_it_was_made() -> None:
    making = shown(example()).one(id="making").text
    report = example()
    for fact in (report["command"], report["machine"], report["made_at"], "ctranslate2", "4.6.0"):
        assert fact in making
    assert "commits words while they are spoken (stride 0.6 s)" in making


def test_the_page_asks_for_nothing_outside_itself() -> None:
    html = report_page.page(example())
    root = parse(html)
    links = [
        node.attributes[name]
        for node in root.walk()
        for name in ("src", "href", "action", "poster", "srcset", "xlink:href", "data")
        if name in node.attributes
    ]
    assert len(links) == 1 + 8
    assert all(link.startswith("data:") for link in links)
    assert not re.search(r"url\(|@import|https?://|fetch\(|XMLHttpRequest", html)
    policy = root.one("meta", http_equiv="Content-Security-Policy").attributes["content"]
    assert policy.startswith("default-src 'none';")


def poisoned(value: Any, key: str = "") -> Any:
    """Return a report with hostile text at the end of each of its texts."""
    if isinstance(value, dict):
        return {name: poisoned(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [poisoned(item) for item in value]
    return value + HOSTILE if isinstance(value, str) and key != "schema" else value


def test_hostile_text_is_only_ever_text() -> None:
    calm, root = shown(example()), shown(cast("Report", poisoned(example())))
    assert len(root.all("script")) == len(root.all("style")) == 1
    assert not root.all("img")
    attributes = {name for node in root.walk() for name in node.attributes}
    assert not any(name.startswith("on") for name in attributes)
    assert [node.name for node in calm.one("main").one("header").walk()] == [
        node.name for node in root.one("main").one("header").walk()
    ]
    for place in ("plane", "talk", "stages", "metrics", "worst", "making"):
        assert HOSTILE in root.one(id=place).text
    assert any(HOSTILE in node.attributes.get("title", "") for node in root.walk())


def test_a_report_of_nothing_is_still_a_page() -> None:
    root = shown(empty())
    for place in ("plane", "talk", "stages", "worst"):
        assert "Nothing was measured." in root.one(id=place).text
    assert not root.all("circle")


def test_systems_without_recordings_stages_or_points_are_still_compared() -> None:
    report = example()
    report["points"] = []
    for system in report["systems"]:
        system["recordings"], system["stages"], system["queues"] = [], {}, {}
    root = shown(report)
    assert "22.8" in root.one(id="metrics").text
    assert "Nothing was measured." in root.one(id="talk").text


def test_a_recording_in_which_nothing_was_heard_is_shown_empty() -> None:
    report = example()
    for system in report["systems"]:
        for recording in system["recordings"]:
            recording["words"], recording["segments"], recording["sentences"] = [], [], []
            recording["depths"], recording["lags"], recording["metrics"] = [], [], {}
    talk = shown(report).all("div", "talk")[0]
    assert len(talk.all("ol")) == 12
    assert not talk.all("li")


def test_the_command_writes_the_page_beside_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "report.json"
    path.write_text(json.dumps(example()), encoding="utf-8")
    assert report_page.main([str(path)]) == 0
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == report_page.page(example())
    assert capsys.readouterr().out.strip().endswith("report.html")


@pytest.mark.parametrize("content", [None, "{}", "not JSON"])
def test_the_command_says_why_it_cannot_read_a_report(
    content: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "report.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert report_page.main([str(path)]) == 2
    assert capsys.readouterr().err.startswith("error: ")
    assert not (tmp_path / "report.html").exists()


def luminance(colour: str) -> float:
    """Return WCAG 2.2's relative luminance of #rrggbb."""
    shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_of_every_colour_has_contrast_in_light_and_in_dark() -> None:
    style = (Path(report_page.__file__).parent / "page.css").read_text(encoding="utf-8")
    light, dark = (
        dict(re.findall(r"--([\w]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    )
    for palette in (light, dark):
        paper = luminance(palette["paper"])
        inks = {
            name: colour for name, colour in palette.items() if re.match(r"ink|quiet|c\d", name)
        }
        assert len(inks) == 8
        for name, colour in inks.items():
            high, low = sorted((paper, luminance(colour)), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 4.5, name
