"""Whisper through CTranslate2: short windows, forced prefixes, word times.

faster-whisper's `transcribe` pads every call to 30 s; a stream of short windows pays for
the silence. This adapter takes its model, tokenizer and features and calls CTranslate2
itself, with features only as long as the speech needs.
"""

import copy
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np

from live_translator.asr.agreement import Hypothesis, Unit
from live_translator.config import SAMPLE_RATE_HZ, AsrConfig
from live_translator.errors import ModelError
from live_translator.messages import Samples

_HOP_SAMPLES = 160
"""Whisper's features: one frame each 10 ms."""
_MAX_FRAMES = 3000
"""Whisper's window: 30 s."""
_FRAMES_PER_POSITION = 2
"""The encoder's convolution halves the frames; alignments count positions."""
_CONTEXT_TOKENS = 448
"""The decoder's positions; half of them at most may be a prompt (Whisper's own rule)."""
_LEAST = 1e-9
"""Probabilities below have no logarithm worth a difference."""


class WhisperTranscriber:
    """A Whisper model in one language; satisfies `interfaces.Transcriber`.

    One instance may be shared by sessions; each call is independent of the others.
    """

    def __init__(self, model_dir: Path, language: str, config: AsrConfig) -> None:
        """Load the model (about a second for base).

        Raises ModelError if the folder holds no model that CTranslate2 can read.
        """
        from faster_whisper import WhisperModel  # noqa: PLC0415 - heavy: its adapter only

        try:
            self._model = WhisperModel(
                str(model_dir),
                device=config.device,
                compute_type=config.compute_type,
                cpu_threads=config.threads,
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as error:
            mend = f"run `live-translate models get --force {config.model}`"
            if config.device != "cpu":
                mend = "check the GPU's driver, or set asr.device to cpu"
            raise ModelError(
                f"the recogniser in {model_dir} cannot be loaded ({error}): {mend}"
            ) from error
        self._config = config
        self._pieces = with_first_merge(self._model.hf_tokenizer)
        self._tokenizers = self._tokenizers_of(language)

    def in_language(self, language: str) -> Self:
        """Return the same model, not loaded again, for another language."""
        other = copy.copy(self)
        other._tokenizers = self._tokenizers_of(language)
        return other

    def languages(self, samples: Samples) -> dict[str, float]:
        """Return the probability of each language that the model knows, by ISO 639-1 code.

        Satisfies `asr.identification.Identifier`; takes up to 28 s of 16 kHz audio.
        """
        return self.listen(samples).languages()

    def listen(self, samples: Samples) -> "WhisperWindow":
        """Encode up to 28 s of 16 kHz audio."""
        return WhisperWindow(self._model, self._tokenizers, self._config, samples)

    def _tokenizers_of(self, language: str) -> dict[str, Any]:
        from faster_whisper.tokenizer import Tokenizer  # noqa: PLC0415 - heavy: its adapter only

        return {
            task: Tokenizer(
                self._pieces,
                multilingual=self._model.model.is_multilingual,
                task=task,
                language=language,
            )
            for task in ("transcribe", "translate")
        }


def with_first_merge(pieces: Any) -> Any:
    """Return a `tokenizers.Tokenizer` with the merge of a space and a t, if it was lost.

    It is the first of Whisper's merges, and the tokenizer.json that comes with the converted
    models lacks it: " to the" was given back as a prompt in pieces that the model never saw
    in training. With it, 206 s of talks have 3.3 % word errors instead of 4.8 %.
    """
    import tokenizers  # noqa: PLC0415 - heavy: its adapter only

    state = json.loads(pieces.to_str())
    merges = state["model"]["merges"]
    first = ["Ġ", "t"] if isinstance(merges[0], list) else "Ġ t"
    if first in merges or "Ġt" not in state["model"]["vocab"]:
        return pieces
    merges.insert(0, first)
    return tokenizers.Tokenizer.from_str(json.dumps(state))


class WhisperWindow:
    """One encoded window; satisfies `interfaces.Window` and `names.SpellingWindow`."""

    def __init__(
        self, model: Any, tokenizers: dict[str, Any], config: AsrConfig, samples: Samples
    ) -> None:
        import ctranslate2  # noqa: PLC0415 - heavy: its adapter only

        self._model = model.model
        self._tokenizers = tokenizers
        self._config = config
        self._seconds = len(samples) / SAMPLE_RATE_HZ
        self._speech_frames = min(_MAX_FRAMES, max(2, len(samples) // _HOP_SAMPLES))
        padded = self._speech_frames + int(config.padding_s * SAMPLE_RATE_HZ) // _HOP_SAMPLES
        frames = min(_MAX_FRAMES, padded + padded % 2)
        silence = max(0, frames * _HOP_SAMPLES - len(samples))
        features = model.feature_extractor(np.pad(samples, (0, silence)))[:, :frames]
        self._encoded = self._model.encode(
            ctranslate2.StorageView.from_array(np.ascontiguousarray(features[None]))
        )

    def decode(
        self,
        *,
        prefix: Sequence[Unit] = (),
        prompt: str = "",
        translate: bool = False,
        beam_size: int = 1,
    ) -> Hypothesis:
        """Return what follows the forced prefix; see `interfaces.Window.decode`."""
        tokenizer = self._tokenizers["translate" if translate else "transcribe"]
        start = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        forced = [token for unit in prefix for token in unit.tokens]
        context = self._context(tokenizer, prompt)
        new_tokens = 16 + int(self._seconds * self._config.max_tokens_per_s) - len(forced)
        length = len(context) + len(start) + len(forced)
        result = self._model.generate(
            self._encoded,
            [[*context, *start, *forced]],
            beam_size=beam_size,
            max_length=min(_CONTEXT_TOKENS, length + max(8, new_tokens)),
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        # CTranslate2 counts as generated all that follows the start-of-transcript tokens,
        # the forced ones too.
        generated = result.sequences_ids[0][len(forced) :]
        tokens = [token for token in generated if token < tokenizer.eot]
        return Hypothesis(
            units=self._units(tokenizer, tokenizer.sot_sequence, forced, tokens),
            mean_logprob=result.scores[0],
            no_speech_probability=result.no_speech_prob,
        )

    def languages(self) -> dict[str, float]:
        """Return the probability of each language, by its code (Radford et al. 2022, 2.3)."""
        (found,) = self._model.detect_language(self._encoded)
        return {token.strip("<|>"): probability for token, probability in found}

    def spell(
        self, words: str, rest: Sequence[Unit], *, prefix: Sequence[Unit] = (), prompt: str = ""
    ) -> tuple[Unit, ...]:
        """Return words and units as what follows the prefix; see `names.SpellingWindow`."""
        tokenizer = self._tokenizers["transcribe"]
        start = [*self._context(tokenizer, prompt), *tokenizer.sot_sequence]
        forced = [token for unit in prefix for token in unit.tokens]
        tokens = [*tokenizer.encode(words), *(token for unit in rest for token in unit.tokens)]
        return self._units(tokenizer, start, forced, tokens)

    @staticmethod
    def _context(tokenizer: Any, prompt: str) -> list[int]:
        if not prompt:
            return []
        tokens: list[int] = tokenizer.encode(" " + prompt.strip())
        return [tokenizer.sot_prev, *tokens[-(_CONTEXT_TOKENS // 2 - 1) :]]

    def _units(
        self, tokenizer: Any, start: Sequence[int], forced: list[int], tokens: list[int]
    ) -> tuple[Unit, ...]:
        """Split tokens into words and say when each was spoken, `start` being before them all.

        The times come from the cross-attention of the alignment heads, warped to a
        monotonic path (`Whisper.align`; as in OpenAI's word timestamps).
        """
        if not tokens:
            return ()
        alignment = self._model.align(
            self._encoded, list(start), [[*forced, *tokens]], [self._speech_frames]
        )[0]
        seconds_per_position = _FRAMES_PER_POSITION * _HOP_SAMPLES / SAMPLE_RATE_HZ
        starts_s: dict[int, float] = {}
        for text_index, position in alignment.alignments:
            starts_s.setdefault(text_index, position * seconds_per_position)
        words, word_tokens = tokenizer.split_to_word_tokens([*tokens, tokenizer.eot])
        units = []
        index = len(forced)
        for word, spelled in zip(words[:-1], word_tokens[:-1], strict=True):
            after = index + len(spelled)
            start_s = starts_s.get(index, self._seconds)
            end_s = starts_s.get(after, self._seconds)
            probabilities = alignment.text_token_probs[index:after]
            units.append(
                Unit(
                    word,
                    tuple(spelled),
                    start_s,
                    max(start_s, end_s),
                    min(probabilities, default=0.0),
                    sum(math.log(max(p, _LEAST)) for p in probabilities),
                )
            )
            index = after
        return tuple(units)
