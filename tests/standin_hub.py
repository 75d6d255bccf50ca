"""A stand-in for Hugging Face on this machine: redirects, ranges, hashes and faults."""

import hashlib
import re
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_PIECE_BYTES = 65_536


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass
class Hub:
    """What is served, what goes wrong (consumed one request at a time), what was asked."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    etags: dict[str, str] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    linked: dict[str, str] = field(default_factory=dict)
    commits: set[str] = field(default_factory=set)
    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    pause_s: float = 0.0
    """Between one piece of a file and the next: how slow the line is."""

    def add(self, path: str, content: bytes, *, etag: str | None = None) -> str:
        """Serve content at a path; return its address."""
        self.files[path] = content
        self.etags[path] = f'"{sha256(content)[:16]}"' if etag is None else etag
        return self.url + path

    def add_lfs(self, repo: str, revision: str, name: str, content: bytes) -> str:
        """Serve a large file as Hugging Face does: a redirect that states the sha256."""
        path = f"/{repo}/resolve/{revision}/{name}"
        storage = f"/storage/{sha256(content)}"
        self.add(storage, content)
        self.redirects[path] = storage
        self.linked[path] = f'"{sha256(content)}"'
        return self.url + path

    def add_small(self, repo: str, revision: str, name: str, content: bytes) -> str:
        """Serve a small file as Hugging Face does: the ETag is git's blob hash."""
        path = f"/{repo}/resolve/{revision}/{name}"
        blob = b"blob %d\0" % len(content) + content
        self.commits.add(path)
        return self.add(path, content, etag=f'"{hashlib.sha1(blob).hexdigest()}"')  # noqa: S324

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def ranges(self) -> list[str]:
        return [headers.get("Range", "") for _, headers in self.asked]


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            hub.asked.append((self.path, dict(self.headers)))
            fault = hub.faults[self.path].pop(0) if hub.faults[self.path] else ""
            if fault.isdigit():
                self.answer(int(fault), b"sorry", {})
            elif self.path in hub.redirects:
                headers = {"Location": hub.redirects[self.path], "X-Repo-Commit": "c0ffee"}
                if self.path in hub.linked:
                    headers["X-Linked-ETag"] = hub.linked[self.path]
                self.answer(302, b"", headers)
            elif self.path in hub.files:
                self.serve(hub.files[self.path], fault)
            else:
                self.answer(404, b"not here", {})

        def serve(self, content: bytes, fault: str) -> None:
            etag = hub.etags[self.path]
            headers = {"ETag": etag} if etag else {}
            if self.path in hub.commits:
                headers["X-Repo-Commit"] = "c0ffee"
            wanted = re.match(r"bytes=(\d+)-", self.headers.get("Range", ""))
            begin = int(wanted[1]) if wanted else 0
            same = self.headers.get("If-Range", etag) == etag
            if not wanted or not same or fault == "ignore-range":
                self.answer(200, content, headers, fault)
            elif begin >= len(content):
                self.answer(416, b"", headers)
            else:
                begin += fault == "wrong-range"
                span = f"bytes {begin}-{len(content) - 1}/{len(content)}"
                self.answer(206, content[begin:], headers | {"Content-Range": span}, fault)

        def answer(
            self, status: int, body: bytes, headers: dict[str, str], fault: str = ""
        ) -> None:
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if fault.startswith("cut-after-"):
                self.wfile.write(body[: int(fault.removeprefix("cut-after-"))])
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            try:
                for begin in range(0, len(body), _PIECE_BYTES):
                    self.wfile.write(body[begin : begin + _PIECE_BYTES])
                    time.sleep(hub.pause_s)
            except ConnectionError:  # whoever asked was killed
                self.close_connection = True

    return Handler


@contextmanager
def serving() -> Iterator[Hub]:
    hub = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(hub))
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def unused_address() -> str:
    """Return an address where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"
