"""Firefox's network in numpy, against Bergamot, with which Firefox translates, on one file."""

import json
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from live_translator.errors import ModelError
from live_translator.languages import language
from live_translator.mt.firefox import FirefoxTranslator
from live_translator.mt.student import END, Array, Network, read_items

DATA = Path(__file__).parent / "data" / "firefox"
EN, ES = language("en"), language("es")
SETTINGS_END = b"version: v1.9.56\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model as the store has it."""
    folder = tmp_path_factory.mktemp("firefox-en-es")
    shutil.copy(DATA / "model.bin", folder)
    for name in ("source.spm", "target.spm"):
        shutil.copy(DATA / "vocab.spm", folder / name)
    return folder


@pytest.fixture(scope="module")
def engine(folder: Path) -> FirefoxTranslator:
    return FirefoxTranslator(folder, EN, ES, threads=1, beam_size=1)


def test_what_bergamot_says_is_said(engine: FirefoxTranslator) -> None:
    # Bergamot multiplies in 8 bits where this network multiplies in float32: a close choice
    # may fall the other way.
    expected = json.loads((DATA / "expected.json").read_text(encoding="utf-8"))
    assert len(expected) == 40
    same = [engine.translate(text) == said for text, said in expected]
    assert sum(same) >= 38


def test_a_forced_prefix_is_said_and_gone_on_from(engine: FirefoxTranslator) -> None:
    for text, said in json.loads((DATA / "expected.json").read_text(encoding="utf-8")):
        words = engine.translate(text).split()
        if len(words) > 2:
            forced = " ".join(words[:2])
            assert engine.translate(text, prefix=forced).split() == words, (text, said)


def test_the_same_sentence_is_said_whoever_asked_before(engine: FirefoxTranslator) -> None:
    first = engine.answer("Tom is my friend.", with_attention=True)
    engine.translate("Where do you live?")
    assert engine.answer("Tom is my friend.", with_attention=True) == first


def test_an_answer_says_how_sure_it_is_and_where_it_looked(engine: FirefoxTranslator) -> None:
    text = "Tom is my friend."
    answer = engine.answer(text, with_attention=True)
    assert -1 < answer.confidence < 0
    assert answer.words is not None
    assert len(answer.words) == len(answer.text.split())
    assert all(0 <= word < len(text.split()) for word in answer.words)
    assert engine.answer("qwx zzz kkk vvv").confidence < answer.confidence


def test_attention_is_a_share_for_each_piece(folder: Path) -> None:
    network = Network(folder / "model.bin")
    steps = list(network.decode(network.encode([5, 6, 7, END]), [9], 4))
    assert steps
    for step in steps:
        assert step.attention.shape == (4,)
        assert step.attention.sum() == pytest.approx(1, abs=1e-5)


def test_no_run_of_tokens_is_said_twice_where_that_is_asked_for(folder: Path) -> None:
    network = Network(folder / "model.bin")
    seen = network.encode([5, 6, 7, END])
    said = [4, 8, 4]
    free = next(iter(network.decode(seen, said, 1))).token
    again = [4, free, 9, 4]
    kept = next(iter(network.decode(seen, again, 1, no_repeat=2)))
    assert kept.token != free
    assert len(list(network.decode(seen, said, 7))) <= 7


def test_both_tables_are_used_where_the_languages_share_none(
    folder: Path, tmp_path: Path, engine: FirefoxTranslator
) -> None:
    settings, weights = read_items(folder / "model.bin")
    two = {name: array for name, array in weights.items() if name != "Wemb"}
    two |= {"encoder_Wemb": weights["Wemb"], "decoder_Wemb": weights["Wemb"]}
    path = tmp_path / "model.bin"
    path.write_bytes(marian_file("".join(f"{k}: {v}\n" for k, v in settings.items()), two))
    ids = [5, 6, 7, END]
    one, other = Network(folder / "model.bin"), Network(path)
    np.testing.assert_allclose(one.encode(ids), other.encode(ids), atol=1e-5)
    assert [s.token for s in one.decode(one.encode(ids), [], 9)] == [
        s.token for s in other.decode(other.encode(ids), [], 9)
    ]


def marian_file(settings: str, weights: dict[str, Array]) -> bytes:
    """A file of float32 alone, which the reader takes as well."""
    items = [("special:model.yml", 0x0101, (len(settings),), settings.encode())]
    items += [
        (name, 0x0404, array.shape, np.ascontiguousarray(array, "<f4").tobytes())
        for name, array in weights.items()
    ]
    head = struct.pack("<QQ", 1, len(items))
    for name, type_, shape, content in items:
        head += struct.pack("<QQQQ", len(name) + 1, type_, len(shape), len(content))
    head += b"".join(name.encode() + b"\0" for name, *_ in items)
    head += b"".join(struct.pack(f"<{len(shape)}i", *shape) for _, _, shape, _ in items)
    return head + struct.pack("<Q", 0) + b"".join(content for *_, content in items)


def changed(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """A change that keeps every length."""
    return lambda content: content.replace(old, new.ljust(len(old)))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: b"",
        lambda content: content[:10],
        lambda content: content[:2000],
        lambda content: content[: len(content) // 2],
        lambda content: content[:-300],
        lambda content: struct.pack("<Q", 2) + content[8:],
        lambda content: content[:8] + struct.pack("<Q", 1 << 60) + content[16:],
        lambda content: content[:16] + struct.pack("<Q", 1 << 40) + content[24:],
        lambda content: content[:40] + struct.pack("<Q", 1 << 60) + content[48:],
        changed(b"dec-cell: ssru", b"dec-cell: gru"),
        changed(b"type: transformer", b"type: s2s"),
        changed(b"transformer-heads: 4", b"transformer-heads: 5"),
        changed(b"transformer-heads: 4", b"transformer-heads: 0"),
        changed(b"transformer-heads: 4", b"#"),
        changed(b"dec-depth: 2", b"dec-depth: 3"),
        changed(b"decoder_l1_rnn_W\0", b"decoder_l1_rnn_X\0"),
        changed(b"special:model.yml", b"special:modal.yml"),
    ],
)
def test_a_file_that_is_no_student_is_one_sentence(
    tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(spoil((DATA / "model.bin").read_bytes()))
    with pytest.raises(ModelError, match=r"is no student of Marian's, or not whole") as refusal:
        Network(path)
    assert "\n" not in str(refusal.value)


def test_a_folder_without_a_network_names_the_repair(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded: run"):
        FirefoxTranslator(tmp_path, EN, ES, threads=1, beam_size=1)
