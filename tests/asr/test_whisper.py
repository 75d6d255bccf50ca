"""The Whisper adapter: its tokenizer, and texts forced upon real speech."""

from pathlib import Path

import ctranslate2
import numpy as np
import pytest

from live_translator.asr.whisper import WhisperTranscriber, with_first_merge
from live_translator.audio.sources import FileSource
from live_translator.config import SAMPLE_RATE_HZ, AsrConfig
from live_translator.errors import ModelError
from live_translator.model_store import ModelStore
from tests.conftest import SAMPLE

pytestmark = pytest.mark.slow


def test_a_prompt_is_spelt_in_the_model_s_own_pieces(store: ModelStore) -> None:
    import tokenizers  # noqa: PLC0415 - heavy

    path = store.path("whisper-base") / "tokenizer.json"
    pieces = with_first_merge(tokenizers.Tokenizer.from_file(str(path)))
    spelt = pieces.encode(" to the tall tree", add_special_tokens=False)
    assert spelt.tokens == ["Ġto", "Ġthe", "Ġtall", "Ġtree"]
    assert with_first_merge(pieces) is pieces


def test_words_forced_upon_speech_have_its_times_and_are_likelier_if_they_were_said(
    store: ModelStore,
) -> None:
    config = AsrConfig()
    transcriber = WhisperTranscriber(store.path(config.model), "en", config)
    source = FileSource(Path(SAMPLE), clock=lambda: 0.0, realtime=False, buffer_s=30.0)
    samples = np.concatenate([block.samples for block in source.blocks()])[: 6 * SAMPLE_RATE_HZ]
    window = transcriber.listen(samples)
    units = window.decode().units
    again = window.spell("", units)
    assert [(unit.text, unit.tokens, unit.start_s, unit.end_s) for unit in again] == [
        (unit.text, unit.tokens, unit.start_s, unit.end_s) for unit in units
    ]
    assert np.allclose([unit.logprob for unit in again], [unit.logprob for unit in units])
    for prompt in ("", "Przybylski"):
        heard = window.spell(units[2].text, units[3:], prefix=units[:2], prompt=prompt)
        other = window.spell(" Przybylski", units[3:], prefix=units[:2], prompt=prompt)
        assert [unit.text for unit in heard] == [unit.text for unit in units[2:]]
        assert other[0].text == " Przybylski"
        assert sum(unit.logprob for unit in other) < sum(unit.logprob for unit in heard) - 3
        assert heard[-1].start_s == pytest.approx(units[-1].start_s, abs=0.3)


def test_a_gpu_that_cannot_be_used_is_said(store: ModelStore) -> None:
    if ctranslate2.get_cuda_device_count():
        pytest.skip("there is a GPU here")
    config = AsrConfig(device="cuda")
    with pytest.raises(ModelError, match=r"set asr\.device to cpu"):
        WhisperTranscriber(store.path(config.model), "en", config)
