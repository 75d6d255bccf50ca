"""What the OpenAPI document promises, tried by schemathesis over real sockets."""

from typing import Any

import hypothesis
import schemathesis
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.serve.server import served

PATIENT = hypothesis.settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(hypothesis.HealthCheck),
)


def test_every_answer_is_as_documented() -> None:
    """Sound and unsound requests to each operation; schemathesis runs its checks.

    But for one: that all a schema allows is done. No schema says which pairs can be translated.
    """
    tried = set()
    with served(max_upload_bytes=100_000) as server:
        schema = schemathesis.openapi.from_url(f"{server.url}/openapi.json")
        for result in schema.get_all_operations():
            operation = result.ok()  # type: ignore[union-attr]
            for mode in schemathesis.GenerationMode:

                @PATIENT
                @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
                def check(case: Any) -> None:
                    response = case.call_and_validate(excluded_checks=[positive_data_acceptance])
                    assert response.status_code < 500 or response.status_code == 503
                    tried.add((case.method, case.path))

                try:
                    check()
                except hypothesis.errors.Unsatisfiable:
                    assert not operation.body  # What takes nothing cannot be given it wrongly.
    assert ("POST", "/translate") in tried
    assert ("POST", "/transcribe") in tried
    assert ("GET", "/languages") in tried
