import wave
from pathlib import Path

import numpy as np
import pytest

from benchmarks.recognition import load
from benchmarks.talks import read_talks
from live_translator.config import SAMPLE_RATE_HZ
from tests.conftest import SAMPLE

HEADER = "id\tpath\tlanguage\ttranscript\ttranslation_language\ttranslation\tnote\n"


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    recording = tmp_path / "recording.wav"
    with wave.open(str(recording), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE_HZ, 0, "NONE", ""))
        file.writeframes((load(SAMPLE)[: 3 * SAMPLE_RATE_HZ] * 32767).astype("<i2").tobytes())
    rows = [
        "a/1\trecording.wav\ten\tone\tes\tuno\t",
        "a/2\trecording.wav\ten\ttwo\tfr\tdeux\t",
        "b/1\trecording.wav\ten\tthree\t\t\t",
        "b/2\trecording.wav\tes\tcuatro\ten\tfour\t",
        "b/3\trecording.wav\ten\t\t\t\tno transcript",
    ]
    path = tmp_path / "my.tsv"
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def samples_in(path: Path) -> int:
    with wave.open(str(path)) as file:
        assert file.getframerate() == SAMPLE_RATE_HZ
        return int(file.getnframes())


def test_each_recording_is_a_talk(manifest: Path, tmp_path: Path) -> None:
    talks = read_talks(manifest, tmp_path, source="en", target="es")
    assert [talk.name for talk in talks] == ["a/1", "a/2", "b/1"]
    assert [[s.translation for s in talk.sentences] for talk in talks] == [["uno"], [""], [""]]
    assert samples_in(talks[0].path) == round(talks[0].seconds * SAMPLE_RATE_HZ)
    (sentence,) = talks[0].sentences
    assert 0 < sentence.start_s < 1.5
    assert 2.5 < sentence.end_s <= 3


def test_recordings_of_a_group_are_joined_with_pauses(manifest: Path, tmp_path: Path) -> None:
    alone, _, _ = read_talks(manifest, tmp_path, source="en", target="es")
    joined, other = read_talks(
        manifest, tmp_path, source="en", target="es", join="group", pause_s=1.5
    )
    assert (joined.name, other.name) == ("a", "b")
    assert joined.seconds == pytest.approx(2 * alone.seconds + 1.5)
    first, second = joined.sentences
    assert second.start_s - first.start_s == pytest.approx(alone.seconds + 1.5)
    with wave.open(str(joined.path)) as file:
        content = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    begin = round(alone.seconds * SAMPLE_RATE_HZ)
    assert not content[begin : begin + int(1.5 * SAMPLE_RATE_HZ)].any()


def test_all_recordings_make_one_talk(manifest: Path, tmp_path: Path) -> None:
    (talk,) = read_talks(manifest, tmp_path, source="en", target="es", join="all")
    assert [sentence.name for sentence in talk.sentences] == ["a/1", "a/2", "b/1"]


def test_only_what_was_asked_for_is_read(manifest: Path, tmp_path: Path) -> None:
    talks = read_talks(manifest, tmp_path, source="en", target="es", only=["b/"])
    assert [talk.name for talk in talks] == ["b/1"]
    (spanish,) = read_talks(manifest, tmp_path, source="es", target="en")
    assert spanish.sentences[0].translation == "four"
