# ruff: noqa: RUF001 - letters of the IPA
import ctypes
import itertools
import threading
from pathlib import Path

import numpy as np
import pytest

from live_translator.config import OUTPUT_RATE_HZ
from live_translator.errors import ModelError, SegmentError
from live_translator.languages import LANGUAGES, Language, language
from live_translator.tts.espeak import EspeakSynthesizer, phonemes, punctuated_phonemes
from live_translator.tts.kokoro import KokoroSynthesizer
from tests.tts.conftest import Recogniser, word_error_rate

SPANISH = (
    "El presidente habló ayer con los vecinos del pueblo. Nadie resultó herido.",
    "Buenos días, me llamo Ana y vivo en una casa grande cerca del mar.",
    "Mañana por la tarde vamos a comer con nuestros amigos en el centro de la ciudad.",
)
GERMAN = (
    "Der Präsident sprach gestern mit den Menschen im Dorf. Niemand wurde verletzt.",
    "Guten Tag, ich heiße Anna und wohne in einem großen Haus am Meer.",
)


@pytest.mark.parametrize("entry", LANGUAGES.values(), ids=LANGUAGES)
def test_every_language_has_a_voice(entry: Language) -> None:
    voice = EspeakSynthesizer(entry)
    assert voice.sample_rate_hz == OUTPUT_RATE_HZ
    samples = voice.synthesize("1 2 3")
    assert samples.dtype == np.float32
    assert 0.3 < len(samples) / OUTPUT_RATE_HZ < 4.0
    assert 0.1 < np.abs(samples).max() <= 1.0


def test_speed_shortens_speech() -> None:
    voice = EspeakSynthesizer(language("es"))
    usual, fast = voice.synthesize(SPANISH[0]), voice.synthesize(SPANISH[0], speed=1.25)
    assert 0.7 < len(fast) / len(usual) < 0.9


@pytest.mark.parametrize("text", ["", "  ", "...", "—"])
def test_what_has_no_sound_is_a_segment_error(text: str) -> None:
    with pytest.raises(SegmentError, match="nothing to say"):
        EspeakSynthesizer(language("es")).synthesize(text)


def test_a_null_character_does_not_cut_the_text() -> None:
    voice = EspeakSynthesizer(language("es"))
    assert len(voice.synthesize("uno\0 dos tres")) > 1.5 * len(voice.synthesize("uno"))


def test_an_unknown_voice_names_the_fix() -> None:
    nowhere = Language(code="xx", name="Nowhere", iso3="xxx", flores="xxx_Latn", espeak="xx-nope")
    with pytest.raises(ModelError, match=r"no voice 'xx-nope'.*espeakng-loader"):
        EspeakSynthesizer(nowhere)


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("Wojciech", "pl", "vˈɔjtɕɛx"),
        ("Przybylski, Anna", "pl", "pʃɨbˈɨlski ˈanna"),
        ("Joaquin", "es", "xoˈakin"),
        ("Nguyen", "ga", "nˈuːjɛn"),  # Read as English, and so marked by eSpeak.
        ("", "en-us", ""),
    ],
)
def test_a_text_is_said_as_a_language_reads_it(text: str, code: str, expected: str) -> None:
    assert phonemes(text, code) == expected


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("Hola, amigos.", "es", "ˈola, amˈiɣos."),
        ("¿Sí? ¡No!", "es", "¿sˈi? ¡nˈo!"),
        ("Uno; dos: tres…", "es", "ˈuno; dˈos: tɾˈes…"),
        ("3.5.", "en-us", "θɹˈiː pɔɪnt fˈaɪv."),
        ("1,5 euros, o 2.", "es", "ˈuno kˌoma θˈinko ˈeʊɾos, o ðˈos."),
        ("...", "es", "..."),
        ("  uno  ", "es", "ˈuno"),
        ("Le football!", "fr-fr", "lə- fˈʊtbɔːl!"),  # Read as English, and so marked by eSpeak.
        ("", "es", ""),
    ],
)
def test_punctuation_keeps_its_place_among_the_phonemes(
    text: str, code: str, expected: str
) -> None:
    assert punctuated_phonemes(text, code) == expected


def test_phonemes_of_an_unknown_voice_name_the_fix() -> None:
    with pytest.raises(ModelError, match="no voice 'xx-nope'"):
        phonemes("one", "xx-nope")


class Heap(ctypes.Structure):
    """glibc's struct mallinfo2."""

    _fields_ = tuple((name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd",
        "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost",
    ))  # fmt: skip


def test_asking_for_phonemes_leaves_nothing_behind() -> None:
    try:
        mallinfo = ctypes.CDLL(None).mallinfo2
    except AttributeError:
        pytest.skip("this C library does not say what is allocated")
    mallinfo.restype = Heap

    def left_bytes(codes: tuple[str, ...], rounds: int = 1000) -> int:
        before = mallinfo().uordblks
        for code in itertools.islice(itertools.cycle(codes), rounds):
            phonemes("one", code)
        return int(mallinfo().uordblks - before)

    left_bytes(("es", "de"), 10)
    assert left_bytes(("es",)) < 50_000
    assert left_bytes(("es", "de")) < 50_000


def test_instances_share_the_library_without_taking_each_other_s_voice() -> None:
    # eSpeak varies its waveform from call to call, so lengths have to tell voices apart.
    spanish, german = EspeakSynthesizer(language("es")), EspeakSynthesizer(language("de"))
    expected = {voice.name: len(voice.synthesize("Amanda 25")) for voice in (spanish, german)}
    assert abs(expected[spanish.name] / expected[german.name] - 1) > 0.1
    wrong: list[str] = []

    def speak(voice: EspeakSynthesizer) -> None:
        for _ in range(10):
            if abs(len(voice.synthesize("Amanda 25")) / expected[voice.name] - 1) > 0.02:
                wrong.append(voice.name)

    threads = [threading.Thread(target=speak, args=(voice,)) for voice in (spanish, german)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads)
    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize(("code", "texts"), [("es", SPANISH), ("de", GERMAN)])
def test_it_is_understood(code: str, texts: tuple[str, ...], recognise: Recogniser) -> None:
    # Looser than for Kokoro: of the library's own sound, untouched by us, Whisper base mistakes
    # 0.43 of the Spanish words here and 0.32 of the German ones.
    voice = EspeakSynthesizer(language(code))
    heard = [recognise(voice.synthesize(text), voice.sample_rate_hz, code) for text in texts]
    assert word_error_rate(" ".join(texts), " ".join(heard)) < 0.5


@pytest.mark.slow
def test_kokoro_and_espeak_do_not_disturb_each_other(kokoro_files: tuple[Path, Path]) -> None:
    # Both use eSpeak NG, whose state is global: Kokoro for its phonemes.
    german = EspeakSynthesizer(language("de"))
    german_alone = len(german.synthesize(GERMAN[0]))
    dora = KokoroSynthesizer(*kokoro_files, language("es"))
    phonemes_alone = dora.phonemes(SPANISH[0])
    for _ in range(3):
        assert abs(len(german.synthesize(GERMAN[0])) / german_alone - 1) < 0.02
        assert dora.phonemes(SPANISH[0]) == phonemes_alone
    assert len(dora.synthesize(SPANISH[0]))
