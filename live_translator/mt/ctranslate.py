"""Translators that CTranslate2 and SentencePiece run, with forced prefixes.

NLLB-200, OPUS-MT and Argos packages are here, the program's own compact model is in
`mt/compact.py`.
"""

import json
import threading
import weakref
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from live_translator.errors import EngineError, ModelError, SegmentError, UsageError
from live_translator.languages import Language, language
from live_translator.mt.attention import ALONE, Answer, Context, attended_words, word_numbers

_END = "</s>"
COMPUTE_TYPE = "int8"
"""What a laptop's CPU multiplies fastest, whatever the weights are stored as."""
_MAX_SOURCE_TOKENS = 500
"""Both families were trained with 512 positions; the rest is for the marks around."""
_MAX_TARGET_TOKENS = 511
"""Of these positions, the last that a decoder may come to: past the table it fails."""
_LENGTH_RATIO, _LENGTH_SLACK = 3, 16
"""Target tokens per source token, and over it, past which a decode is running away: for
the languages here the ratio is below 2."""
_NO_REPEAT_NGRAM = 4
"""Tokens; a decoder in a loop repeats four. So do sound sentences, where a name is spelt in
pieces and said twice: 2 % of FLORES. Hence only for a decode that ran away without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What the decoder said behind what it was made to begin with."""

    tokens: list[str]
    has_ended: bool
    """Whether it came to an end by itself."""
    attention: Sequence[Sequence[float]]
    """A row for each token, a column for each token of the marked source; or nothing."""
    confidence: float


class CTranslateTranslator:
    """What all families share; satisfies `interfaces.Translator`, `AttentiveTranslator`.

    A subclass says how the tokens of source and target are marked. The MT thread calls
    it; CTranslate2's own threads do the work.
    """

    name = ""
    forces_prefix = True
    _marks_before = 0
    """Tokens that stand before the text in a marked source."""

    def __init__(
        self,
        model_dir: Path,
        source: Language,
        target: Language,
        *,
        threads: int,
        beam_size: int,
        device: str = "cpu",
    ) -> None:
        """Load the model; raises ModelError if the folder holds none that can be read."""
        self._source, self._target = source, target
        self._beam_size = beam_size
        self.name = model_dir.name
        try:
            self._source_pieces, self._target_pieces = self._load_pieces(model_dir)
            self._model = self._load_model(model_dir, threads, device)
        except (RuntimeError, ValueError, OSError) as error:
            mend = self._repair()
            if device != "cpu":
                mend = f"check the GPU's driver ({error}), or set mt.device to cpu"
            raise ModelError(
                f"the translation model in {model_dir} cannot be loaded: {mend}"
            ) from error

    def translate(self, source: str, *, prefix: str = "") -> str:
        """Return the translation; it begins with `prefix`, word for word.

        Raises SegmentError for a text longer than the model takes, EngineError where it fails.
        """
        return self.answer(source, prefix=prefix).text

    def answer(
        self,
        source: str,
        *,
        prefix: str = "",
        with_attention: bool = False,
        context: Context = ALONE,  # noqa: ARG002 - it reads the sentence alone
    ) -> Answer:
        """Translate and say how sure the model is; raises what `translate` does.

        The attention is that of the decoder's last layer, the mean of its heads, or of the
        heads that the model's `config.json` names for alignment.
        """
        pieces = self._source_pieces.encode(" ".join(source.split()), out_type=str)
        if not pieces:
            return Answer(prefix, (), 0.0)
        if self._model is None:
            raise EngineError("the translation model was closed: start again")
        if len(pieces) > _MAX_SOURCE_TOKENS:
            raise SegmentError(
                f"the sentence has {len(pieces)} tokens, the model takes {_MAX_SOURCE_TOKENS}: "
                "lower mt.max_sentence_words"
            )
        forced = self._target_pieces.encode(" ".join(prefix.split()), out_type=str)
        begin = [*self._target_marks(), *forced]
        try:
            marked = self._marked_source(source, pieces)
            decoded = self._decode(marked, pieces, begin, with_attention=with_attention)
            if not decoded.has_ended:
                decoded = self._decode(
                    marked, pieces, begin, with_attention=with_attention, no_repeat=_NO_REPEAT_NGRAM
                )
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"the translation model failed ({error})") from error
        text = self._joined(prefix, decoded.tokens)
        words = None
        if with_attention:
            words = self._attended(source, pieces, prefix, text, decoded)
        return Answer(text, words, decoded.confidence)

    def close(self) -> None:
        """Let the model go; idempotent.

        Its memory is free once nobody shares it. Who loads it later does not get this one,
        in which a call may hang.
        """
        with _loading:
            for key, model in list(_models.items()):
                if model is self._model:
                    del _models[key]
        self._model = None

    def _decode(
        self,
        marked: list[str],
        pieces: list[str],
        begin: list[str],
        *,
        with_attention: bool,
        no_repeat: int = 0,
    ) -> Decoded:
        """Return what comes behind `begin`."""
        (result,) = self._model.translate_batch(
            [marked],
            target_prefix=[begin],
            beam_size=self._beam_size,
            max_decoding_length=longest(pieces, begin),
            no_repeat_ngram_size=no_repeat,
            return_end_token=True,
            return_scores=True,
            return_attention=with_attention,
        )
        tokens = result.hypotheses[0]
        return Decoded(
            tokens=tokens[len(begin) :],
            has_ended=tokens[-1] == _END,
            attention=result.attention[0][len(begin) :] if with_attention else (),
            confidence=result.scores[0],
        )

    def _attended(
        self, source: str, pieces: list[str], prefix: str, text: str, decoded: Decoded
    ) -> tuple[int, ...] | None:
        """Return what the words behind the prefix look at, None where words do not match."""
        first = self._marks_before
        spoken = [
            (token, row[first : first + len(pieces)])
            for token, row in zip(decoded.tokens, decoded.attention, strict=True)
            if self._is_spoken(token)
        ]
        tokens, rows = [token for token, _ in spoken], [row for _, row in spoken]
        words = attended_words(pieces, tokens, rows)
        new_words = len(text.split()) - len(prefix.split())
        matches = word_numbers(pieces)[-1] + 1 == len(source.split()) and len(words) == new_words
        return words if matches else None

    def _joined(self, prefix: str, tokens: list[str]) -> str:
        """Put the new words behind the prefix, which is not decoded: it stays verbatim."""
        known = [token for token in tokens if self._is_spoken(token)]
        # Of a piece that the target's model does not have, the mark of a word's beginning stays.
        words = str(self._target_pieces.decode(known)).replace("▁", " ").strip()
        if not prefix:
            return words
        # A piece that begins a word carries SentencePiece's space mark; one that does not
        # goes on with the prefix's last word, as punctuation does.
        begins_word = bool(known) and known[0].startswith("▁")
        return f"{prefix}{' ' if begins_word else ''}{words}"

    def _is_spoken(self, token: str) -> bool:
        """Whether a token spells text: marks of languages and of sentence ends do not."""
        pieces = self._target_pieces
        number = pieces.piece_to_id(token)
        return not (pieces.is_unknown(number) or pieces.is_control(number))

    def _repair(self) -> str:
        """Return what helps where the files cannot be read."""
        return f"run `live-translate models get --force {self.name}`"

    def _load_model(self, model_dir: Path, threads: int, device: str) -> Any:
        """Return the network; raises RuntimeError, ValueError, OSError."""
        return shared_model(model_dir, threads, device, _ctranslate_model)

    def _load_pieces(self, model_dir: Path) -> tuple[Any, Any]:
        """Return the SentencePiece models of source and target."""
        raise NotImplementedError

    def _marked_source(self, source: str, pieces: list[str]) -> list[str]:
        """Return the source, a text and its pieces, as tokens that the model knows."""
        raise NotImplementedError

    def _target_marks(self) -> list[str]:
        """Return the tokens that every target begins with."""
        return []


class NllbTranslator(CTranslateTranslator):
    """NLLB-200: one model for 200 languages, named by FLORES-200 codes.

    NLLB team 2022, "No Language Left Behind": the source begins with its language's
    token, the target with its own.
    """

    _marks_before = 1

    def _load_pieces(self, model_dir: Path) -> tuple[Any, Any]:
        pieces = load_pieces(model_dir / "sentencepiece.bpe.model")
        return pieces, pieces

    def _marked_source(self, source: str, pieces: list[str]) -> list[str]:  # noqa: ARG002
        return [self._source.flores, *pieces, _END]

    def _target_marks(self) -> list[str]:
        return [self._target.flores]


class OpusTranslator(CTranslateTranslator):
    """OPUS-MT (Marian): a small model for one direction, or for several into one another.

    Tiedemann, Thottingal 2020. What a model of several target languages should say is told
    by a token before the text, which is in its vocabulary.
    """

    _mark: tuple[str, ...] = ()

    def _load_pieces(self, model_dir: Path) -> tuple[Any, Any]:
        marks = [token for token in _source_tokens(model_dir) if token.startswith(">>")]
        if marks:
            self._mark = (target_mark(marks, self._target),)
            self._marks_before = len(self._mark)
        return load_pieces(model_dir / "source.spm"), load_pieces(model_dir / "target.spm")

    def _marked_source(self, source: str, pieces: list[str]) -> list[str]:  # noqa: ARG002
        return [*self._mark, *pieces, _END]

    def _is_spoken(self, token: str) -> bool:
        """Whether a token spells text; it may be a piece that only the source's model has."""
        return token not in _OPUS_SILENT and not token.startswith(">>")


_OPUS_SILENT = frozenset({_END, "<s>", "<unk>", "<pad>"})


def target_mark(marks: Iterable[str], target: Language) -> str:
    """Return the token `>>xxx<<` that asks for a language, of those that a model has.

    The tokens name languages by ISO 639 codes of two or three letters, some of them with a
    script. Raises ValueError where none of them is the language.
    """
    script = target.flores.partition("_")[2]

    def rank(mark: str) -> tuple[int, bool, str]:
        code, _, variant = mark[2:-2].partition("_")
        fit = 0 if variant == script else 2 if variant else 1
        return fit, code not in (target.iso3, target.code), mark

    fitting = [mark for mark in marks if _names(mark[2:-2].partition("_")[0], target)]
    if not fitting:
        raise ValueError(f"the model does not translate into {target.name}")
    return min(fitting, key=rank)


def _names(code: str, target: Language) -> bool:
    try:
        return language(code) == target
    except UsageError:
        return False


def _source_tokens(model_dir: Path) -> list[str]:
    """Return a converted model's source vocabulary; raises OSError, ValueError."""
    for name in ("shared_vocabulary", "source_vocabulary"):
        for suffix in (".json", ".txt"):
            path = model_dir / f"{name}{suffix}"
            if path.exists():
                text = path.read_text(encoding="utf-8")
                return list(json.loads(text)) if suffix == ".json" else text.splitlines()
    raise FileNotFoundError(f"{model_dir} has no vocabulary")


class ArgosTranslator(CTranslateTranslator):
    """An Argos Translate package: a small OPUS-MT model for one direction, one set of pieces."""

    def _load_pieces(self, model_dir: Path) -> tuple[Any, Any]:
        pieces = load_pieces(model_dir / "sentencepiece.model")
        return pieces, pieces

    def _marked_source(self, source: str, pieces: list[str]) -> list[str]:  # noqa: ARG002
        return pieces


def longest(pieces: Sequence[str], begin: Sequence[str]) -> int:
    """Return how many tokens a target may have, those it begins with among them."""
    room = max(0, _LENGTH_RATIO * len(pieces) - len(begin)) + _LENGTH_SLACK
    return min(len(begin) + room, _MAX_TARGET_TOKENS)


_models: "weakref.WeakValueDictionary[tuple[Path, int, str], Any]" = weakref.WeakValueDictionary()
_loading = threading.Lock()


def _ctranslate_model(model_dir: Path, threads: int, device: str) -> Any:
    """Return a model for `shared_model`; raises RuntimeError, ValueError."""
    import ctranslate2  # noqa: PLC0415 - heavy: its adapter only

    return ctranslate2.Translator(
        str(model_dir), device=device, compute_type=COMPUTE_TYPE, intra_threads=threads
    )


def shared_model(
    model_dir: Path, threads: int, device: str, load: Callable[[Path, int, str], Any]
) -> Any:
    """Return a model, loaded once for all who have it: one may serve many pairs of languages.

    CTranslate2 queues what several threads ask of it. Raises what `load` does.
    """
    with _loading:
        model = _models.get((model_dir, threads, device))
        if model is None:
            model = load(model_dir, threads, device)
            _models[model_dir, threads, device] = model
        return model


def load_pieces(path: Path) -> Any:
    """Return a SentencePiece model; raises OSError, RuntimeError where there is none."""
    import sentencepiece  # noqa: PLC0415 - heavy: its adapter only

    return sentencepiece.SentencePieceProcessor(model_file=str(path))
