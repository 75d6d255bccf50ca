"""What the OpenAPI document promises, tried by schemathesis over real sockets."""

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.core.transport import Response

from tests.serve.server import Served, served


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with served(max_upload_bytes=100_000) as running:
        yield running


@pytest.fixture
def api(server: Served) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_url(f"{server.url}/openapi.json")


schema = schemathesis.pytest.from_fixture("api")


@schema.parametrize()
@hypothesis.settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(hypothesis.HealthCheck),
)
def test_every_answer_is_as_documented(case: Any) -> None:
    response: Response = case.call()
    assert response.status_code < 500 or response.status_code == 503
    case.validate_response(response)
