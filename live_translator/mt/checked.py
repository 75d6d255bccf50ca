"""An engine whose answers are checked: what people have said is used, and what must survive does.

Whatever the engine, a sentence that people have translated is said as they did. Else the
engine translates it, and a checker compares the two (`mt/checks.py`). An answer that has lost
a number, a name or a "not" loses to another: of the sentence with its number words in digits,
then with what was lost taken out and put back (`mt/placeholders.py`). Gender and person
that the source states are mended by rule (`mt/agreement/`).
"""

import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from live_translator.errors import SegmentError
from live_translator.interfaces import Translator
from live_translator.languages import Language
from live_translator.mt.addresses import addresses
from live_translator.mt.agreement import disagreements, mended
from live_translator.mt.attention import ALONE, Answer, Context, ask
from live_translator.mt.checks import lost
from live_translator.mt.exchange import Exchange, exchanged
from live_translator.mt.memory import Memory
from live_translator.mt.number_forms import (
    in_digits,
    localised,
    with_numbers_localised,
    with_words_for_signs,
)
from live_translator.mt.peeling import peeled
from live_translator.mt.placeholders import exchanges, with_addresses
from live_translator.mt.quantities import quantities
from live_translator.mt.questions import with_question_mark
from live_translator.mt.recall import recalled
from live_translator.mt.symbols import parted
from live_translator.mt.typed import with_apostrophes
from live_translator.quoted import Quoted
from live_translator.spelling import bare

log = logging.getLogger(__name__)

MEMORY, ENGINE, DIGITS, EXCHANGED = "memory", "engine", "digits", "exchanged"
"""Where an answer comes from."""
_DROPS_PRONOUNS = frozenset(("es",))
_LONGEST_WORD = 60
"""Letters; the longest words of the languages here have half as many. Longer is no language."""
_WORD = re.compile(r"(?<!\S)[^\w\s]*([^\W\d_]+)[^\w\s]*(?!\S)")
"""Letters alone but for marks around them, so no address or code."""
_UNSPACED = frozenset(("Jpan", "Hans", "Hant", "Thai", "Khmr", "Laoo", "Mymr"))
"""Scripts without spaces between words, as FLORES names them."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer, and what it has lost."""

    way: str
    answer: Answer
    lost: tuple[str, ...]


class CheckedTranslator:
    """Any engine, checked; satisfies `AttentiveTranslator`.

    `memory` holds what people have said for the pair, where there is one. Runs on the MT thread.
    """

    def __init__(
        self, engine: Translator, source: Language, target: Language, memory: Memory | None = None
    ) -> None:
        self._engine = engine
        self._source, self._target = source, target
        self._memory = memory
        self.ways: Counter[str] = Counter()
        """How many translations came from where."""

    @property
    def name(self) -> str:
        """The engine's name."""
        return self._engine.name

    @property
    def forces_prefix(self) -> bool:
        """Whether the engine honours a prefix."""
        return self._engine.forces_prefix

    def translate(self, source: str, *, prefix: str = "") -> str:
        """Return the translation; raises SegmentError for what is no text of the language."""
        return self.answer(source, prefix=prefix).text

    def close(self) -> None:
        """Close the engine."""
        self._engine.close()

    def answer(
        self,
        source: str,
        *,
        prefix: str = "",
        with_attention: bool = False,
        context: Context = ALONE,
    ) -> Answer:
        """Translate, and doubt what has lost something; raises what `translate` does.

        A sentence that still grows is not looked up: its end may turn it into another.
        """
        text = " ".join(unicodedata.normalize("NFC", source).split())
        text = with_apostrophes(text, self._source.code)
        if context.ended and not prefix:
            before, text, after = parted(text)
            if before or after:
                answer = self.answer(text, with_attention=with_attention, context=context)
                return replace(answer, text=before + answer.text + after, words=None)
        if not with_attention:
            peeled_answer = self._peeled(text, prefix, context)
            if peeled_answer is not None:
                return peeled_answer
        return self._whole(text, prefix=prefix, with_attention=with_attention, context=context)

    def _peeled(self, text: str, prefix: str, context: Context) -> Answer | None:
        """Return the translation of a sentence with something around it, else None.

        None too where the committed words are not what stands around it.
        """
        if self._memory is None:
            return None
        prefix = prefix if self.forces_prefix else ""
        around = peeled(text, self._memory, self._source.code, ended=context.ended)
        begun = None if around is None else around.core_prefix(prefix)
        if around is None or begun is None:
            return None
        if context.ended and (known := self._known(text, prefix, context)):
            return known
        core = self._whole(around.core, prefix=begun, with_attention=False, context=context)
        said = around.joined(core.text, is_begun=bool(begun))
        if not _goes_on(said, prefix):
            return None
        is_settled = core.is_settled and self._is_settled(text, prefix, context)
        return replace(core, text=said, is_settled=is_settled)

    def _whole(self, text: str, *, prefix: str, with_attention: bool, context: Context) -> Answer:
        """Return the translation of a sentence without anything around it."""
        heard = self._heard(text)
        if not any(map(str.isalpha, heard)):
            copied = _copied(heard, *self._codes)
            return Answer((_joined(prefix, copied) or prefix) if self.forces_prefix else copied)
        self._refuse(text)
        if context.ended and (known := self._known(text, prefix, context)):
            return known
        found = self._found(heard, prefix, with_attention=with_attention, context=context)
        best = min(found, key=lambda candidate: len(candidate.lost))
        if best.way is not ENGINE:
            log.debug("%s (%s): %s", best.way, found[0].lost, Quoted(text))
        self.ways[best.way] += 1
        is_same = best.way is ENGINE and len(heard.split()) == len(text.split())
        return replace(
            best.answer,
            text=self._mended(heard, best.answer.text, prefix, context),
            words=best.answer.words if is_same else None,
            is_sure=best.answer.is_sure and not best.lost,
            is_settled=self._is_settled(text, prefix, context),
        )

    def _known(self, text: str, prefix: str, context: Context) -> Answer | None:
        """Return what people have said for a sentence, where that goes on from the prefix."""
        if self._memory is None:
            return None
        said = recalled(text, self._memory, self._source.code)
        whole = said and (_joined(prefix, said) if self.forces_prefix else said)
        if not whole:
            return None
        self.ways[MEMORY] += 1
        return Answer(self._mended(text, whole, prefix, context))

    @property
    def _codes(self) -> tuple[str, str]:
        return self._source.code, self._target.code

    def _is_settled(self, text: str, prefix: str, context: Context) -> bool:
        """Whether a text cannot become a set phrase any more, or some of it is out already."""
        if context.ended or prefix or self._memory is None:
            return True
        return not self._memory.may_become(text, self._source.code)

    def _heard(self, text: str) -> str:
        """Return a text as engines know texts: not shouted, words for signs, questions marked."""
        code = self._source.code
        return with_question_mark(with_words_for_signs(_unshouted(text, code), code), code)

    def _found(
        self, heard: str, prefix: str, *, with_attention: bool, context: Context
    ) -> list[Candidate]:
        """Return candidates up to the first that has lost nothing, which is then the last.

        A further try that fails takes nothing from the ones before. Raises what the engine does
        where there is none.
        """
        found: list[Candidate] = []
        answers = self._answers(heard, prefix, with_attention=with_attention, context=context)
        try:
            for way, answer in answers:
                found.append(Candidate(way, answer, lost(heard, answer.text, *self._codes)))
                if not found[-1].lost:
                    break
        except SegmentError as error:
            if not found:
                raise
            log.debug("%s: %s", error, Quoted(heard))
        return found

    def _answers(
        self, heard: str, prefix: str, *, with_attention: bool, context: Context
    ) -> Iterator[tuple[str, Answer]]:
        """Yield what there is to say, what is liked most first."""

        def through(exchange: Exchange) -> Answer | None:
            return exchanged(
                self._engine, exchange, prefix, with_attention=with_attention, context=context
            )

        named = with_addresses(heard)
        if named and (answer := through(named)):
            yield EXCHANGED, answer
        yield (
            ENGINE,
            ask(self._engine, heard, prefix=prefix, with_attention=with_attention, context=context),
        )
        digits = in_digits(heard, self._source.code)
        if digits != heard:
            yield DIGITS, ask(self._engine, digits, prefix=prefix, context=context)
        for exchange in exchanges(heard, *self._codes):
            if answer := through(exchange):
                yield EXCHANGED, answer

    def _mended(self, heard: str, text: str, prefix: str, context: Context) -> str:
        """Return a translation with its numbers in its own writing and the source's genders.

        What is committed stays as it is.
        """
        localised_text = with_numbers_localised(heard, text, *self._codes)
        for other in (localised_text, self._agreeing(heard, localised_text, context)):
            if not self.forces_prefix or _goes_on(other, prefix):
                text = other
        return text

    def _agreeing(self, heard: str, text: str, context: Context) -> str:
        """Return a translation with the genders that its source states.

        Spanish leaves pronouns out, so who is meant may stand in the sentence before.
        """
        around = [heard]
        if context.before and self._source.code in _DROPS_PRONOUNS:
            around.append(f"{context.before} {heard}")
        for said in around:
            if disagreements(said, text, *self._codes):
                return mended(said, text, *self._codes)
        return text

    def _refuse(self, text: str) -> None:
        """Raise SegmentError for what is no sentence of the source language."""
        script = self._source.flores.partition("_")[2]
        longest = max((len(match[1]) for match in _WORD.finditer(text)), default=0)
        if longest > _LONGEST_WORD and script not in _UNSPACED:
            raise SegmentError(
                f"a word of {longest} letters is no {self._source.name}: break it into words"
            )
        letters = [letter for letter in text if letter.isalpha()]
        if script == "Latn" and 2 * sum(map(_is_latin, letters)) < len(letters):
            raise SegmentError(
                f"the text is not written as {self._source.name} is: check the language it is in"
            )


def _is_latin(letter: str) -> bool:
    # As in "2.ª", and letters of full width.
    plain = unicodedata.normalize("NFKC", letter)[0]
    return plain.isascii() or unicodedata.name(plain, "").startswith("LATIN")


def _unshouted(text: str, code: str) -> str:
    """Return a text in capitals as it is usually written; engines have never seen it so."""
    is_shouted = text.isupper() and sum(len(word) > 1 for word in text.split()) > 1
    if not is_shouted:
        return text
    parts, end = [], 0
    for address in addresses(text):
        parts += [text[end : address.begin].lower(), address.text]
        end = address.end
    low = "".join([*parts, text[end:].lower()])
    if code == "en":
        low = re.sub(r"\bi\b(?!\.\w)", "I", low)
    return re.sub(r"^\W*\w", lambda begin: begin[0].upper(), low)


def _copied(text: str, source_code: str, target_code: str) -> str:
    """Return a text that is no sentence as it stands, its numbers written as the target does."""
    for quantity in reversed(quantities(text, source_code)):
        begin, end = quantity.number
        number = localised(text[begin:end], source_code, target_code)
        text = text[:begin] + number + text[end:]
    return text


def _goes_on(text: str, prefix: str) -> bool:
    """Whether a text begins with the committed words, and not with longer ones."""
    return not prefix or f"{text} ".startswith(f"{prefix} ")


def _joined(prefix: str, said: str) -> str | None:
    """Return the committed words and what comes behind them; None where others were committed."""
    committed, words = prefix.split(), said.split()
    if [bare(word) for word in committed] != [bare(word) for word in words[: len(committed)]]:
        return None
    return " ".join([*committed, *words[len(committed) :]])
