"""Names that the recogniser does not know: found by their sound, judged by the recogniser.

Whisper writes an unknown name as words that sound like it, and doubts them. Where doubtful
words sound like a name of the glossary, the recogniser is asked which of the two it hears,
once the name has been mentioned to it: both texts are forced upon the same audio and their
probabilities compared. So a list of any length costs nothing where nothing sounds like it,
and a name that was not said is not put in.
"""

import functools
import itertools
import logging
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from live_translator.asr.agreement import Hypothesis, Unit
from live_translator.asr.phones import Lexicon, Phones, parse, weight
from live_translator.config import AsrConfig
from live_translator.errors import ModelError
from live_translator.glossary import Glossary, Term
from live_translator.languages import Language
from live_translator.quoted import Quoted

log = logging.getLogger(__name__)

_FOREIGN = ("es", "pl", "de", "fr-fr", "it", "pt", "ga", "cy", "eu", "vi", "tr")
"""eSpeak NG's voices that say a name as where it may come from; Basque has the x of Mexico."""
_MOST_WORDS = 4
"""Of the text that a name may be taken for: pop a catapetal."""
_MOST_TRIES = 2
"""Names that the recogniser is asked about each time; a try is two passes of its decoder."""
_JOINTS = (".", "-", "'")
"""Marks that a misheard name may have in it: T. Laupin, Z-scaler."""
_POSSESSIVES = ("'s", "’s")  # noqa: RUF001 - typographic
_REMEMBERED = 4096
"""Spans whose sound is kept; the same words come again with each decode."""


@runtime_checkable
class SpellingWindow(Protocol):
    """Audio of which a transcriber can say how well a given text fits it."""

    def spell(
        self, words: str, rest: Sequence[Unit], *, prefix: Sequence[Unit] = (), prompt: str = ""
    ) -> tuple[Unit, ...]:
        """Return `words` and `rest` as if they had been decoded behind `prefix`.

        They have the times and probabilities that they have there, with `prompt` said before.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Some words of a hypothesis, from `begin` to before `end`, and a name that sounds alike."""

    begin: int
    end: int
    term: Term
    ending: str
    """A possessive, verbatim."""
    likeness: float
    weight: float
    """How much of it there is to hear, in phones."""

    def contains(self, other: "Candidate") -> bool:
        """Whether the other one's words are among its own."""
        return self.begin <= other.begin and other.end <= self.end

    def spelt(self, units: Sequence[Unit]) -> str:
        """Return the name as it is to stand in the place of its words."""
        heard = units[self.begin].text
        space = heard[: len(heard) - len(heard.lstrip())]
        return f"{space}{self.term.source}{self.ending}"


@dataclass(frozen=True, slots=True)
class Sighting:
    """A name that was put into a hypothesis, and where in the source it was said."""

    candidate: Candidate
    start_s: float
    end_s: float

    def again(self, units: Sequence[Unit], window_start_s: float) -> Candidate | None:
        """Return the name for the words that stand in its place now, None if there are none."""
        begin_s, end_s = self.start_s - window_start_s, self.end_s - window_start_s
        inside = [
            number
            for number, unit in enumerate(units)
            if not unit.is_punctuation and begin_s <= (unit.start_s + unit.end_s) / 2 <= end_s
        ]
        if not inside:
            return None
        begin, end = inside[0], inside[-1] + 1
        _, ending = _without_ending(_text(units[begin:end]))
        return replace(self.candidate, begin=begin, end=end, ending=ending)


class NameHearer:
    """Puts names of a glossary where they were said; used by the ASR thread.

    `pronounce` returns the phones of a text in the speaker's language; `sounds` are the
    names, each with one way of saying it.
    """

    def __init__(
        self,
        glossary: Glossary,
        sounds: Sequence[tuple[Term, Phones]],
        pronounce: Callable[[str], Phones],
        config: AsrConfig,
    ) -> None:
        self._glossary = glossary
        self._terms = [term for term, _ in sounds]
        self._lexicon = Lexicon([phones for _, phones in sounds])
        self._pronounce = pronounce
        self._config = config
        self._nearest = functools.lru_cache(_REMEMBERED)(self._find_nearest)

    def corrected(
        self,
        hypothesis: Hypothesis,
        window: SpellingWindow,
        prefix: Sequence[Unit],
        *,
        start_s: float = 0.0,
        sightings: Sequence[Sighting] = (),
    ) -> tuple[Hypothesis, list[Sighting]]:
        """Return a hypothesis, decoded behind `prefix`, with the names that are in its audio.

        `start_s` is where the window begins, in source seconds. What was put into the last
        hypothesis, its `sightings`, is tried again there, whatever the words are now.
        """
        units = _without_rest(hypothesis.units, prefix, self._glossary)
        units = self._respelt(units, window, prefix)
        sighted: list[Sighting] = []
        tried: set[tuple[str, Term]] = set()
        for _ in range(_MOST_TRIES):
            again = (sighting.again(units, start_s) for sighting in sightings)
            found = [*self._candidates(units), *filter(None, again)]
            candidate = _best(found, units, self._known(units), tried)
            if candidate is None:
                break
            heard = _text(units[candidate.begin : candidate.end])
            tried.add((heard, candidate.term))
            before = [*prefix, *units[: candidate.begin]]
            name, prompt = candidate.spelt(units), candidate.term.source
            named = window.spell(name, units[candidate.end :], prefix=before, prompt=prompt)
            as_it_was = window.spell("", units[candidate.begin :], prefix=before, prompt=prompt)
            gain = _logprob(named) - _logprob(as_it_was)
            least = self._least_gain(candidate)
            log.debug("%s: %s? %.1f of %.1f", Quoted(heard), Quoted(prompt), gain, least)
            if gain >= least:
                whole, *rest = _whole(named, name)
                units = (*units[: candidate.begin], whole, *rest)
                sighted.append(Sighting(candidate, start_s + whole.start_s, start_s + whole.end_s))
        return replace(hypothesis, units=units), sighted

    def _least_gain(self, candidate: Candidate) -> float:
        """Return by how much the audio must be likelier with a name: the less alike the more."""
        config = self._config
        return config.name_gain * candidate.weight * (config.even_likeness - candidate.likeness)

    def _respelt(
        self, units: tuple[Unit, ...], window: SpellingWindow, prefix: Sequence[Unit]
    ) -> tuple[Unit, ...]:
        """Return the units with names that only differ in case or spaces as they are spelt."""
        text = _text(units)
        for match in reversed(self._glossary.matches(text)):
            heard, source = text[match.begin : match.end], match.term.source
            if match.term.is_name and heard != source:
                begin, end = _unit_at(units, match.begin), _unit_at(units, match.end - 1) + 1
                name = _text(units[begin:end]).replace(heard, source)
                before = [*prefix, *units[:begin]]
                named = window.spell(name, units[end:], prefix=before)
                units = (*units[:begin], *_whole(named, name))
        return units

    def _candidates(self, units: Sequence[Unit]) -> Iterator[Candidate]:
        config = self._config
        for begin, first in enumerate(units):
            if first.is_punctuation:
                continue
            words: list[Unit] = []
            for end in range(begin + 1, len(units) + 1):
                last = units[end - 1]
                if last.is_punctuation:
                    if last.text.strip() in _JOINTS:
                        continue
                    break
                words.append(last)
                if len(words) > _MOST_WORDS:
                    break
                if min(word.probability for word in words) > config.name_doubt:
                    continue
                # Whisper has a token for a common word, and spells out what is none.
                is_common = all(len(word.tokens) == 1 for word in words)
                least = config.common_likeness if is_common else config.name_likeness
                heard, ending = _without_ending(_text(units[begin:end]))
                likeness, mass, term = self._nearest(heard)
                if term is not None and likeness >= least:
                    yield Candidate(
                        begin=begin,
                        end=end,
                        term=term,
                        ending=ending,
                        likeness=likeness,
                        weight=mass,
                    )

    def _known(self, units: Sequence[Unit]) -> set[int]:
        """Return the units that belong to terms that were heard as they are spelt."""
        matches = self._glossary.matches(_text(units))
        return {
            number
            for match in matches
            for number in range(_unit_at(units, match.begin), _unit_at(units, match.end - 1) + 1)
        }

    def _find_nearest(self, text: str) -> tuple[float, float, Term | None]:
        """Return how alike the name is that sounds most like a text, the text's weight, and it."""
        phones = self._pronounce(text)
        likeness = self._lexicon.likeness(phones, least=self._config.name_likeness)
        best = int(likeness.argmax())
        term = self._terms[best] if likeness[best] else None
        return float(likeness[best]), weight(phones), term


def make_name_hearer(
    glossary: Glossary, language: Language, config: AsrConfig
) -> NameHearer | None:
    """Return what hears the names of a glossary in a language; None where it has none.

    eSpeak NG says how they may sound: as the language reads them, and as others do that
    names come from. Takes 0.2 s. Raises ModelError where eSpeak NG is missing.
    """
    from live_translator.tts.espeak import phonemes  # noqa: PLC0415 - loads a library

    def pronounce(text: str) -> Phones:
        return parse(phonemes(text, language.espeak))

    sounds: dict[tuple[Term, Phones], None] = {}
    names = [term for term in glossary.terms if term.is_name]
    for term in names:
        for text in (term.source, *term.sounds):
            sounds[term, pronounce(text)] = None
    for voice in _FOREIGN:
        try:
            for term in names:
                sounds[term, parse(phonemes(term.source, voice))] = None
        except ModelError as error:
            log.debug("names are not said as %s says them: %s", voice, error)
    spoken = [(term, phones) for term, phones in sounds if phones]
    return NameHearer(glossary, spoken, pronounce, config) if spoken else None


def _best(
    candidates: Sequence[Candidate],
    units: Sequence[Unit],
    known: Set[int],
    tried: Set[tuple[str, Term]],
) -> Candidate | None:
    """Return the untried candidate that sounds most alike, of words that are not `known`.

    Words around others that were no name are none either: a name in place of them all may
    still be likelier, and a word would be lost.
    """
    refused: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda candidate: -candidate.likeness):
        span = range(candidate.begin, candidate.end)
        if known.isdisjoint(span) and not any(candidate.contains(other) for other in refused):
            if (_text(units[span.start : span.stop]), candidate.term) not in tried:
                return candidate
            refused.append(candidate)
    return None


def _text(units: Sequence[Unit]) -> str:
    return "".join(unit.text for unit in units)


def _logprob(units: Sequence[Unit]) -> float:
    return sum(unit.logprob for unit in units)


def _whole(units: Sequence[Unit], name: str) -> tuple[Unit, ...]:
    """Return the units with the name that they begin with as one unit.

    So it is committed as a whole: a decoder that is forced to begin with half a name goes
    on with what it sounds like.
    """
    count = _unit_at(units, len(name) - 1) + 1
    parts = units[:count]
    whole = Unit(
        _text(parts),
        tuple(token for unit in parts for token in unit.tokens),
        parts[0].start_s,
        parts[-1].end_s,
        min(unit.probability for unit in parts),
        _logprob(parts),
    )
    return (whole, *units[count:])


def _without_rest(
    units: tuple[Unit, ...], prefix: Sequence[Unit], glossary: Glossary
) -> tuple[Unit, ...]:
    """Return the units without the end of a word that the prefix has as a whole name.

    Forced to begin with a name that is spelt otherwise than it heard, a decoder may go on
    with letters that it misses: small ones, without a space before them.
    """
    if not units or not prefix or not units[0].text[:1].islower():
        return units
    heard = prefix[-1].text
    matches = glossary.matches(heard)
    return units[1:] if matches and matches[-1].end == len(heard) else units


def _unit_at(units: Sequence[Unit], position: int) -> int:
    """Return the number of the unit that has a text's letter."""
    ends = itertools.accumulate(len(unit.text) for unit in units)
    return next(number for number, end in enumerate(ends) if position < end)


def _without_ending(text: str) -> tuple[str, str]:
    """Return a text without its possessive, and that."""
    ending = next((mark for mark in _POSSESSIVES if text.endswith(mark)), "")
    return text.removesuffix(ending).strip(), ending
