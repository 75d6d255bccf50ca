"""A machine without models: what is said, asked, fetched, and what then begins."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from live_translator import config as settings
from live_translator import first_run
from live_translator.errors import Interrupted, ModelError
from live_translator.model_store import HuggingFace, ModelStore
from tests.marian_models import publish as serve_opus
from tests.standin_hub import Hub, serving, unused_address
from tests.terminal import on_a_terminal
from tests.test_end_to_end import excerpt
from tests.test_model_store import CONFIG, FAMILY, MANIFEST, WEIGHTS, store_of

PROGRAM = (sys.executable, "-m", "live_translator")
EN_ES = ("--src", "en", "--tgt", "es")
QUESTION = "Fetch them now? [y/N] "


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serving() as hub:
        hub.add_lfs("org/tiny", "abc", "model.bin", WEIGHTS)
        hub.add_small("org/tiny", "abc", "config.json", CONFIG)
        yield hub


@pytest.fixture
def tiny(tmp_path: Path) -> settings.Config:
    """A talk whose recogniser is the tiny model; everything else is there."""
    own = tmp_path / "own.toml"
    own.write_text('[asr]\nmodel = "tiny"\n', encoding="utf-8")
    return settings.load("embedded", own, {"source": "en", "target": "es"})


def prepare(
    config: settings.Config,
    store: ModelStore,
    *,
    yes: bool = False,
    questions: io.StringIO | None = None,
    screen: io.StringIO | None = None,
) -> None:
    first_run.prepare(
        config,
        store,
        speech=False,
        yes=yes,
        questions=questions or io.StringIO(),
        screen=screen or io.StringIO(),
    )


@pytest.mark.parametrize(
    ("yes", "answer"), [(True, ""), (False, "y\n"), (False, "Yes\n"), (False, " y")]
)
def test_with_consent_what_lacks_is_explained_and_fetched_and_the_second_run_is_silent(
    hub: Hub, tmp_path: Path, tiny: settings.Config, yes: bool, answer: str
) -> None:
    store, screen = store_of(tmp_path, hub.url), Terminal()
    prepare(tiny, store, yes=yes, questions=Terminal(answer), screen=screen)
    assert store.has("tiny")
    shown = screen.getvalue()
    for part in ("English to Spanish", "tiny", "5 kB", "MIT", "org/gone", str(store.root)):
        assert part in shown
    assert (QUESTION in shown) is not yes

    again = Terminal()
    prepare(tiny, store, questions=Terminal(), screen=again)
    assert again.getvalue() == ""


@pytest.mark.parametrize("answer", ["n\n", "\n", "", "yesterday\n"])
def test_without_consent_nothing_is_fetched(
    hub: Hub, tmp_path: Path, tiny: settings.Config, answer: str
) -> None:
    store = store_of(tmp_path, hub.url)
    with pytest.raises(ModelError, match="nothing was fetched: run `live-translate models get"):
        prepare(tiny, store, questions=Terminal(answer), screen=Terminal())
    assert hub.asked == []


@pytest.mark.parametrize(
    ("questions", "screen"), [(io.StringIO, Terminal), (Terminal, io.StringIO)]
)
def test_where_nobody_can_be_asked_one_sentence_names_the_command_and_the_flag(
    hub: Hub,
    tmp_path: Path,
    tiny: settings.Config,
    questions: type[io.StringIO],
    screen: type[io.StringIO],
) -> None:
    shown = screen()
    with pytest.raises(
        ModelError, match=r"model tiny \(5 kB\).*run `live-translate models get tiny`, or add --yes"
    ):
        prepare(tiny, store_of(tmp_path, hub.url), questions=questions("y\n"), screen=shown)
    assert shown.getvalue() == ""
    assert hub.asked == []


def test_a_disk_without_room_is_told_before_anyone_is_asked(
    hub: Hub, tmp_path: Path, tiny: settings.Config
) -> None:
    screen = Terminal()
    with pytest.raises(ModelError, match="free some"):
        prepare(tiny, store_of(tmp_path, hub.url, free=1000), yes=True, screen=screen)
    assert screen.getvalue() == ""


@pytest.fixture
def everyday(tmp_path: Path) -> Iterator[tuple[settings.Config, ModelStore, Hub]]:
    """A talk that has all it needs, and could have a better translator."""
    own = tmp_path / "own.toml"
    own.write_text('[asr]\nmodel = "tiny"\n', encoding="utf-8")
    config = settings.load("embedded", own, {"source": "en", "target": "es"})
    with serving() as hub:
        hub.add_lfs("org/tiny", "abc", "model.bin", WEIGHTS)
        hub.add_small("org/tiny", "abc", "config.json", CONFIG)
        text = MANIFEST + FAMILY.partition("[models]")[2]
        store = store_of(tmp_path, hub.url, text)
        store.get("tiny")
        yield config, store, hub


def test_of_a_better_translator_one_line_tells_the_first_time(
    everyday: tuple[settings.Config, ModelStore, Hub],
) -> None:
    config, store, _ = everyday
    screens = [Terminal(), Terminal(), io.StringIO()]
    for screen in screens:
        prepare(config, store, questions=Terminal(), screen=screen)
    (line,) = screens[0].getvalue().splitlines()
    assert line == "`live-translate models get opus-mt-en-es` (300 kB) would translate better"
    assert screens[1].getvalue() == screens[2].getvalue() == ""
    assert not store.has("opus-mt-en-es")


def test_with_yes_a_better_translator_is_fetched_where_its_hub_has_it(
    everyday: tuple[settings.Config, ModelStore, Hub],
) -> None:
    config, store, hub = everyday
    serve_opus(hub, "Helsinki-NLP/opus-mt-en-es")
    prepare(config, store, yes=True)
    assert store.has("opus-mt-en-es")


def test_with_yes_and_without_a_better_translator_the_talk_goes_on_after_one_line(
    everyday: tuple[settings.Config, ModelStore, Hub],
) -> None:
    config, store, hub = everyday
    for asked in (True, False):
        hub.asked.clear()
        screen = io.StringIO()
        prepare(config, store, yes=True, screen=screen)
        (line,) = screen.getvalue().splitlines()
        assert line.startswith("opus-mt-en-es could not be fetched (")
        assert line.endswith("): the built-in translator is used instead")
        assert bool(hub.asked) is asked


def test_an_interrupt_says_that_the_download_will_be_resumed(
    hub: Hub, tmp_path: Path, tiny: settings.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_arguments: object) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(ModelStore, "get", interrupted)
    with pytest.raises(Interrupted, match="run the same command again to go on"):
        prepare(tiny, store_of(tmp_path, hub.url), yes=True)


def environment(models: Path, hub_url: str) -> dict[str, str]:
    return {**os.environ, "LIVE_TRANSLATE_MODELS": str(models), "HF_ENDPOINT": hub_url}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("keys", "code", "said"), [("n\n", 1, "nothing was fetched"), ("\x04", 1, "nothing was")]
)
def test_on_a_terminal_a_no_ends_the_program_in_one_sentence(
    tmp_path: Path, keys: str, code: int, said: str
) -> None:
    with on_a_terminal([*PROGRAM, *EN_ES], environment(tmp_path, unused_address())) as terminal:
        terminal.read_until(QUESTION, 60)
        for part in ("whisper-base", "148 MB", "opus-mt-en-es", "426 MB", str(tmp_path)):
            assert part in terminal.shown
        terminal.type(keys)
        assert terminal.exit_code(30) == code
        assert said in terminal.shown
        assert "Traceback" not in terminal.shown


@pytest.mark.slow
def test_ctrl_c_at_the_question_ends_the_program(tmp_path: Path) -> None:
    with on_a_terminal([*PROGRAM, *EN_ES], environment(tmp_path, unused_address())) as terminal:
        terminal.read_until(QUESTION, 60)
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.exit_code(30) == Interrupted.exit_code
        assert "Traceback" not in terminal.shown


@pytest.mark.slow
def test_without_a_terminal_the_program_names_the_command_and_the_flag(tmp_path: Path) -> None:
    done = subprocess.run(
        [*PROGRAM, *EN_ES],
        env=environment(tmp_path, unused_address()),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    (line,) = done.stderr.splitlines()
    assert done.returncode == 1
    assert "`live-translate models get whisper-base kokoro kokoro-voices`" in line
    assert "--yes" in line


def publish(hub: Hub, store: ModelStore) -> None:
    """Serve the embedded profile's real models, as their first sources do."""
    for name in store.manifest.profile("embedded"):
        model, folder = store.manifest.model(name), store.path(name)
        source = model.sources[0]
        assert isinstance(source, HuggingFace)
        if model.voices:
            with np.load(folder / model.files[0].name) as voices:
                for voice in model.voices:
                    path = source.voices.format(voice=voice)
                    content = voices[voice].astype("<f4").tobytes()
                    hub.add_lfs(source.repo, source.revision, path, content)
        else:
            for file in model.files:
                content = (folder / file.name).read_bytes()
                hub.add_lfs(source.repo, source.revision, file.name, content)


@pytest.mark.slow
def test_on_a_machine_without_models_a_y_fetches_them_and_the_talk_begins(
    tmp_path: Path, store: ModelStore
) -> None:
    models, output = tmp_path / "models", tmp_path / "out.wav"
    talk = (*EN_ES, "--input", str(excerpt(tmp_path, 4)), "--pace", "fast", "--output", str(output))
    with serving() as hub:
        publish(hub, store)
        surroundings = environment(models, hub.url)
        with on_a_terminal([*PROGRAM, *talk], surroundings) as terminal:
            terminal.read_until(QUESTION, 60)
            terminal.type("y\n")
            assert terminal.exit_code(200) == 0, terminal.shown
        for part in ("model.bin", "kokoro is ready, from Hugging Face", "best of times"):
            assert part in terminal.shown
        assert output.stat().st_size > 50_000

    with on_a_terminal([*PROGRAM, *talk], environment(models, unused_address())) as terminal:
        assert terminal.exit_code(200) == 0, terminal.shown
        assert QUESTION not in terminal.shown
