"""Which engine translates a pair of languages: the first configured one that can."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from live_translator.config import MtConfig, data_path
from live_translator.errors import ModelError, UsageError
from live_translator.interfaces import Translator
from live_translator.languages import Language

if TYPE_CHECKING:
    from live_translator.model_store import ModelStore
    from live_translator.mt.ctranslate import CTranslateTranslator

log = logging.getLogger(__name__)

WHISPER_TRANSLATE = "whisper-translate"
APERTIUM = "apertium"
COMPACT = "compact"
COMPACT_FOLDER = "compact-en-es"
"""Under `models/`, shipped with the program."""
OPUS, FIREFOX, ARGOS, NLLB = "opus-mt", "firefox", "argos", "nllb"
"""What the names of the families begin with in models/manifest.toml."""


def choose(
    source: Language, target: Language, config: MtConfig, store: "ModelStore", *, complete: bool
) -> Translator | None:
    """Return the engine for a pair; None where the recogniser itself translates.

    `complete` takes the slower search of complete mode. Raises ModelError where an
    engine would serve the pair if it were installed, UsageError where none would.
    """
    names = config.engines
    hears = target.code == "en" and WHISPER_TRANSLATE in names
    before = names[: names.index(WHISPER_TRANSLATE)] if hears else names
    engine, missing = _first(before, source, target, config, store, complete=complete)
    return None if engine is None and hears else _found(engine, missing, source, target)


def choose_for_text(
    source: Language, target: Language, config: MtConfig, store: "ModelStore"
) -> Translator:
    """Return the engine for a pair where nothing is heard; raises what `choose` does."""
    engine, missing = _first(config.engines, source, target, config, store, complete=True)
    return _found(engine, missing, source, target)


@dataclass(frozen=True, slots=True)
class Prospect:
    """What `choose` would find for a pair."""

    engine: str | None
    """The first engine that is there, a model by its entry in the manifest; None without one."""
    lacks: str | None
    """Where there is none, the model whose download would give one, if any would."""
    better: str | None = None
    """A model that is tried before that engine and is not there."""


def prospect(source: Language, target: Language, config: MtConfig, store: "ModelStore") -> Prospect:
    """Return what `choose` would find for a pair; starts and loads nothing."""
    lacks: str | None = None
    for name in config.engines:
        kind = _kind(name)
        entry = kind.entry(name, source, target, store)
        if kind.serves(entry, source, target, store):
            return Prospect(entry or name, None, better=lacks)
        lacks = lacks or entry
    return Prospect(None, lacks)


def models_for(source: Language, target: Language, store: "ModelStore") -> list[str]:
    """Return the manifest's models that the default engines would take for a pair, best first."""
    entries = (_kind(name).entry(name, source, target, store) for name in MtConfig().engines)
    return [entry for entry in entries if entry is not None]


def without_model(source: Language, target: Language, store: "ModelStore") -> str:
    """Return what the default engines do for a pair as things are, as the end of a sentence."""
    engine = prospect(source, target, MtConfig(), store).engine
    if engine is None:
        return f"nothing else on this machine translates {source.name} to {target.name}"
    return f"{_kind(engine).label or engine} is used instead"


def _found(
    engine: Translator | None, missing: ModelError | None, source: Language, target: Language
) -> Translator:
    if engine is not None:
        return engine
    if missing is not None:
        raise missing
    raise UsageError(
        f"this profile cannot translate {source.name} to {target.name}: run "
        "`python setup_models.py --profile balanced` and add `--profile balanced`"
    )


def _first(
    names: Sequence[str],
    source: Language,
    target: Language,
    config: MtConfig,
    store: "ModelStore",
    *,
    complete: bool,
) -> tuple[Translator | None, ModelError | None]:
    """Return the first engine that serves the pair, or why the first that would does not."""
    missing: ModelError | None = None
    damaged: list[ModelError] = []
    for name in names:
        kind = _kind(name)
        entry = kind.entry(name, source, target, store)
        try:
            engine = kind.make(_Wish(entry, source, target, config, store, complete))
        except ModelError as error:
            missing = missing or error
            if kind.is_here(entry, store):
                damaged.append(error)
        else:
            if engine is not None:
                for why in damaged:
                    log.warning("%s translates instead of a better one: %s", engine.name, why)
                return _checked(engine, source, target), None
    return None, missing


def _checked(engine: Translator, source: Language, target: Language) -> Translator:
    """Return an engine that says what people have said and whose answers are checked."""
    from live_translator.mt.checked import CheckedTranslator  # noqa: PLC0415 - heavy
    from live_translator.mt.compact import MEMORY, CompactTranslator  # noqa: PLC0415
    from live_translator.mt.memory import shared_memory  # noqa: PLC0415

    memory = None
    if CompactTranslator.knows(source, target):
        try:
            memory = shared_memory(data_path("models") / COMPACT_FOLDER / MEMORY)
        except ModelError as error:
            log.warning("translated without what people have said: %s", error)
    return CheckedTranslator(engine, source, target, memory)


@dataclass(frozen=True, slots=True)
class _Wish:
    """An engine that is to be made."""

    entry: str | None
    """Its model in the manifest; None for an engine without one, or made for another pair."""
    source: Language
    target: Language
    config: MtConfig
    store: "ModelStore"
    complete: bool

    @property
    def beam_size(self) -> int:
        return self.config.complete_beam_size if self.complete else self.config.beam_size


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """What is known of a kind of engine before one is made."""

    make: Callable[[_Wish], Translator | None]
    """Returns one, or None where it is for other pairs; raises ModelError where it fails."""
    label: str = ""
    """What a sentence calls it; empty where its model has a name."""
    has: Callable[[Language, Language], bool] | None = None
    """Whether it would translate a pair as things are; None where a model of the manifest does."""
    by_pair: bool = False
    """Whether every pair of languages has its own model."""
    comes_along: bool = False
    """Whether its files are part of the program."""

    def entry(
        self, name: str, source: Language, target: Language, store: "ModelStore"
    ) -> str | None:
        """Return the model of the manifest that it would load for a pair, if it would."""
        if self.has is not None:
            return None
        if not self.by_pair:
            return name
        pair = f"-{source.code}-{target.code}"
        family = name.removesuffix(pair)
        entry = f"{family}{pair}"
        # A name with another pair is no family.
        return entry if family in _KINDS and store.manifest.knows(entry) else None

    def serves(
        self, entry: str | None, source: Language, target: Language, store: "ModelStore"
    ) -> bool:
        """Whether it would translate a pair as things are."""
        if self.has is not None:
            return self.has(source, target)
        return entry is not None and store.has(entry)

    def is_here(self, entry: str | None, store: "ModelStore") -> bool:
        """Whether its files are there, so that it should work."""
        return self.comes_along or (entry is not None and store.has(entry))


def _loading(adapter: Callable[[], "type[CTranslateTranslator]"]) -> Callable[[_Wish], Any]:
    """Return how an engine is made that loads a model of the manifest."""

    def make(wish: _Wish) -> Translator | None:
        if wish.entry is None:
            return None
        return adapter()(
            wish.store.checked(wish.entry),
            wish.source,
            wish.target,
            threads=wish.config.threads,
            beam_size=wish.beam_size,
            device=wish.config.device,
        )

    return make


def _opus() -> "type[CTranslateTranslator]":
    from live_translator.mt.ctranslate import OpusTranslator  # noqa: PLC0415 - heavy

    return OpusTranslator


def _firefox() -> "type[CTranslateTranslator]":
    from live_translator.mt.firefox import FirefoxTranslator  # noqa: PLC0415 - heavy

    return FirefoxTranslator


def _argos() -> "type[CTranslateTranslator]":
    from live_translator.mt.ctranslate import ArgosTranslator  # noqa: PLC0415 - heavy

    return ArgosTranslator


def _nllb() -> "type[CTranslateTranslator]":
    from live_translator.mt.ctranslate import NllbTranslator  # noqa: PLC0415 - heavy

    return NllbTranslator


def _compact_knows(source: Language, target: Language) -> bool:
    from live_translator.mt.compact import CompactTranslator  # noqa: PLC0415

    return CompactTranslator.knows(source, target)


def _compact(wish: _Wish) -> Translator | None:
    from live_translator.mt.compact import CompactTranslator, require_intact  # noqa: PLC0415
    from live_translator.mt.router import RoutedTranslator  # noqa: PLC0415 - heavy

    if not CompactTranslator.knows(wish.source, wish.target):
        return None
    folder = data_path("models") / COMPACT_FOLDER
    require_intact(folder)
    network = CompactTranslator(
        folder,
        wish.source,
        wish.target,
        threads=wish.config.threads,
        beam_size=wish.beam_size,
    )
    return RoutedTranslator(network, wish.config)


def _apertium_has(source: Language, target: Language) -> bool:
    from live_translator.mt.apertium import ApertiumTranslator  # noqa: PLC0415

    return ApertiumTranslator.available(source, target)


def _apertium(wish: _Wish) -> Translator | None:
    from live_translator.mt.apertium import ApertiumTranslator  # noqa: PLC0415

    pair = {wish.source.code, wish.target.code}
    if ApertiumTranslator.available(wish.source, wish.target) or pair == {"en", "es"}:
        # Or says how to install the pair.
        return ApertiumTranslator(wish.source, wish.target)
    return None


_KINDS: Mapping[str, _Kind] = {
    OPUS: _Kind(make=_loading(_opus), by_pair=True),
    FIREFOX: _Kind(make=_loading(_firefox), by_pair=True),
    ARGOS: _Kind(make=_loading(_argos), by_pair=True),
    NLLB: _Kind(make=_loading(_nllb)),
    COMPACT: _Kind(
        make=_compact, has=_compact_knows, label="the built-in translator", comes_along=True
    ),
    APERTIUM: _Kind(make=_apertium, has=_apertium_has, label="Apertium"),
    WHISPER_TRANSLATE: _Kind(
        make=lambda _: None,  # The recogniser does it, and no engine.
        has=lambda _, target: target.code == "en",
        label="the recogniser's own translation",
    ),
}
"""By what begins their names in mt.engines: all of it, where they load no model."""


def _kind(name: str) -> _Kind:
    """Return the kind of an engine; raises UsageError for a name that nobody knows."""
    for beginning, kind in _KINDS.items():
        if name == beginning or (kind.has is None and name.startswith(beginning)):
            return kind
    families = ", ".join(name for name in _KINDS if name != NLLB)
    raise UsageError(
        f"unknown translation engine {name!r} in mt.engines: use {families} "
        "or an nllb entry of models/manifest.toml"
    )
