import json
import math
from pathlib import Path
from typing import get_args

import pytest

from benchmarks.schema import BY_KEY, METRICS, MetricKey, known, read, title
from tests.benchmarks.report_example import example


def test_every_metric_is_described_once() -> None:
    assert sorted(metric.key for metric in METRICS) == sorted(get_args(MetricKey))
    assert len({metric.label for metric in METRICS}) == len(METRICS)


@pytest.mark.parametrize(
    ("key", "values", "winners"),
    [
        ("wer", [0.1, 0.05, None], {1}),
        ("bleu", [20.0, 23.0, 23.02], {1, 2}),
        ("drift_s_per_min", [-0.3, 0.1, 0.2], {1}),
        ("laal_s", [2.0, 2.0], set()),
        ("laal_s", [2.0, None], set()),
        ("laal_s", [], set()),
    ],
)
def test_the_best_value_is_the_one_that_reads_best(
    key: MetricKey, values: list[float | None], winners: set[int]
) -> None:
    assert BY_KEY[key].best(values) == winners


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("wer", 0.0312, "3.1%"),
        ("bleu", 22.84, "22.8"),
        ("drift_s_per_min", -0.041, "\N{MINUS SIGN}0.04"),
        ("peak_rss_mb", 842.3, "842"),
        ("laal_s", None, "\N{EN DASH}"),
    ],
)
def test_a_value_is_written_as_its_metric_is_read(
    key: MetricKey, value: float | None, text: str
) -> None:
    assert BY_KEY[key].text(value) == text


@pytest.mark.parametrize("value", [None, math.nan, math.inf])
def test_what_is_not_a_number_is_not_known(value: float | None) -> None:
    assert known({"wer": value}, "wer") is None
    assert known({}, "wer") is None
    assert known({"wer": 0.0}, "wer") == 0.0


def test_a_system_is_called_by_its_setting_too_where_names_repeat() -> None:
    first, second, _ = example()["systems"]
    again = {**first, "setting": "stride 1.0 s"}
    assert title(first, [first, second]) == "streaming"
    assert title(second, [first, again, second]) == "windows"  # type: ignore[list-item]
    assert title(first, [first, again]) == "streaming, stride 0.6 s"  # type: ignore[list-item]


def test_a_report_is_read_back_and_another_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text(json.dumps(example()), encoding="utf-8")
    assert read(path) == example()
    for text in ('{"schema": "live-translate/benchmark/0"}', "[]", "{"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match=r"schema|line 1"):
            read(path)
