import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from live_translator.errors import ModelError, SegmentError, UsageError
from live_translator.languages import language
from live_translator.tts.kokoro import KokoroSynthesizer, language_voices
from tests.tts.conftest import Recogniser, word_error_rate

SPANISH = (
    "El presidente habló ayer con los vecinos del pueblo, porque el agua del río "
    "llegó hasta las primeras casas. Nadie resultó herido."
)


@pytest.fixture(scope="module")
def dora(kokoro_files: tuple[Path, Path]) -> KokoroSynthesizer:
    return KokoroSynthesizer(*kokoro_files, language("es"))


def voices_file(folder: Path, *names: str) -> Path:
    path = folder / "voices.npz"
    voices: dict[str, Any] = {name: np.zeros((510, 1, 256), np.float32) for name in names}
    np.savez(path, **voices)
    return path


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en", ["af_heart", "bm_lewis"]),
        ("es", ["ef_dora", "em_alex"]),
        ("pt", ["pf_dora"]),
        ("de", []),
    ],
)
def test_a_voice_names_its_language_first(code: str, expected: list[str]) -> None:
    names = ["pf_dora", "em_alex", "bm_lewis", "af_heart", "ef_dora", "zf_xiaoni"]
    assert language_voices(names, language(code)) == expected


@pytest.mark.parametrize("voice", ["ef_nobody", "af_heart"])
def test_a_voice_of_another_language_is_refused_with_those_to_choose(
    tmp_path: Path, voice: str
) -> None:
    voices = voices_file(tmp_path, "em_alex", "ef_dora", "af_heart")
    with pytest.raises(UsageError, match=f"{voice}.*choose one of ef_dora, em_alex, or espeak"):
        KokoroSynthesizer(tmp_path / "none.onnx", voices, language("es"), voice)


def test_a_language_without_voices_is_pointed_to_espeak(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no German voice: use --voice espeak"):
        KokoroSynthesizer(
            tmp_path / "none.onnx", voices_file(tmp_path, "ef_dora"), language("de"), "df_x"
        )


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 torn", b"not an archive"])
def test_damaged_voices_name_the_fix(tmp_path: Path, content: bytes | None) -> None:
    voices = tmp_path / "voices.npz"
    if content is not None:
        voices.write_bytes(content)
    with pytest.raises(ModelError, match="models get kokoro-voices"):
        KokoroSynthesizer(tmp_path / "none.onnx", voices, language("es"))


class Payload:
    """What a pickle can be made to do when it is read."""

    def __init__(self, touched: Path) -> None:
        self._touched = touched

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self._touched,)


def test_voices_that_hide_a_program_are_refused_and_it_is_not_run(tmp_path: Path) -> None:
    voices, touched = tmp_path / "voices.npz", tmp_path / "touched"
    np.savez(voices, ef_dora=np.array([Payload(touched)], dtype=object))
    with pytest.raises(ModelError, match="models get kokoro-voices"):
        KokoroSynthesizer(tmp_path / "none.onnx", voices, language("es"))
    assert not touched.exists()
    with np.load(voices, allow_pickle=True) as loaded:
        loaded["ef_dora"]
    assert touched.exists(), "it would have been"


@pytest.mark.parametrize("content", [None, b"", b"\x08torn model"])
def test_a_damaged_model_names_the_fix(tmp_path: Path, content: bytes | None) -> None:
    model = tmp_path / "model.onnx"
    if content is not None:
        model.write_bytes(content)
    with pytest.raises(ModelError, match="models get kokoro`"):
        KokoroSynthesizer(model, voices_file(tmp_path, "ef_dora"), language("es"))


@pytest.mark.slow
def test_spanish_is_understood(dora: KokoroSynthesizer, recognise: Recogniser) -> None:
    samples = dora.synthesize(SPANISH)
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert 0.05 < np.abs(samples).max() <= 1.0
    assert word_error_rate(SPANISH, recognise(samples, dora.sample_rate_hz, "es")) < 0.35


@pytest.mark.slow
def test_fast_speech_is_shorter_and_still_understood(
    dora: KokoroSynthesizer, recognise: Recogniser
) -> None:
    usual, fast = dora.synthesize(SPANISH), dora.synthesize(SPANISH, speed=1.25)
    assert 0.7 < len(fast) / len(usual) < 0.9
    assert word_error_rate(SPANISH, recognise(fast, dora.sample_rate_hz, "es")) < 0.35


@pytest.mark.slow
def test_a_piece_starts_and_ends_with_sound(dora: KokoroSynthesizer) -> None:
    samples = dora.synthesize("Buenos días, amigos.")
    edge = round(0.15 * dora.sample_rate_hz)
    assert min(np.abs(samples[:edge]).max(), np.abs(samples[-edge:]).max()) > 0.01


@pytest.mark.slow
def test_text_beyond_the_model_s_window_is_spoken_whole(dora: KokoroSynthesizer) -> None:
    once = len(dora.synthesize(SPANISH))
    text = " ".join([SPANISH] * 4)
    assert len(dora.phonemes(text)) > 510
    assert len(dora.synthesize(text)) > 3.5 * once


@pytest.mark.slow
@pytest.mark.parametrize("text", ["", "  ", "...", "¿?", "—", "()"])
def test_what_has_no_sound_is_a_segment_error(dora: KokoroSynthesizer, text: str) -> None:
    with pytest.raises(SegmentError, match="nothing to say"):
        dora.synthesize(text)


@pytest.mark.slow
def test_brackets_and_foreign_words_are_not_spelt_out(dora: KokoroSynthesizer) -> None:
    plain = dora.phonemes("La gran ciudad de Windows está lejos.")
    assert dora.phonemes("La (gran) ciudad de [Windows] está lejos.") == plain
    assert not set("()[]") & set(plain + dora.phonemes("Привет, 你好, こんにちは."))


@pytest.mark.slow
def test_the_libraries_do_not_write_to_the_terminal(
    kokoro_files: tuple[Path, Path],
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        voice = KokoroSynthesizer(*kokoro_files, language("en"), "bf_emma")
        voice.synthesize("Of the people, by the people: it's 10 o'clock and I'm at the B.B.C.")
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []
