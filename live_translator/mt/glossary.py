"""Terms that a translation must have: each goes through the engine as a word that it knows.

A name that an engine has never seen it spells otherwise, drops, or is led astray by. So a
term is exchanged for a carrier, a word that comes out as it went in or as one known word; the
sentence is translated; and what the glossary wants takes the carrier's place. Every carrier
must come out once, else other carriers are tried. The exchange is pure.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from live_translator.glossary import Glossary, Match
from live_translator.interfaces import Translator
from live_translator.languages import Language
from live_translator.mt.attention import Answer, AttentiveTranslator
from live_translator.quoted import Quoted

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Carrier:
    """A word that stands for a term, and what an engine makes of it."""

    source: str
    target: str


_NAMES = tuple(
    Carrier(name, name) for name in ("Tom", "Bruno", "Daniel", "Kabul", "Carmen", "Oscar")
)
"""Names that are spelt alike in languages with Latin letters. With one that the engine knows
the whole sentence is better than with an unknown one: of 110 sentences BLEU rises from 37 to
41-45 with the compact model, from 22 to 30 with Apertium (benchmarks/RESULTS.md)."""
_CODE = "Q{}"
"""With a number, what nobody translates or writes in other letters."""
_NOUNS = {
    (False, False): ("piano", "piano"),
    (False, True): ("pianos", "pianos"),
    (True, False): ("guitar", "guitarra"),
    (True, True): ("guitars", "guitarras"),
}
"""English and Spanish, by whether the Spanish is feminine and plural: for terms that are no
names, so that articles and adjectives agree."""
_ARTICLE = re.compile(r"(?<!\w)(?:an?|the|un[ao]?s?|el|l[ao]s?)\s+$", re.IGNORECASE)
_FEMININE = re.compile(r"(?:a|ión|dad|tad|tud|umbre)s?$|(?:iones|dades|tades|tudes)$")
"""How most feminine nouns of Spanish end."""
_BEGINS_SENTENCE = re.compile(r"(?:^|[.?!…])[\s¿¡\"'«“(]*$")


@dataclass(frozen=True, slots=True)
class Slot:
    """A term of a source, its carrier, and what is to stand there in the translation."""

    match: Match
    carrier: Carrier
    target: str

    @property
    def pattern(self) -> re.Pattern[str]:
        """The carrier as a whole word; one of two languages may begin a sentence."""
        return re.compile(rf"(?<!\w){re.escape(self.carrier.target)}(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One way to take a source and its committed translation through an engine. Pure."""

    source: str
    slots: tuple[Slot, ...]

    @property
    def masked(self) -> str:
        """The source with carriers."""
        parts, end = [], 0
        for slot in self.slots:
            match = slot.match
            parts += [self.source[end : match.begin], slot.carrier.source]
            end = match.end + len(_plural(match))
        return "".join([*parts, self.source[end:]])

    def mask(self, prefix: str) -> str:
        """Return committed words with carriers where they have terms."""
        for slot in sorted(self.slots, key=lambda slot: -len(slot.target)):
            pattern = rf"(?<!\w){re.escape(slot.target)}(?!\w)"
            prefix = re.sub(pattern, slot.carrier.target, prefix, count=1, flags=re.IGNORECASE)
        return prefix

    def is_whole(self, masked: str) -> bool:
        """Whether a translation has every carrier once."""
        return all(len(slot.pattern.findall(masked)) == 1 for slot in self.slots)

    def unmask(self, masked: str, before: str = "") -> str:
        """Return a translation, or what follows `before` of it, with the terms themselves."""
        for slot in self.slots:
            found = slot.pattern.search(masked)
            if found is not None:
                target = slot.target
                begins = _BEGINS_SENTENCE.search(before + masked[: found.start()])
                if begins and not slot.match.term.is_name:
                    target = target[:1].upper() + target[1:]
                masked = masked[: found.start()] + target + masked[found.end() :]
        return masked

    def half_said(self, prefix: str) -> tuple[Slot, int] | None:
        """Return the term that the committed words end in the middle of, and its words said."""
        words = prefix.casefold().split()
        for slot in self.slots:
            target = slot.target.casefold().split()
            for count in range(min(len(target) - 1, len(words)), 0, -1):
                if words[-count:] == target[:count]:
                    return slot, count
        return None


def exchanges(
    source: str, matches: Sequence[Match], languages: tuple[Language, Language]
) -> Iterator[Exchange]:
    """Yield the ways to take a source with terms through an engine, the best first.

    Known words, other known words, codes, and last the targets themselves.
    """
    texts = [source, *(match.term.target for match in matches)]
    taken = {word for text in texts for word in re.findall(r"\w+", text.casefold())}
    names = [name for name in _NAMES if name.source.casefold() not in taken]
    codes = [Carrier(code, code) for code in map(_CODE.format, range(2, 2 + len(matches)))]
    for ring in (names, names[len(names) // 2 :], codes):
        if len(ring) >= len(matches):
            carriers = ring[: len(matches)]
            if ring is names:
                carriers = _with_nouns(carriers, source, matches, languages)
            yield _exchange(source, matches, carriers)
    if len({_target(match) for match in matches}) == len(matches):
        themselves = [Carrier(_target(match), _target(match)) for match in matches]
        yield _exchange(source, matches, themselves)


class GlossedTranslator:
    """An engine that is held to a glossary; satisfies `AttentiveTranslator`.

    Runs on the MT thread. Sentences without terms go straight to the engine.
    """

    def __init__(
        self, engine: Translator, glossary: Glossary, source: Language, target: Language
    ) -> None:
        self.name = engine.name
        self.forces_prefix = engine.forces_prefix
        self._engine = engine
        self._glossary = glossary
        self._languages = (source, target)

    def translate(self, source: str, *, prefix: str = "") -> str:
        """Return the translation with the glossary's terms; raises what the engine does."""
        return self.answer(source, prefix=prefix).text

    def close(self) -> None:
        """Close the engine."""
        self._engine.close()

    def answer(self, source: str, *, prefix: str = "", with_attention: bool = False) -> Answer:
        """Translate, and doubt a translation that does not have every term once."""
        matches = self._glossary.matches(source)
        if not matches:
            return self._ask(source, prefix, with_attention=with_attention)
        for exchange in exchanges(source, matches, self._languages):
            answer = self._exchanged(exchange, prefix, with_attention=with_attention)
            if answer is not None:
                return answer
            log.debug("not said with %s: %s", Quoted(exchange.masked), Quoted(source))
        plain = self._ask(source, prefix, with_attention=False)
        said = len(prefix) if self.forces_prefix else 0
        text = plain.text[:said] + _mended(plain.text[said:], matches)
        has_all = all(_target(match) in text for match in matches)
        return replace(plain, text=text, words=None, is_sure=plain.is_sure and has_all)

    def _exchanged(self, exchange: Exchange, prefix: str, *, with_attention: bool) -> Answer | None:
        """Return the translation that one way gives; None if a carrier is lost or doubled."""
        half = exchange.half_said(prefix) if self.forces_prefix else None
        if half is not None:
            answer = self._finished(exchange, prefix, *half)
            if answer is not None:
                return answer
        begun = exchange.mask(prefix)
        answer = self._ask(exchange.masked, begun, with_attention=with_attention)
        if not exchange.is_whole(answer.text):
            return None
        if not self.forces_prefix:
            return replace(answer, text=exchange.unmask(answer.text), words=None)
        new = answer.text[len(begun) :]
        text = prefix + exchange.unmask(new, begun)
        return replace(answer, text=text, words=_same_words(exchange, answer, prefix, text))

    def _finished(self, exchange: Exchange, prefix: str, slot: Slot, count: int) -> Answer | None:
        """Return the translation that goes on with the rest of a term; None if it would not.

        The words that might begin the term are left out of what the engine must begin with:
        if it says the term there, they do.
        """
        words = prefix.split()
        begun = exchange.mask(" ".join(words[: len(words) - count]))
        answer = self._ask(exchange.masked, begun, with_attention=False)
        new = answer.text[len(begun) :].lstrip()
        found = slot.pattern.match(new)
        if found is None or not exchange.is_whole(answer.text):
            return None
        rest = " ".join(slot.target.split()[count:])
        after = exchange.unmask(new[found.end() :], prefix)
        return replace(answer, text=f"{prefix} {rest}{after}", words=None)

    def _ask(self, source: str, prefix: str, *, with_attention: bool) -> Answer:
        if isinstance(self._engine, AttentiveTranslator):
            return self._engine.answer(source, prefix=prefix, with_attention=with_attention)
        return Answer(self._engine.translate(source, prefix=prefix))


def _exchange(source: str, matches: Sequence[Match], carriers: Sequence[Carrier]) -> Exchange:
    slots = [
        Slot(match, carrier, _target(match))
        for match, carrier in zip(matches, carriers, strict=True)
    ]
    return Exchange(source, tuple(slots))


def _with_nouns(
    carriers: Sequence[Carrier],
    source: str,
    matches: Sequence[Match],
    languages: tuple[Language, Language],
) -> list[Carrier]:
    """Return the carriers with nouns for terms that are nouns, between English and Spanish."""
    codes = [language.code for language in languages]
    to_spanish = codes == ["en", "es"]
    mixed = list(carriers)
    if not to_spanish and codes != ["es", "en"]:
        return mixed
    for number, match in enumerate(matches):
        term = match.term
        has_article = _ARTICLE.search(source[: match.begin])
        if term.is_name and (term.source == term.target or not has_article):
            continue
        head = (term.target if to_spanish else term.source).split()[0]
        is_plural = term.source.endswith("s") and term.target.endswith("s")
        english, spanish = _NOUNS[bool(_FEMININE.search(head)), is_plural]
        noun = Carrier(english, spanish) if to_spanish else Carrier(spanish, english)
        if noun not in mixed and not re.search(rf"\b{noun.source}\b", source, re.IGNORECASE):
            mixed[number] = noun
    return mixed


def _plural(match: Match) -> str:
    return "s" if match.ending == "s" else ""


def _target(match: Match) -> str:
    """Return what the translation is to have for a term: a plural's too."""
    return match.term.target + _plural(match)


def _mended(text: str, matches: Sequence[Match]) -> str:
    """Return a translation with targets where the engine left the sources as they are."""
    for match in matches:
        if match.term.target not in text:
            source = rf"(?<!\w){re.escape(match.term.source)}(?!\w)"
            found = re.search(source, text, re.IGNORECASE)
            if found is not None:
                text = text[: found.start()] + match.term.target + text[found.end() :]
    return text


def _same_words(
    exchange: Exchange, answer: Answer, prefix: str, text: str
) -> tuple[int, ...] | None:
    """Return what words look at, where terms and carriers are one word each: else None."""
    new_words = len(text.split()) - len(prefix.split())
    is_same = len(exchange.masked.split()) == len(exchange.source.split())
    return answer.words if is_same and answer.words and len(answer.words) == new_words else None
