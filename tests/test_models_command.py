import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import setup_models
from live_translator import models_command
from live_translator.errors import Interrupted
from live_translator.model_store import ModelStore
from tests.standin_hub import Hub, serving
from tests.test_model_store import CONFIG, MANIFEST, WEIGHTS, store_of

ROOT = Path(models_command.__file__).parents[1]


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """Serve the tiny model, and make the program's default store know it."""
    with serving() as hub:
        hub.add_lfs("org/tiny", "abc", "model.bin", WEIGHTS)
        hub.add_small("org/tiny", "abc", "config.json", CONFIG)
        text = MANIFEST.replace("[models.other]", "[models.opus-mt-en-es]")
        text = text.replace("models.other.", "models.opus-mt-en-es.").replace('"other"', '"tiny"')
        hub.add("/other", b"other")
        monkeypatch.setattr(
            ModelStore, "default", classmethod(lambda cls: store_of(tmp_path, hub.url, text))
        )
        yield hub


def test_get_list_and_verify_tell_one_story(
    hub: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert models_command.run(["verify"]) == 0
    assert "no models on disk" in capsys.readouterr().out
    assert models_command.run(["list"]) == 0
    assert "profiles ready: none" in capsys.readouterr().out

    assert models_command.run(["get", "tiny"]) == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "tiny is ready" in shown.err
    assert models_command.run(["get", "tiny"]) == 0
    assert "tiny is there" in capsys.readouterr().err

    assert models_command.run(["list"]) == 0
    header, tiny, *_ = capsys.readouterr().out.splitlines()
    assert header.split() == ["NAME", "KIND", "SIZE", "LICENCE", "STATE", "WHAT", "IT", "IS"]
    assert tiny.split()[:6] == ["tiny", "asr", "5", "kB", "MIT", "ready"]

    (tmp_path / "models" / "tiny" / "model.bin").write_bytes(WEIGHTS[::-1])
    assert models_command.run(["verify"]) == 1
    assert "error: model tiny is damaged (model.bin" in capsys.readouterr().err
    assert models_command.run(["get", "--force", "tiny"]) == 0
    assert models_command.run(["verify", "tiny"]) == 0
    assert "tiny: every file is intact" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "code", "says"),
    [
        (["get"], 2, "nothing to get"),
        (["get", "x"], 2, "unknown model 'x'"),
        (["get", "--pair", "en-xx"], 2, "unknown language 'xx'"),
        (["get", "--pair", "english"], 2, "write it as en-es"),
        (["get", "--pair", "en-de"], 2, "no small model from English to German"),
        (["verify", "tiny"], 1, "model tiny is missing"),
    ],
)
def test_an_error_is_one_line_and_an_exit_code(
    hub: Hub, capsys: pytest.CaptureFixture[str], argv: list[str], code: int, says: str
) -> None:
    assert models_command.run(argv) == code
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    assert says in line


def test_a_pairs_model_beside_a_profile_may_be_missing_and_one_line_says_what_is_instead(
    hub: Hub, capsys: pytest.CaptureFixture[str]
) -> None:
    del hub.files["/other"]
    for _ in range(2):
        assert setup_models.main([]) == 0
        (line,) = [line for line in capsys.readouterr().err.splitlines() if "could not" in line]
        assert line.startswith("opus-mt-en-es could not be fetched (")
        assert line.endswith("): the built-in translator is used instead")
    assert hub.paths().count("/other") == 1, "it is not asked again at the next start"


def test_a_pairs_model_by_itself_must_come(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    del hub.files["/other"]
    assert setup_models.main(["--pair", "en-es"]) == 1
    assert "error: model opus-mt-en-es could not be fetched" in capsys.readouterr().err


def test_ctrl_c_says_how_to_go_on(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_arguments: object, **_more: object) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(ModelStore, "get", interrupted)
    assert models_command.run(["get", "tiny"]) == Interrupted.exit_code
    assert "run the same command again" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "fetched"),
    [
        ([], ["opus-mt-en-es", "tiny"]),
        (["--profile", "balanced"], ["tiny"]),
        (["--profile", "balanced", "--pair", "en-es"], ["opus-mt-en-es", "tiny"]),
        (["--pair", "en-es"], ["opus-mt-en-es"]),
        (["--model", "tiny", "--pair", "en-es"], ["opus-mt-en-es", "tiny"]),
        (["--list"], []),
        (["--verify"], []),
    ],
)
def test_setup_models_is_the_same_program(
    hub: Hub, tmp_path: Path, argv: list[str], fetched: list[str]
) -> None:
    assert setup_models.main(argv) == 0
    store = ModelStore.default()
    assert sorted(name for name in store.manifest.models if store.has(name)) == fetched


def test_the_script_runs_from_the_checkout() -> None:
    done = subprocess.run(
        [sys.executable, "setup_models.py", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "--profile" in done.stdout
