"""Which models a talk needs, and which of them are not on this disk."""

from dataclasses import dataclass

from live_translator.config import Config
from live_translator.direction import directions
from live_translator.languages import AUTO
from live_translator.model_store import ModelStore
from live_translator.mt.engines import prospect

ESPEAK = "espeak"
KOKORO_MODELS = ("kokoro", "kokoro-voices")


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Names of models, in the manifest's terms."""

    needed: tuple[str, ...] = ()
    """Without these there is no talk."""
    wanted: tuple[str, ...] = ()
    """Without these it is plainer: eSpeak NG speaks where Kokoro would, and the built-in
    translator or Apertium translates where OPUS-MT would."""

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.needed, *self.wanted)

    def lacking(self, store: ModelStore) -> "Needs":
        """Return those that are not on disk, or not whole; reads no weights."""

        def absent(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(name for name in names if not store.has(name))

        return Needs(needed=absent(self.needed), wanted=absent(self.wanted))


def models_of(config: Config, store: ModelStore, *, speech: bool) -> Needs:
    """Return the models of a talk, on disk or not; loads nothing.

    Which translators a talk in any language takes is known once it is heard.

    Raises UsageError for a translation engine that does not exist, and `Needs.lacking` for
    a model that the manifest does not have.
    """
    needed, wanted, better = [config.asr.model], list[str](), list[str]()
    ways = directions(config)
    for way in ways if config.source != AUTO else ():
        translation = prospect(way.source, way.target, config.mt, store)
        translator = translation.engine or translation.lacks
        if translator is not None and store.manifest.knows(translator):
            needed.append(translator)
        if translation.better is not None:
            better.append(translation.better)
    for way in ways if speech else ():
        if way.voice == "auto" and way.target.kokoro_voice:
            wanted += KOKORO_MODELS
        elif way.voice not in ("auto", ESPEAK):
            needed += KOKORO_MODELS
    return Needs(
        needed=tuple(dict.fromkeys(needed)), wanted=tuple(dict.fromkeys([*wanted, *better]))
    )
