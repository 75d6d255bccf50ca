import dataclasses

import numpy as np
import pytest

from benchmarks.load_step import Step, harm, table, verdict, voice

BUSY = {"asr": 0.5, "mt": 0.1, "tts": 0.4}
ONE = Step(
    speakers=1,
    speech=True,
    beside=None,
    segments=30,
    lag_p50_s=3.0,
    lag_p95_s=4.0,
    drift_s_per_min=0.1,
    commit_lag_p50_s=1.0,
    refused=(),
    unfinished=0,
    skipped=0,
    busy=BUSY,
    cpu_s_per_s=1.2,
    client_cpu_s_per_s=0.05,
    memory_mb=600.0,
    threads=40,
    neighbour="",
)
TWO = dataclasses.replace(ONE, speakers=2, busy={"asr": 0.8, "mt": 0.2, "tts": 0.9}, lag_p50_s=3.5)
THREE = dataclasses.replace(TWO, speakers=3, lag_p95_s=20.0)


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ({}, True),
        ({"lag_p95_s": 6.1}, False),
        ({"lag_p95_s": None}, False),
        ({"drift_s_per_min": 2.5}, False),
        ({"drift_s_per_min": -9.0}, True),
        ({"drift_s_per_min": None}, True),
        ({"refused": ("busy",)}, False),
        ({"unfinished": 1}, False),
    ],
)
def test_a_number_of_speakers_is_held_if_all_are_in_time(
    change: dict[str, object], holds: bool
) -> None:
    assert dataclasses.replace(ONE, **change).holds(6.0) == holds  # type: ignore[arg-type]


def test_the_verdict_is_the_largest_number_that_is_held() -> None:
    said = verdict([ONE, TWO, THREE], 6.0)
    assert "2 concurrent speakers with speech, at a lag of 3.50 s (p95 4.00 s)" in said
    assert "asr 0.40, mt 0.10, tts 0.45" in said
    assert "fewer than 3 concurrent speakers" in verdict([THREE], 6.0)


def test_the_table_has_a_row_for_each_step() -> None:
    text = dataclasses.replace(ONE, speech=False, lag_p50_s=None)
    rows = table([ONE, text], 6.0).splitlines()
    assert rows[2].startswith("| 1 | 30 | 3.00 s, 4.00 s | +0.1 s/min | 1.00 s | 0, 0, 0 |")
    assert rows[3].startswith("| 1, text | 30 | -, 4.00 s |")
    assert {row.count("|") for row in rows} == {rows[0].count("|")}


def test_harm_is_a_ratio_to_a_neighbour_who_reads() -> None:
    prompt = dataclasses.replace(ONE, beside="prompt")
    nothing = dataclasses.replace(ONE, beside="nothing", lag_p50_s=6.0)
    assert harm([prompt, nothing]) == ["beside one who reads nothing: lag p50 x2.00, p95 x1.00"]


def test_speakers_say_the_same_from_different_places() -> None:
    samples = np.linspace(-1, 1, 16_000, dtype=np.float32)
    first, second = (voice([samples], 3.0, i, 2) for i in range(2))
    assert len(first) == len(second) == 2 * 3 * 16_000
    assert first != second
    cycle = int(1.3 * 16_000)
    heard = np.frombuffer(first, "<i2")
    assert (heard[:cycle] == heard[cycle : 2 * cycle]).all()
