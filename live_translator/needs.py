"""Which models a talk needs that are not on this disk."""

from collections.abc import Iterable
from dataclasses import dataclass

from live_translator.config import Config
from live_translator.languages import language
from live_translator.model_store import ModelStore
from live_translator.mt.engines import prospect

ESPEAK = "espeak"
KOKORO_MODELS = ("kokoro", "kokoro-voices")


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Names of models that are missing or damaged, in the manifest's terms."""

    needed: tuple[str, ...] = ()
    """Without these there is no talk."""
    wanted: tuple[str, ...] = ()
    """Without these it is plainer: eSpeak NG speaks where Kokoro would."""

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.needed, *self.wanted)


def missing_models(config: Config, store: ModelStore, *, speech: bool) -> Missing:
    """Return what a talk with this configuration lacks; loads nothing, reads no weights.

    Raises UsageError for a model that the manifest does not have.
    """
    source, target = language(config.source), language(config.target)
    translator = prospect(source, target, config.mt, store).lacks
    needed = [config.asr.model, *([translator] if translator else [])]
    wanted: list[str] = []
    voice = config.tts.voice
    if speech and voice != ESPEAK:
        if voice != "auto":
            needed += KOKORO_MODELS
        elif target.kokoro_voice:
            wanted += KOKORO_MODELS
    return Missing(needed=_lacking(needed, store), wanted=_lacking(wanted, store))


def _lacking(names: Iterable[str], store: ModelStore) -> tuple[str, ...]:
    return tuple(name for name in names if not store.has(name))
