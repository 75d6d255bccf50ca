"""The models of a run: loaded for each direction that is needed, once for all that share them."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Generic, TypeVar

from live_translator import memory, warm_up
from live_translator.asr.names import NameHearer, make_name_hearer
from live_translator.asr.whisper import WhisperTranscriber
from live_translator.config import Config
from live_translator.direction import Direction
from live_translator.errors import UsageError
from live_translator.glossary import Glossary
from live_translator.interfaces import Synthesizer, Translator
from live_translator.languages import Language
from live_translator.model_store import ModelStore
from live_translator.mt.engines import WHISPER_TRANSLATE, choose
from live_translator.mt.glossary import GlossedTranslator
from live_translator.tts.kokoro import KokoroSynthesizer
from live_translator.tts.voices import make_synthesizer

Key = TypeVar("Key")
Engine = TypeVar("Engine")


class Engines:
    """Recogniser, translators and voices, warmed up; shared by any number of runs, from any thread.

    What a direction needs is loaded when it is first asked for, or before, by `prepare`.
    All methods raise ModelError where a model is missing or damaged, UsageError where no
    engine knows the languages or the voice. Whoever makes it closes it, after the last run.
    """

    def __init__(self, config: Config, store: ModelStore, *, speech: bool) -> None:
        """Load nothing yet; without `speech` there are no voices.

        Raises ConfigError for a glossary that cannot be read.
        """
        # OpenMP's workers otherwise spin for 200 ms after each call, on cores that the other
        # stages wait for; read once, when CTranslate2 is loaded (Intel OpenMP's KMP_BLOCKTIME).
        os.environ.setdefault("KMP_BLOCKTIME", "0")
        memory.keep_flat()
        self._config = config
        self._store = store
        self._speech = speech
        self._transcribers = _Loaded(self._load_transcriber)
        self._translators = _Loaded(self._load_translator)
        self._voices = _Loaded(self._load_voice)
        self._name_hearers = _Loaded(self._load_name_hearer)
        self._given_up: dict[tuple[Language, Language], frozenset[str]] = {}
        """Translators, by what `mt.engines` of the configuration calls them."""
        self._glossary = Glossary.read(Path(config.glossary)) if config.glossary else None

    def prepare(self, *directions: Direction) -> None:
        """Load what the directions need, side by side."""
        # The voice takes longest, so it begins first.
        parts = (self.voice, self.transcriber, self.translator, self.name_hearer)
        with ThreadPoolExecutor(max_workers=len(parts), thread_name_prefix="load") as pool:
            # Waited for here: an interrupt while the pool joins its threads makes CPython
            # take them for ended (gh-90882), and tear down the interpreter under them.
            for loading in [pool.submit(part, way) for way in directions for part in parts]:
                loading.result()

    def transcriber(self, direction: Direction) -> WhisperTranscriber:
        """Return the recogniser, hearing the language that is spoken."""
        return self._transcribers.get(direction.source)

    def translator(self, direction: Direction) -> Translator | None:
        """Return the translator; None where the recogniser translates, or nobody needs to."""
        if not direction.translates:
            return None
        return self._translators.get((direction.source, direction.target))

    def voice(self, direction: Direction) -> Synthesizer | None:
        """Return the voice, None where nothing is to be spoken."""
        if not (self._speech and direction.translates):
            return None
        return self._voices.get((direction.target, direction.voice))

    def renew_transcriber(self, direction: Direction, failed: object) -> WhisperTranscriber:
        """Return another recogniser in place of one that failed; all languages share it."""
        return self._transcribers.renew(direction.source, failed, together=True)

    def renew_translator(
        self, direction: Direction, failed: Translator, *, give_up: bool = False
    ) -> Translator:
        """Return another translator in place of one that failed, which is closed.

        It is of the same kind or, with `give_up`, the next in the configuration.
        """
        pair = (direction.source, direction.target)
        if give_up:
            names = self._config.mt.engines
            given_up = {name for name in names if failed.name.startswith(name)}
            self._given_up[pair] = self._given_up.get(pair, frozenset()) | given_up
        failed.close()
        engine = self._translators.renew(pair, failed)
        if engine is None:
            raise UsageError(f"only the recogniser could still translate {pair[0].name}")
        return engine

    def renew_voice(self, direction: Direction, failed: object) -> Synthesizer:
        """Return the voice anew in place of one that failed."""
        key = (direction.target, direction.voice)
        return self._voices.renew(key, failed, together=True)

    def name_hearer(self, direction: Direction) -> NameHearer | None:
        """Return what hears the names of the glossary, if there is one."""
        return self._name_hearers.get(direction.source)

    def names(self, direction: Direction) -> dict[str, str]:
        """Return which engine serves which stage of a direction, of those that are loaded."""
        pair = (direction.source, direction.target)
        translator = self._translators.loaded.get(pair)
        voice = self._voices.loaded.get((direction.target, direction.voice))
        translation = WHISPER_TRANSLATE if pair in self._translators.loaded else "none"
        return {
            "asr": self._config.asr.model,
            "mt": translator.name if translator else translation,
            "tts": voice.name if voice else "none",
        }

    def close(self) -> None:
        """Release what the engines hold, such as a translator's process."""
        for translator in self._translators.loaded.values():
            if translator is not None:
                translator.close()
        for voice in self._voices.loaded.values():
            voice.close()

    def _load_transcriber(self, source: Language) -> WhisperTranscriber:
        for other in self._transcribers.loaded.values():
            return other.in_language(source.code)
        folder = self._store.checked(self._config.asr.model)
        return warm_up.recogniser(
            WhisperTranscriber(folder, source.code, self._config.asr),
            limit_s=self._config.recovery.limit_s,
        )

    def _load_translator(self, pair: tuple[Language, Language]) -> Translator | None:
        complete = self._config.mode == "complete"
        given_up = self._given_up.get(pair, frozenset())
        if given_up:
            given_up |= {WHISPER_TRANSLATE}  # It would have to do so from the beginning.
        names = tuple(name for name in self._config.mt.engines if name not in given_up)
        config = replace(self._config.mt, engines=names)
        engine = choose(*pair, config, self._store, complete=complete)
        if engine is None:
            return None
        glossary = self._glossary_of(pair[0])
        if glossary:
            engine = GlossedTranslator(engine, glossary, *pair)
        return warm_up.translator(engine, limit_s=self._config.recovery.limit_s)

    def _load_name_hearer(self, source: Language) -> NameHearer | None:
        glossary = self._glossary_of(source)
        return make_name_hearer(glossary, source, self._config.asr) if glossary else None

    def _glossary_of(self, source: Language) -> Glossary | None:
        """Return the glossary for what is heard, which may be what its file calls the target."""
        if self._glossary is not None and source.code == self._config.target:
            return self._glossary.reversed()
        return self._glossary

    def _load_voice(self, wanted: tuple[Language, str]) -> Synthesizer:
        language, voice = wanted
        others = self._voices.loaded.values()
        kokoro = [other for other in others if isinstance(other, KokoroSynthesizer)]
        made = make_synthesizer(
            language,
            replace(self._config.tts, voice=voice),
            self._store,
            beside=kokoro[0] if kokoro else None,
        )
        return made if kokoro else warm_up.voice(made, limit_s=self._config.recovery.limit_s)


class _Loaded(Generic[Key, Engine]):
    """Engines of one kind, each loaded by whoever asks first while the others wait."""

    def __init__(self, load: Callable[[Key], Engine]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self.loaded: dict[Key, Engine] = {}

    def get(self, key: Key) -> Engine:
        """Return the engine for a key."""
        with self._lock:
            if key not in self.loaded:
                self.loaded[key] = self._load(key)
            return self.loaded[key]

    def renew(self, key: Key, failed: object, *, together: bool = False) -> Engine:
        """Load an engine anew, unless another run has done so already.

        With `together` the others of its kind go too: they share what failed. Where loading
        fails, the one that failed stays.
        """
        with self._lock:
            if self.loaded.get(key) is failed:
                before = dict(self.loaded)
                self.loaded = {} if together else {k: v for k, v in before.items() if k != key}
                try:
                    self.loaded[key] = self._load(key)
                except BaseException:
                    self.loaded = before
                    raise
            return self.loaded[key]
