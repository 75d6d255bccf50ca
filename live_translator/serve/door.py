"""Who is let in: tokens, origins, hosts, and how often."""

import hmac
import ipaddress
from collections import Counter, OrderedDict
from collections.abc import Sequence
from urllib.parse import urlsplit

from live_translator.config import ServeConfig
from live_translator.errors import ClientError, UsageError
from live_translator.interfaces import Clock
from live_translator.serve.bucket import Bucket
from live_translator.serve.codes import Code

LEAST_TOKEN_CHARS = 16
_LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
_REMEMBERED_ADDRESSES = 10_000
"""Those not heard of for longest are forgotten; their buckets are full again by then."""


def is_loopback(host: str) -> bool:
    """Return whether an address or name to listen on is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_exposure(host: str, token: str | None) -> None:
    """Raise UsageError for a server that others could use without a token."""
    if token is not None and len(token) < LEAST_TOKEN_CHARS:
        raise UsageError(
            f"the token has {len(token)} characters: take at least {LEAST_TOKEN_CHARS}, as from "
            "`openssl rand -hex 24`"
        )
    if token is None and not is_loopback(host):
        raise UsageError(
            f"listening on {host} lets others in: give them a token (--token-file), or leave "
            "out --host"
        )


def is_host_known(host: str, known: Sequence[str]) -> bool:
    """Return whether a request's Host header names this server as its users do."""
    name = urlsplit(f"//{host}").hostname or ""
    return name in (*_LOCAL_NAMES, *known)


def is_origin_known(origin: str, host: str, *, known: Sequence[str]) -> bool:
    """Return whether a page may use the server: its own page, or one that is configured.

    `origin` and `host` are the request's headers (RFC 6455 section 10.2: browsers do not
    keep other sites' pages from opening WebSockets).
    """
    return origin in known or (
        origin.startswith(("http://", "https://")) and urlsplit(origin).netloc == host
    )


class Door:
    """Lets in or refuses, by raising ClientError; on the event loop's thread."""

    def __init__(self, limits: ServeConfig, token: str | None, clock: Clock) -> None:
        self._limits = limits
        self._token = token
        self._clock = clock
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._connections: Counter[str] = Counter()

    def check_request(self, address: str, host: str, origin: str | None) -> None:
        """Check where a request or a connection comes from, and how often."""
        bucket = self._buckets.pop(address, None) or Bucket(
            per_s=self._limits.requests_per_s, burst=self._limits.requests_burst
        )
        self._buckets[address] = bucket
        if len(self._buckets) > _REMEMBERED_ADDRESSES:
            self._buckets.popitem(last=False)
        if not bucket.take(1, self._clock()):
            raise ClientError(
                Code.TOO_MANY, f"more than {self._limits.requests_per_s:g} requests a second"
            )
        try:
            if self._token is None and not is_host_known(host, self._limits.allowed_hosts):
                raise ClientError(
                    Code.FORBIDDEN, "the server is not known by this name: add it to allowed_hosts"
                )
            known = self._limits.allowed_origins
            if origin is not None and not is_origin_known(origin, host, known=known):
                raise ClientError(
                    Code.FORBIDDEN, "this page may not use the server: add it to allowed_origins"
                )
        except ValueError as error:  # urlsplit, of what is no address
            raise ClientError(Code.FORBIDDEN, "Host or Origin is no address") from error

    def check_token(self, *candidates: str | None) -> None:
        """Check that a candidate is the token, as such or after Bearer; in constant time."""
        if self._token is None:
            return
        expected = self._token.encode()
        found = False
        for candidate in candidates:
            given = (candidate or "").removeprefix("Bearer ").encode()
            found |= hmac.compare_digest(given, expected)
        if not found:
            raise ClientError(Code.UNAUTHORIZED, "the token is missing or wrong")

    def enter(self, address: str) -> None:
        """Count a connection; raises ClientError where an address has too many."""
        if self._connections[address] >= self._limits.connections:
            raise ClientError(
                Code.TOO_MANY, f"more than {self._limits.connections} connections from one address"
            )
        self._connections[address] += 1

    def leave(self, address: str) -> None:
        """Count that a connection has ended."""
        self._connections[address] -= 1
        if not self._connections[address]:
            del self._connections[address]
