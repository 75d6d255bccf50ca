"""The program's own small model, which knows English and Spanish and reads Apertium beside them.

Where Apertium is installed, its translation of the same text is given to the network as a
second source: the dictionary supplies the rare words, the network the grammar. What people
made of the sentence most like it comes beside both. Without them the network translates by
itself, less well (`models/README.md`).
"""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from live_translator.errors import ModelError, SegmentError
from live_translator.fetch import sha256_of
from live_translator.languages import Language
from live_translator.mt.apertium import ApertiumTranslator
from live_translator.mt.attention import ALONE, Answer, Context
from live_translator.mt.ctranslate import CTranslateTranslator, load_pieces
from live_translator.mt.memory import Remembered, shared_memory

log = logging.getLogger(__name__)

CHECKSUMS = "SHA256SUMS"
"""Beside the model, as `sha256sum` writes them."""
MEMORY = "memory.npz"
HINT_MARK = "<hint>"
Piece = TypeVar("Piece")
SEPARATOR = "\uffe8"
"""CTranslate2's mark between what several vocabularies say of a token."""
TEXTS = "ab"
"""The letters of the source's places and of those beside it: `a0`, `a1`, ... and `b0`, ..."""
_MAX_HINT_TOKENS, _MAX_MEMORY_TOKENS = 300, 100
"""The network knows 512 places in each of its two sources."""
_MAX_TOKENS, _MARKS = 512, 3
"""Of all together and their marks: CTranslate2 counts them in one row."""


class CompactTranslator(CTranslateTranslator):
    """English to Spanish and back; one model for both (trained by `models/train`).

    Its second vocabulary is that of places, told apart by text: every token carries its
    piece and its place.
    """

    _marks_before = 1

    def __init__(
        self,
        model_dir: Path,
        source: Language,
        target: Language,
        *,
        threads: int,
        beam_size: int,
    ) -> None:
        """Load the model and start Apertium where there is one; raises ModelError."""
        super().__init__(model_dir, source, target, threads=threads, beam_size=beam_size)
        self._memory = shared_memory(model_dir / MEMORY)
        self._uses_memory = True
        self._recalled: tuple[str, Remembered | None] = ("", None)
        self._apertium: ApertiumTranslator | None = None
        self._hinted = ("", "")
        if ApertiumTranslator.available(source, target):
            self._apertium = ApertiumTranslator(source, target)

    @property
    def codes(self) -> tuple[str, str]:
        """ISO 639-1, of source and target."""
        return self._source.code, self._target.code

    @staticmethod
    def knows(source: Language, target: Language) -> bool:
        """Whether the model was trained for a pair."""
        return {source.code, target.code} == {"en", "es"}

    def close(self) -> None:
        """Free the model's memory and end Apertium; idempotent."""
        super().close()
        if self._apertium is not None:
            self._apertium.close()

    def answer(
        self,
        source: str,
        *,
        prefix: str = "",
        with_attention: bool = False,
        context: Context = ALONE,
        from_memory: bool = True,
    ) -> Answer:
        """Translate, with the memory or without, and say how sure the model is."""
        self._uses_memory = from_memory
        return super().answer(source, prefix=prefix, with_attention=with_attention, context=context)

    def remembered(self, source: str) -> Remembered | None:
        """Return the sentence that the memory has most like a text; the last one is kept."""
        if self._recalled[0] != source:
            self._recalled = (source, self._memory.nearest(source, self._source.code))
        return self._recalled[1]

    def says(self, word: str, other: str) -> bool:
        """Whether people say `other` for a word of the source, as far as the memory knows."""
        return self._memory.says(word, self._source.code, other)

    def hint(self, source: str) -> str:
        """Return what Apertium makes of a text, nothing where it is not there or fails.

        The last answer is kept: whoever judges a translation asks for its hint again.
        """
        if self._apertium is None:
            return ""
        if self._hinted[0] != source:
            try:
                self._hinted = (source, self._apertium.translate(source))
            except (SegmentError, ModelError) as error:
                log.warning("translated without Apertium: %s", error)
                self._hinted = (source, "")
        return self._hinted[1]

    def _repair(self) -> str:
        return "it comes with the program, so install that again"

    def _load_pieces(self, model_dir: Path) -> tuple[Any, Any]:
        pieces = load_pieces(model_dir / "pieces.model")
        return pieces, pieces

    def _marked_source(self, source: str, pieces: list[str]) -> list[str]:
        encode = self._source_pieces.encode
        room = _MAX_TOKENS - len(pieces) - _MARKS
        hint = encode(self.hint(source), out_type=str)[: min(_MAX_HINT_TOKENS, room)]
        near = self.remembered(source) if self._uses_memory else None
        memory = encode(near.target if near else "", out_type=str)
        memory = memory[: min(_MAX_MEMORY_TOKENS, room - len(hint))]
        return side_by_side(pieces, hint, memory, self._target.code)


def require_intact(folder: Path) -> None:
    """Compare a model with the checksums that lie beside it: 31 MB, in 0.02 s.

    Raises ModelError.
    """
    try:
        lines = (folder / CHECKSUMS).read_text(encoding="utf-8").splitlines()
        checksums = {name: sha256 for sha256, name in map(str.split, lines)}
        is_intact = bool(checksums) and all(
            sha256_of(folder / name) == sha256 for name, sha256 in checksums.items()
        )
    except (OSError, ValueError) as error:
        raise ModelError(_damaged(folder)) from error
    if not is_intact:
        raise ModelError(_damaged(folder))


def write_checksums(folder: Path) -> None:
    """Write the checksums of a model's files beside them, as `require_intact` reads them."""
    names = sorted(path.name for path in folder.iterdir() if path.name != CHECKSUMS)
    sums = (f"{sha256_of(folder / name)}  {name}\n" for name in names)
    (folder / CHECKSUMS).write_text("".join(sums), encoding="utf-8")


def _damaged(folder: Path) -> str:
    return (
        f"the translation model in {folder} is damaged: it comes with the program, so install "
        "that again"
    )


def language_mark(target: str) -> str:
    """Return the mark that begins a source: the code of the language to say it in."""
    return f"<2{target}>"


def two_texts(
    source: Sequence[Piece],
    hint: Sequence[Piece],
    memory: Sequence[Piece],
    *,
    mark: Piece,
    hint_mark: Piece,
) -> tuple[list[Piece], list[Piece]]:
    """Return what the network reads: the marked source, and what is known of it, where anything is.

    `mark` is that of the language to say it in; pieces and marks are texts, or their numbers.
    """
    beside = [hint_mark, *hint] if hint else []
    beside += [mark, *memory] if memory else []
    return [mark, *source], beside


def side_by_side(
    source: Sequence[str], hint: Sequence[str], memory: Sequence[str], target: str
) -> list[str]:
    """Return a source, its hint and what is remembered of one like it as the network's tokens.

    All are pieces; hint and memory may be empty.
    """
    parts = two_texts(source, hint, memory, mark=language_mark(target), hint_mark=HINT_MARK)
    return [
        f"{piece}{SEPARATOR}{text}{place}"
        for text, part in zip(TEXTS, parts, strict=True)
        for place, piece in enumerate(part)
    ]
