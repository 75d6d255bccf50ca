"""What every test shares: where material lies, a sound server, and no thread left behind."""

import threading
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from live_translator.errors import ModelError
from live_translator.model_store import ModelStore
from tests.audio.sound_server import sound_server  # noqa: F401 - a fixture for all folders

# A busy machine is no fault of an example.
hypothesis.settings.register_profile("project", deadline=None)
hypothesis.settings.load_profile("project")

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "benchmarks" / "samples" / "two_cities.flac"
STAGES = {"capture", "asr", "mt", "tts"}


@pytest.fixture(autouse=True)
def no_stage_outlives_its_test() -> Iterator[None]:
    """Every test ends with no worker alive."""
    yield
    alive = [thread.name for thread in threading.enumerate() if thread.name in STAGES]
    assert not alive


@pytest.fixture(scope="session")
def shared() -> Path:
    """The recordings and texts beside the project; absent on most machines."""
    folder = ROOT.parent / "shared"
    if not (folder / "speech" / "manifest.tsv").is_file():
        pytest.skip("needs the recordings in ../shared, which are not part of the project")
    return folder


@pytest.fixture(scope="session")
def store() -> ModelStore:
    """The models of the embedded profile, on disk."""
    ready = ModelStore.default()
    try:
        for name in ("whisper-base", "kokoro", "kokoro-voices"):
            ready.path(name)
    except ModelError as error:
        pytest.skip(str(error))
    return ready
