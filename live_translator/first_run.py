"""The first run: say which models a talk still needs, ask, fetch them, go on."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from live_translator.config import Config
from live_translator.direction import directions
from live_translator.errors import Interrupted, ModelError
from live_translator.fetch import Progress, console_progress, megabytes
from live_translator.languages import AUTO, Language, language
from live_translator.model_store import ModelStore
from live_translator.mt.engines import models_for, without_model
from live_translator.needs import models_of


def prepare(
    config: Config,
    store: ModelStore,
    *,
    speech: bool,
    yes: bool,
    questions: TextIO,
    screen: TextIO,
) -> None:
    """Return once the models that a talk needs are on disk; at once if they are.

    Of a better translator that is not, one line tells the first time; with `yes` it is
    fetched where its host answers. Else explains on `screen` and, without `yes`, asks there;
    the answer comes from `questions`. Where one of the two is no terminal, nobody is asked.
    Raises ModelError naming the command if the models may not be fetched or cannot be,
    Interrupted if the user stops the download, which the next run then resumes. Called by
    the main thread.
    """
    missing = models_of(config, store, speech=speech).lacking(store)
    if not missing.needed:
        _better(config, store, missing.wanted, yes=yes, screen=screen)
        return
    total_bytes = _size(missing.names, store)
    # A translator that may be out of reach would make the whole command fail.
    optional = _translators(missing.wanted, store)
    names = [name for name in missing.names if name not in optional]
    command = f"`live-translate models get {' '.join(names)}`"
    if not yes and not (questions.isatty() and screen.isatty()):
        what = f"{_listed(names)} ({megabytes(_size(names, store))})"
        raise ModelError(
            f"this talk needs {what}, which {_is(names)} not on this machine: "
            f"run {command}, or add --yes to fetch {_it(names)} now"
        )
    store.require_room("the download", total_bytes)
    for line in explanation(config, store, missing.names):
        screen.write(f"{line}\n")
    if not yes and not _agreed(questions, screen):
        raise ModelError(f"nothing was fetched: run {command} when it suits you, or answer y")
    progress = console_progress(screen)
    try:
        for name in missing.needed:
            store.get(name, progress)
        for name in missing.wanted:
            get_wanted(name, _pairs(config), store, progress)
    except KeyboardInterrupt as stop:
        raise Interrupted(
            "the download was stopped: run the same command again to go on where it was"
        ) from stop


def get_wanted(
    name: str, pairs: Iterable[tuple[Language, Language]], store: ModelStore, progress: Progress
) -> None:
    """Fetch a model that can be done without; where it cannot be had, say what is instead.

    `pairs` are those that it may translate. Waits seconds for a host that does not answer,
    and within the next hour not at all.
    """
    reason = store.try_get(name, progress, remembers=True)
    if reason is None:
        return
    instead = "eSpeak NG speaks instead"
    for source, target in pairs:
        if name in models_for(source, target, store):
            instead = without_model(source, target, store)
    progress.note(f"{name} could not be fetched ({reason}): {instead}")


def _pairs(config: Config) -> list[tuple[Language, Language]]:
    return [(way.source, way.target) for way in directions(config)]


def _better(
    config: Config, store: ModelStore, wanted: Sequence[str], *, yes: bool, screen: TextIO
) -> None:
    """Fetch the translators that a talk can do without, or say once that there are some."""
    for name in _translators(wanted, store):
        if yes:
            get_wanted(name, _pairs(config), store, console_progress(screen))
        elif screen.isatty() and store.offers(name):
            size = megabytes(store.manifest.model(name).size)
            screen.write(f"`live-translate models get {name}` ({size}) would translate better\n")


def _translators(names: Sequence[str], store: ModelStore) -> list[str]:
    return [name for name in names if store.manifest.model(name).kind == "mt"]


def explanation(config: Config, store: ModelStore, names: Sequence[str]) -> Iterator[str]:
    """Yield lines that say which models, how large, from where and where to."""
    heard = "any language" if config.source == AUTO else language(config.source).name
    yield (
        f"To translate {heard} to {language(config.target).name} (profile {config.profile}) "
        "these models are missing:"
    )
    models = [store.manifest.model(name) for name in names]
    widths = [max(len(name) for name in names), max(len(megabytes(m.size)) for m in models)]
    for model in models:
        yield (
            f"  {model.name:<{widths[0]}}  {megabytes(model.size):>{widths[1]}}  "
            f"{model.description}; {model.licence}; from {model.sources[0]}"
        )
    total = megabytes(sum(model.size for model in models))
    yield (
        f"{total} will be fetched once and kept in {_shown(store.root)}; where the first source "
        "cannot be reached, others are tried, and every file is checked."
    )


def _size(names: Iterable[str], store: ModelStore) -> int:
    return sum(store.manifest.model(name).size for name in names)


def _agreed(questions: TextIO, screen: TextIO) -> bool:
    screen.write("Fetch them now? [y/N] ")
    screen.flush()
    answer = questions.readline()
    if not answer.endswith("\n"):
        screen.write("\n")  # the input ended, and the cursor stands behind the question
    return answer.strip().lower() in ("y", "yes")


def _listed(names: Sequence[str]) -> str:
    """Return "the model a", or "the models a, b and c"."""
    *first, last = names
    return f"the models {', '.join(first)} and {last}" if first else f"the model {last}"


def _is(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _it(names: Sequence[str]) -> str:
    return "it" if len(names) == 1 else "them"


def _shown(path: Path) -> str:
    """Return a path as a user writes it."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
