from typing import get_args

import pytest

from benchmarks import charts, tables
from benchmarks.schema import BY_KEY, METRICS, Report, StageName, System, known
from tests.benchmarks.html_tree import Node, parse
from tests.benchmarks.report_example import example, tone


def classes(report: Report) -> dict[str, str]:
    return charts.styles(report["systems"])


def test_every_metric_is_shown_for_every_system() -> None:
    report = example()
    table = parse(tables.metrics(report["systems"], classes(report)))
    heads = [head.text for head in table.one("thead").all("th")]
    assert heads == ["streaming stride 0.6 s", "windows 2 s", "complete beam 5"]
    for metric in METRICS:
        row = table.one("tr", data_metric=metric.key)
        cells = [cell.text for cell in row.all("td")]
        for cell, system in zip(cells, report["systems"], strict=True):
            assert cell.startswith(metric.text(known(system["metrics"], metric.key)))
        assert metric.meaning in row.one("dfn").attributes["title"]
        assert metric.source in row.one("dfn").attributes["title"]


def row(report: Report, key: str) -> Node:
    return parse(tables.metrics(report["systems"], classes(report))).one("tr", data_metric=key)


def test_null_absent_and_not_a_number_are_dashes() -> None:
    report = example()
    report["systems"][0]["metrics"] = {"bleu": None}
    report["systems"][1]["metrics"] = {}
    report["systems"][2]["metrics"] = {"bleu": float("nan")}
    for system in report["systems"]:
        system["recordings"] = []
    assert [cell.text for cell in row(report, "bleu").all("td")] == ["\N{EN DASH}"] * 3


def test_the_best_value_alone_is_bold() -> None:
    assert [mark.text for mark in row(example(), "wer").all("b")] == ["2.5%"]
    assert [mark.text for mark in row(example(), "laal_s").all("b")] == ["3.12"]
    assert not row(example(), "peak_rss_mb").all("b")


def test_the_range_over_recordings_stands_under_a_value() -> None:
    small = [cell.one("small").text for cell in row(example(), "bleu").all("td")]
    assert small == ["22.3 to 23.3", "15.6 to 16.6", "23.0 to 24.0"]


def test_stages_and_queues_have_a_row_per_system() -> None:
    report = example()
    del report["systems"][1]["stages"]["mt"]  # type: ignore[attr-defined]
    stages = parse(tables.stages(report["systems"], classes(report)) or "")
    names = [cell.text for cell in stages.all("td", "who")]
    assert names == ["streaming", "windows", "complete"] * 2 + [
        "streaming",
        "complete",
        *["streaming", "windows", "complete"],
    ]
    assert [head.text for head in stages.all("th", scope="rowgroup")] == list(get_args(StageName))
    assert "360 ms" in stages.text
    queues = parse(tables.queues(report["systems"], classes(report)) or "")
    assert len(queues.all("td", "who")) == 9
    assert "9 of 64" in queues.text


def test_what_was_not_timed_has_no_table() -> None:
    report = example()
    for system in report["systems"]:
        system["stages"], system["queues"] = {}, {}
    assert tables.stages(report["systems"], classes(report)) is None
    assert tables.queues(report["systems"], classes(report)) is None


def cases(system: System) -> tuple[list[Node], list[Node]]:
    """Return the items of the two lists of sentences."""
    low, late = parse(tables.worst(system)).all("div", "cases")
    return low.all("li"), late.all("li")


def test_the_worst_ten_are_shown_worst_first() -> None:
    system = example()["systems"][0]
    for number, recording in enumerate(system["recordings"]):
        recording["sentences"] = [
            {
                **recording["sentences"][0],
                "score": None if index == 3 else 10.0 + 2 * index + number,
                "end_offset_s": None if index == 5 else (index * 7 + number) % 11 / 2,
            }
            for index in range(9)
        ]
    low, late = cases(system)
    assert [item.one("p", "facts").text.split("score ")[1][:4] for item in low] == [
        f"{score:.1f}" for score in (10, 11, 12, 13, 14, 15, 18, 19, 20, 21)
    ]
    delays = [float(item.one("p", "facts").text.split(" · ")[-1].split()[0]) for item in late]
    assert delays == [5.0, 5.0, 4.5, 4.0, 3.5, 3.5, 3.0, 3.0, 2.5, 2.0]


def test_a_sentence_comes_with_its_texts_and_its_sound() -> None:
    low, _ = cases(example()["systems"][1])
    item = next(item for item in low if "two_cities, 0.4" in item.text)
    said, wanted, given = (entry.text for entry in item.all("dd"))
    assert said.startswith("It was the best of times")
    assert wanted.startswith("Era el mejor de los tiempos")
    assert given.startswith("Era el mejor de los veces")
    assert item.one("audio").attributes["src"] == tone()


@pytest.mark.parametrize(
    ("reference", "hypothesis", "marked", "text"),
    [
        ("uno dos tres", "Uno, dos tres.", [], "Uno, dos tres."),
        ("uno dos tres", "uno diez once tres", ["diez once"], "uno diez once tres"),
        ("uno dos", "uno", [], "uno"),
        ("uno dos", " ", [], "nothing"),
        (None, "uno dos", [], "uno dos"),
    ],
)
def test_words_that_the_reference_lacks_are_marked(
    reference: str | None, hypothesis: str, marked: list[str], text: str
) -> None:
    system = example()["systems"][0]
    recording = system["recordings"][0]
    system["recordings"] = [recording]
    recording["sentences"] = [
        {**recording["sentences"][0], "reference": reference, "hypothesis": hypothesis}
    ]
    (item,), _ = cases(system)
    given = item.all("dd")[-1]
    assert given.text == text
    assert [mark.text for mark in given.all("mark")] == marked


@pytest.mark.parametrize("audio", [None, "", "talk.wav", "//host/a.ogg", "data:text/html,x"])
def test_only_sound_within_the_page_is_played(audio: str | None) -> None:
    system = example()["systems"][0]
    for recording in system["recordings"]:
        for sentence in recording["sentences"]:
            sentence["audio"] = audio
    low, late = cases(system)
    assert low
    assert not any(item.all("audio") for item in (*low, *late))


def test_every_metric_of_the_example_is_a_known_one() -> None:
    assert set(example()["systems"][0]["metrics"]) <= set(BY_KEY)
