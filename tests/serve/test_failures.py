"""What of a failure a client is told."""

import pytest

from live_translator.errors import (
    AudioError,
    ClientError,
    EngineError,
    LiveTranslateError,
    ModelError,
    StageError,
    UsageError,
)
from live_translator.serve.failures import as_told


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ClientError("too_fast", "slower"), "too_fast"),
        (StageError("capture", ClientError("too_fast", "slower")), "too_fast"),
        (UsageError("no such voice"), "unsupported_language"),
        (AudioError("cannot read /secret/x"), "bad_audio"),
        (StageError("capture", AudioError("cannot read /secret/x")), "bad_audio"),
        (ModelError("/secret/model is damaged"), "unsupported_language"),
        (EngineError("failed in /secret"), "engine_failed"),
        (StageError("asr", ValueError("/secret")), "engine_failed"),
    ],
)
def test_a_failure_has_a_code_and_names_no_path(error: LiveTranslateError, code: str) -> None:
    told = as_told(error)
    assert told.code == code
    assert "secret" not in str(told)
    assert told is not error
