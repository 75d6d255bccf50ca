"""The program's own small model, which knows English and Spanish and reads Apertium beside them.

Where Apertium is installed, its translation of the same text is given to the network as a
second source: the dictionary supplies the rare words, the network the grammar. Without it
the network translates by itself, less well (`models/README.md`).
"""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from live_translator.errors import ModelError, SegmentError
from live_translator.fetch import sha256_of
from live_translator.languages import Language
from live_translator.mt.apertium import ApertiumTranslator
from live_translator.mt.ctranslate import CTranslateTranslator, load_pieces

log = logging.getLogger(__name__)

CHECKSUMS = "SHA256SUMS"
"""Beside the model, as `sha256sum` writes them."""
HINT_MARK = "<hint>"
SEPARATOR = "\uffe8"
"""CTranslate2's mark between what several vocabularies say of a token."""
TEXTS = "ab"
"""The letters of the source's places and of the hint's: `a0`, `a1`, ... and `b0`, ..."""
_MAX_HINT_TOKENS = 400
"""The network knows 512 places in each of its two sources."""
_MAX_TOKENS = 512
"""Of both together with their marks: CTranslate2 counts them in one row."""


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
        self._apertium: ApertiumTranslator | None = None
        self._hinted = ("", "")
        if ApertiumTranslator.available(source, target):
            self._apertium = ApertiumTranslator(source, target)

    @staticmethod
    def knows(source: Language, target: Language) -> bool:
        """Whether the model was trained for a pair."""
        return {source.code, target.code} == {"en", "es"}

    def close(self) -> None:
        """Free the model's memory and end Apertium; idempotent."""
        super().close()
        if self._apertium is not None:
            self._apertium.close()

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
        room = min(_MAX_HINT_TOKENS, _MAX_TOKENS - len(pieces) - len(TEXTS))
        hint = self._source_pieces.encode(self.hint(source), out_type=str)[:room]
        return side_by_side(pieces, hint, self._target.code)


def require_intact(folder: Path) -> None:
    """Compare a model with the checksums that lie beside it: 16 MB, in 0.01 s.

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


def _damaged(folder: Path) -> str:
    return (
        f"the translation model in {folder} is damaged: it comes with the program, so install "
        "that again"
    )


def language_mark(target: str) -> str:
    """Return the mark that begins a source: the code of the language to say it in."""
    return f"<2{target}>"


def side_by_side(source: Sequence[str], hint: Sequence[str], target: str) -> list[str]:
    """Return the pieces of a source and of its hint, if there is one, as the network's tokens."""
    own, second = [language_mark(target), *source], [HINT_MARK, *hint] if hint else []
    return [
        f"{piece}{SEPARATOR}{text}{place}"
        for text, part in zip(TEXTS, (own, second), strict=True)
        for place, piece in enumerate(part)
    ]
