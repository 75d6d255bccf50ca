"""The benchmark as its user runs it: the real program, on a few seconds."""

import subprocess
import sys
import wave
from html.parser import HTMLParser
from pathlib import Path

import pytest

from benchmarks import run, schema
from benchmarks.recognition import load, read_flags
from live_translator.config import SAMPLE_RATE_HZ
from tests.conftest import ROOT, SAMPLE

COLUMNS = "id\tpath\tlanguage\ttranscript\ttranslation_language\ttranslation\n"
ROW = (
    "short\tshort.wav\ten\tit was the best of times it was the worst of times\tes\t"
    "era el mejor de los tiempos era el peor de los tiempos\n"
)


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    with wave.open(str(tmp_path / "short.wav"), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE_HZ, 0, "NONE", ""))
        samples = load(SAMPLE)[: int(4.35 * SAMPLE_RATE_HZ)]
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    path = tmp_path / "my.tsv"
    path.write_text(COLUMNS + ROW, encoding="utf-8")
    return path


class _Titles(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.audio = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.audio += tag == "audio"


@pytest.mark.slow
@pytest.mark.usefixtures("store")
def test_a_recording_of_ones_own_is_benchmarked(manifest: Path, tmp_path: Path) -> None:
    out = tmp_path / "report"
    done = subprocess.run(
        [
            *(sys.executable, ROOT / "benchmarks" / "run.py", "--manifest", manifest),
            *("--systems", "streaming", "complete", "windows", "--out", out),
            *("--vary", "asr.stride_s=1.0"),
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    report = schema.read(out / "report.json")
    names = [(system["name"], system["setting"]) for system in report["systems"]]
    assert names == [
        ("streaming", "defaults"),
        ("complete", "defaults"),
        ("windows", "2 s"),
        ("streaming", "stride_s 1.0"),
        ("offline", "whole talks"),
    ]
    streaming = report["systems"][0]
    assert (streaming["metrics"].get("wer") or 0.0) < 0.2
    assert (streaming["metrics"].get("asr_bleu") or 0.0) > 0
    assert streaming["metrics"].get("dropped_audio_s") == 0
    (recording,) = streaming["recordings"]
    (sentence,) = recording["sentences"]
    assert sentence["hypothesis"].startswith(("Era", "Fue"))
    assert (sentence["audio"] or "").startswith("data:audio/ogg;base64,")
    assert recording["depths"]
    assert recording["lags"]
    assert len(report["points"]) == 4
    page = _Titles()
    page.feed((out / "report.html").read_text(encoding="utf-8"))
    assert page.audio > 0
    assert "End offset, p50" in done.stdout


@pytest.mark.parametrize(
    ("content", "arguments", "part"),
    [
        (COLUMNS, [], "has no en recording"),
        (COLUMNS + ROW, ["--only", "long"], "begins with long"),
        ("id\tpath\nx\ty\n", [], "lacks column 'language'"),
        (COLUMNS + ROW.replace("short.wav", "none.wav"), [], "no such file"),
        (None, [], "No such file"),
    ],
)
def test_a_manifest_that_cannot_be_used_is_told_in_a_sentence(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: str | None,
    arguments: list[str],
    part: str,
) -> None:
    path = tmp_path / "my.tsv"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    out = str(tmp_path / "out")
    assert run.main(["--manifest", str(path), "--out", out, *arguments]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert part in line


def test_settings_on_the_command_line_are_numbers_where_they_look_like_them() -> None:
    assert read_flags(["asr.stride_s=0.5", "asr.beam_size=2", "mt.policy=agreement"]) == {
        "asr.stride_s": 0.5,
        "asr.beam_size": 2,
        "mt.policy": "agreement",
    }
