"""Real engines that break in the middle of a real talk; all moments: benchmarks/faults.py."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import faults
from benchmarks.faults import Fault, Outcome
from live_translator.engines import Engines
from live_translator.model_store import ModelStore

pytestmark = pytest.mark.slow

CALLS = {"capture": 400, "asr": 30, "mt": 16, "tts": 6}
"""About as many as the excerpt takes, or a little fewer."""


@pytest.fixture
def engines(store: ModelStore) -> Iterator[Engines]:
    made = Engines(faults.configuration(), store, speech=True)
    yield made
    made.close()


def broken(fault: Fault, engines: Engines, folder: Path) -> Outcome:
    outcome, _ = faults.broken_run(
        fault, faults.configuration(), engines, folder, calls=CALLS[fault.stage]
    )
    assert not outcome.hung
    assert not outcome.invalid
    assert outcome.lost == 0
    return outcome


@pytest.mark.parametrize("stage", ["capture", "asr", "mt", "tts"])
@pytest.mark.parametrize("kind", ["error", "memory"])
def test_a_call_that_fails_once_costs_nothing(
    stage: str, kind: str, engines: Engines, tmp_path: Path
) -> None:
    outcome = broken(Fault(stage=stage, kind=kind, moment="middle"), engines, tmp_path)
    assert outcome.said == ""
    recovery = outcome.report["recovery"]
    assert recovery[stage] == {"failures": 1, "hung": 0, "restarts": 0, "skipped": 0}
    assert sum(outcome.report["skipped_segments"].values()) == 0


@pytest.mark.parametrize("stage", ["asr", "mt", "tts"])
def test_a_call_that_never_comes_back_is_named_and_its_engine_started_anew(
    stage: str, engines: Engines, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    outcome = broken(Fault(stage=stage, kind="hang", moment="middle"), engines, tmp_path)
    assert outcome.said == ""
    recovery = outcome.report["recovery"]
    assert recovery[stage] == {"failures": 1, "hung": 1, "restarts": 1, "skipped": 0}
    name = {"asr": "the recogniser", "mt": "the translator", "tts": "the voice"}[stage]
    assert f"{name}" in caplog.text
    assert f"no answer within {faults.LIMIT_S:g} s): starting it anew" in caplog.text


@pytest.mark.parametrize(
    ("stage", "kind"), [("asr", "error"), ("mt", "memory"), ("tts", "error"), ("asr", "hang")]
)
def test_a_first_call_that_fails_while_the_models_load_costs_nothing(
    stage: str, kind: str, engines: Engines, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    outcome = broken(Fault(stage=stage, kind=kind, moment="first"), engines, tmp_path)
    assert outcome.said == ""
    assert outcome.report["recovery"][stage]["skipped"] == 0
    assert "did not warm up" in caplog.text


def test_a_translator_that_fails_for_good_is_followed_by_the_next(
    engines: Engines, tmp_path: Path
) -> None:
    outcome = broken(
        Fault(stage="mt", kind="error", moment="middle", lasts=True), engines, tmp_path
    )
    assert outcome.said == ""
    (switch,) = outcome.report["recovery"]["switches"]
    assert switch.startswith("apertium goes on: the translator compact-en-es failed")
    assert outcome.report["engines"]["mt"] == "apertium"


@pytest.mark.parametrize(("stage", "name"), [("asr", "the recogniser"), ("tts", "the voice")])
def test_an_engine_that_fails_for_good_ends_the_talk_with_its_reason(
    stage: str, name: str, engines: Engines, tmp_path: Path
) -> None:
    fault = Fault(stage=stage, kind="error", moment="middle", lasts=True)
    outcome = broken(fault, engines, tmp_path)
    assert outcome.said.startswith(f"the {stage} stage failed: {name}")
    assert outcome.said.endswith("at last with: RuntimeError; run `live-translate doctor`")
