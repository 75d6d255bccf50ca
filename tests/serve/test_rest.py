"""The HTTP part over real sockets, with engines that cost nothing."""

import io
import json
import socket as sockets
import threading
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from live_translator.serve.recording import Recording
from tests.conftest import SAMPLE
from tests.serve.server import Served, served, speech

TOKEN = "correct horse battery"  # noqa: S105 - of nobody


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with served() as running:
        yield running


@pytest.fixture
def http(server: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=60) as client:
        yield client


def wav(seconds: float) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setparams((1, 2, 16_000, 0, "NONE", ""))
        writer.writeframes(speech(seconds))
    return file.getvalue()


def upload(content: bytes, **fields: str) -> dict[str, Any]:
    return {"files": {"file": ("../../etc/passwd", content)}, "data": fields}


def test_a_text_and_a_batch_are_translated(http: httpx.Client) -> None:
    pair = {"source_lang": "en", "target_lang": "spa_Latn"}
    one = http.post("/translate", json={"text": "hello there", **pair})
    assert one.json() == {"translation": "HELLO THERE", "source_lang": "en", "target_lang": "es"}
    many = http.post("/translate", json={"text": ["a b", "", "c\n\nd"], **pair})
    assert many.json()["translation"] == ["A B", "", "C\n\nD"]


def test_a_text_is_spoken_as_a_wav_file(http: httpx.Client) -> None:
    answer = http.post("/speak", json={"text": "uno dos, tres.", "target_lang": "es"})
    assert answer.headers["content-type"] == "audio/wav"
    with wave.open(io.BytesIO(answer.content)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 24_000)
        assert file.getnframes() / 24_000 == pytest.approx(3 * 0.2 + 0.2, abs=0.15)


def test_a_recording_is_written_down(http: httpx.Client) -> None:
    answer = http.post("/transcribe", **upload(wav(5.0), source_lang="en")).json()
    assert answer["text"].startswith("word0 word1")
    assert answer["duration"] == pytest.approx(5.0, abs=0.05)
    assert answer["language"] == "en"
    for segment in answer["segments"]:
        assert 0 <= segment["start"] < segment["end"] <= 5.1


@pytest.mark.parametrize("content", [wav(5.0), SAMPLE.read_bytes()[:400_000]])
def test_a_recording_is_written_down_and_translated(http: httpx.Client, content: bytes) -> None:
    fields = {"source_lang": "en", "target_lang": "es"}
    answer = http.post("/transcribe-translate", **upload(content, **fields)).json()
    assert answer["text"].upper() == answer["translation"]
    assert "WORD0 WORD1" in answer["translation"]
    assert [segment["id"] for segment in answer["segments"]] == list(range(len(answer["segments"])))


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/translate", {"text": "x", "source_lang": "en"}, 422, "bad_message"),
        ("/translate", {"text": [], "source_lang": "en", "target_lang": "es"}, 422, "bad_message"),
        ("/translate", {"text": 7, "source_lang": "en", "target_lang": "es"}, 422, "bad_message"),
        ("/translate", {"text": "x", "source_lang": "xx", "target_lang": "es"}, 422,
         "unsupported_language"),
        ("/translate", {"text": "x", "source_lang": "en", "target_lang": "eng"}, 422,
         "unsupported_language"),
        ("/translate", {"text": "x" * 10_001, "source_lang": "en", "target_lang": "es"}, 413,
         "too_large"),
        ("/translate", {"text": ["x"] * 129, "source_lang": "en", "target_lang": "es"}, 413,
         "too_large"),
        ("/translate", {"text": "x" * 300_000, "source_lang": "en", "target_lang": "es"}, 413,
         "too_large"),
        ("/speak", {"text": "...", "target_lang": "es"}, 422, "bad_message"),
        ("/speak", {"text": "x", "target_lang": "es", "voice": "../x"}, 422, "bad_message"),
        ("/speak", {"text": "x" * 1001, "target_lang": "es"}, 413, "too_large"),
        ("/nowhere", {}, 404, "not_found"),
        ("/languages", {}, 405, "method_not_allowed"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_in_one_shape(
    http: httpx.Client, path: str, body: dict[str, Any], status: int, code: str
) -> None:
    answer = http.post(path, json=body)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["code"] == code
    assert error["message"]


@pytest.mark.parametrize("content", [b"", b"no sound at all" * 100, b"#EXTM3U\nhttp://127.0.0.1/"])
def test_what_is_no_recording_is_refused_and_no_path_is_told(
    http: httpx.Client, content: bytes
) -> None:
    answer = http.post("/transcribe", **upload(content, source_lang="en"))
    assert answer.status_code == 415
    assert answer.json()["error"]["code"] == "bad_audio"
    assert "/" not in answer.json()["error"]["message"]


def test_an_upload_is_as_large_as_it_may_be_announced_or_not() -> None:
    with served(max_upload_bytes=50_000) as server:
        announced = httpx.post(
            f"{server.url}/transcribe", timeout=60, **upload(bytes(60_000), source_lang="en")
        )
        assert announced.status_code == 413
        request = httpx.Request(
            "POST", f"{server.url}/transcribe", **upload(bytes(60_000), source_lang="en")
        )
        body = request.read()
        headers = {"content-type": request.headers["content-type"]}
        chunks = (body[begin : begin + 1000] for begin in range(0, len(body), 1000))
        streamed = httpx.post(
            f"{server.url}/transcribe", content=chunks, headers=headers, timeout=60
        )
        assert streamed.status_code == 413
        assert streamed.json()["error"]["code"] == "too_large"


def test_a_body_that_never_comes_is_not_waited_for() -> None:
    with served(upload_s=0.3) as server:
        raw = sockets.create_connection(("127.0.0.1", server.port))
        raw.settimeout(30)
        raw.sendall(
            b"POST /translate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b'Content-Length: 100\r\n\r\n{"text"'
        )
        assert raw.recv(12) == b"HTTP/1.1 408"
        raw.close()


def test_a_recording_too_long_is_refused() -> None:
    with served(max_recording_s=2.0) as server:
        answer = httpx.post(
            f"{server.url}/transcribe", timeout=60, **upload(wav(4.0), source_lang="en")
        )
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_long")


def test_work_is_given_up_when_whoever_asked_has_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, cancelled = threading.Event(), threading.Event()

    class Endless(Recording):
        def run(self) -> Any:
            begun.set()
            assert cancelled.wait(30)
            raise AssertionError("nobody is told")

        def cancel(self) -> None:
            cancelled.set()

    monkeypatch.setattr("live_translator.serve.rest.Recording", Endless)
    with served() as server:
        request = httpx.Request(
            "POST", f"{server.url}/transcribe", **upload(b"x", source_lang="en")
        )
        body = request.read()
        raw = sockets.create_connection(("127.0.0.1", server.port))
        raw.sendall(
            b"POST /transcribe HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\n"
            b"Content-Length: %d\r\n\r\n%s"
            % (request.headers["content-type"].encode(), len(body), body)
        )
        assert begun.wait(30)
        raw.close()
        assert cancelled.wait(30)


def test_more_work_than_can_wait_is_refused_politely(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(texts: list[str], *_: Any) -> list[str]:
        begun.set()
        assert go_on.wait(30)
        return texts

    monkeypatch.setattr("live_translator.serve.phrases.translate", slow)
    body = {"text": "x", "source_lang": "en", "target_lang": "es"}
    with served(jobs=1, waiting_jobs=0) as server:
        first = threading.Thread(target=httpx.post, args=(f"{server.url}/translate",),
                                 kwargs={"json": body, "timeout": 60})  # fmt: skip
        first.start()
        assert begun.wait(30)
        answer = httpx.post(f"{server.url}/translate", json=body)
        go_on.set()
        first.join()
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "15"
    assert answer.json()["error"]["code"] == "busy"


def test_languages_say_what_they_are_translated_to(http: httpx.Client) -> None:
    known = {one["code"]: one for one in http.get("/languages").json()["languages"]}
    assert "es" in known["en"]["translates_to"]
    assert known["bn"]["iso639_3"] == "ben"


def test_health_tells_living_from_ready(http: httpx.Client) -> None:
    assert http.get("/health/live").json()["live"]
    for _ in range(100):  # Loading takes a moment.
        if http.get("/health").status_code == 200:
            break
    assert http.get("/health/ready").json()["ready"]


def test_metrics_are_prometheus_text(http: httpx.Client) -> None:
    http.get("/nowhere")
    text = http.get("/metrics").text
    assert 'live_translate_http_requests_total{method="GET",status="404"}' in text
    assert "live_translate_talks 0.0" in text
    assert 'live_translate_engine_busy_seconds_total{stage="asr"}' in text


def test_every_answer_is_guarded(http: httpx.Client) -> None:
    for path in ("/health/live", "/nowhere", "/openapi.json", "/"):
        headers = http.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers


def test_pages_of_others_and_rebound_names_are_refused(http: httpx.Client) -> None:
    assert http.get("/languages", headers={"Origin": "https://evil.example"}).status_code == 403
    assert http.get("/languages", headers={"Host": "evil.example"}).status_code == 403
    assert http.get("/languages", headers={"Origin": str(http.base_url)}).status_code == 200


def test_with_a_token_only_health_and_documents_are_open() -> None:
    with served(token=TOKEN) as server, httpx.Client(base_url=server.url, timeout=60) as http:
        for path in ("/health/live", "/openapi.json", "/asyncapi.json"):
            assert http.get(path).status_code == 200
        body = {"text": "x", "source_lang": "en", "target_lang": "es"}
        refused = http.post("/translate", json=body)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == "Bearer"
        assert http.get("/metrics").status_code == 401
        headers = {"Authorization": f"Bearer {TOKEN}"}
        assert http.post("/translate", json=body, headers=headers).status_code == 200


def test_without_the_token_no_body_is_read() -> None:
    with served(token=TOKEN) as server:
        raw = sockets.create_connection(("127.0.0.1", server.port))
        raw.settimeout(30)
        raw.sendall(
            b"POST /transcribe HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\n\r\n"
        )
        assert raw.recv(12) == b"HTTP/1.1 401"
        raw.close()


def test_many_requests_from_one_address_are_refused() -> None:
    with served(requests_per_s=0.1, requests_burst=3.0) as server:
        statuses = [httpx.get(f"{server.url}/health/live").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]


def test_the_page_is_served_and_nothing_beside_it(tmp_path: Path) -> None:
    page = tmp_path / "page"
    page.mkdir()
    (page / "index.html").write_text("<p>hello</p>")
    (tmp_path / "secret").write_text("secret")
    with served(page=page) as server, httpx.Client(base_url=server.url) as http:
        assert http.get("/").text == "<p>hello</p>"
        for path in ("/../secret", "/%2e%2e/secret", "/..%2fsecret", "//etc/passwd"):
            assert http.get(path).status_code == 404


def test_without_a_page_there_is_none(tmp_path: Path) -> None:
    with served(page=tmp_path / "none") as server:
        answer = httpx.get(f"{server.url}/")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_the_documents_name_every_message_and_no_missing_part(http: httpx.Client) -> None:
    document = http.get("/asyncapi.json").json()
    assert document["asyncapi"] == "3.0.0"
    text = json.dumps(document)
    for name in ("start_stream", "stream_end", "source_partial", "resume"):
        assert f'"{name}"' in text
    references = {part.split('"')[0] for part in text.split('"$ref": "#/')[1:]}
    for reference in references:
        part = document
        for key in reference.split("/"):
            part = part[key]
