"""`live-translate doctor` on the real machine."""

import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from live_translator import cli
from live_translator import config as settings
from live_translator.doctor import measuring
from live_translator.model_store import ModelStore
from tests.conftest import ROOT

NOWHERE = {"PULSE_SERVER": "unix:/nonexistent", "PULSE_RUNTIME_PATH": "/nonexistent"}


def doctor(
    *arguments: str | Path, cwd: Path = ROOT, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "live_translator", "doctor", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
        cwd=cwd,
    )


@pytest.mark.slow
@pytest.mark.usefixtures("sound_server", "store")
def test_a_machine_with_everything_is_measured_and_well(tmp_path: Path) -> None:
    path = tmp_path / "support.zip"
    done = doctor("--bundle", path)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    checks = {line.split()[1]: line for line in done.stdout.splitlines() if line.strip()}
    assert checks["microphone"].startswith("ok")
    assert checks["loudspeaker"].startswith("ok")
    assert "ms a sentence" in checks["speed"]
    assert "the rule: at most" in checks["real"]
    assert "profile embedded, has all it needs" in done.stdout
    with zipfile.ZipFile(path) as archive:
        parts = {
            name.removesuffix(".json"): json.loads(archive.read(name))
            for name in archive.namelist()
            if name.endswith(".json")
        }
    assert set(parts) == {
        "checks", "speeds", "versions", "configuration", "devices", "models",
    }  # fmt: skip
    assert {check["level"] for check in parts["checks"]} <= {"ok", "warning"}
    assert {device["name"] for device in parts["devices"]} == {
        "mic",
        "spk",
        "mic.monitor",
        "spk.monitor",
    }
    assert parts["models"]["whisper-base"]["state"] == "ready"
    assert parts["configuration"]["asr"]["model"] == "whisper-base"
    assert parts["versions"]["ctranslate2"] != "missing"
    speeds = parts["speeds"]["embedded"]
    assert 0.02 < speeds["voice"] < 5
    assert speeds["outcome"] in ("holds", "fails", "unknown")


@pytest.mark.slow
def test_without_a_sound_server_it_says_so_and_goes_on_to_the_end() -> None:
    pytest.importorskip("pyaudio", reason="needs PyAudio: pip install 'live-translate[mic]'")
    if Path("/dev/snd").exists():
        pytest.skip("this machine has a sound card")
    done = doctor("--quick", environment=NOWHERE)
    assert (done.returncode, done.stderr) == (1, "")
    assert "failure  microphone    no microphone was found: connect one" in done.stdout
    assert "failure  loudspeaker   no loudspeaker was found: connect one" in done.stdout
    assert "cannot begin" in done.stdout.splitlines()[-1]
    assert "ms a sentence" not in done.stdout, "--quick measures nothing"


@pytest.mark.slow
@pytest.mark.usefixtures("sound_server")
def test_without_models_a_bundle_names_them_and_nobody(tmp_path: Path) -> None:
    """Paths of the user's are in what the checks say, and nowhere in the bundle."""
    home = tmp_path / "home" / "quetzal"
    home.mkdir(parents=True)
    path = home / "support.zip"
    done = doctor(
        "--quick",
        "--bundle",
        path,
        cwd=home,
        environment={
            "HOME": str(home),
            "USER": "quetzal",
            "LOGNAME": "quetzal",
            "LIVE_TRANSLATE_MODELS": str(home / "models"),
        },
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "failure  models        whisper-base (148 MB) is missing" in done.stdout
    assert "`live-translate models get whisper-base`" in done.stdout
    assert str(home) in done.stdout
    with zipfile.ZipFile(path) as archive:
        contents = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "whisper-base (148 MB) is missing" in contents
    assert "~/models" in contents
    assert "quetzal" not in contents.lower()
    assert str(tmp_path) not in contents


@pytest.mark.slow
def test_on_a_disk_that_takes_nothing_it_names_the_folder_and_the_variable() -> None:
    if not Path("/proc/self").exists():
        pytest.skip("needs a folder that takes no files, not even root's: Linux's /proc")
    models = {"LIVE_TRANSLATE_MODELS": "/proc/models"}
    done = doctor("--quick", cwd=Path("/proc"), environment=models)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "failure  disk" in done.stdout
    assert "LIVE_TRANSLATE_MODELS" in done.stdout
    assert "warning  disk          cannot write to /proc" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "part"),
    [
        (["--src", "klingon"], 2, "choose one of"),
        (["--config", "none.toml"], 2, "none.toml"),
        (["--bundle", "no/such/folder/b.zip"], 1, "folder"),
    ],
)
def test_misuse_is_told_in_one_sentence_before_any_check(
    arguments: list[str], code: int, part: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["doctor", *arguments]) == code
    shown = capfd.readouterr()
    assert shown.out == ""
    (line,) = shown.err.splitlines()
    assert part in line


@pytest.mark.slow
def test_measuring_ends_in_its_time_and_with_the_last_call_that_was_begun(
    store: ModelStore,
) -> None:
    """With a budget that loading uses up, each stage still makes one call."""
    began_s = time.monotonic()
    speeds = measuring.measure(settings.load("embedded"), store, 0.1)
    took_s = time.monotonic() - began_s
    assert 0 < speeds.heard_s < 4
    assert speeds.voice > 0
    assert speeds.sentence_s > 0
    # The longest sentence is spoken in seconds; the rest is what other programs take.
    assert took_s - speeds.load_s < 20
