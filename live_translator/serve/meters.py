"""What the server counts, in Prometheus's terms."""

from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from live_translator.serve.codes import Code

_SECONDS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
_LAGS = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0, 10.0, 15.0, 30.0)


class Meters:
    """Counters of one server, none of them global; from any thread."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        self._talks = Gauge("live_translate_talks", "Talks that go on", registry=registry)
        self._begun = Counter(
            "live_translate_talks_begun", "Talks begun", ["mode"], registry=registry
        )
        self._refused = Counter(
            "live_translate_refused", "Requests and talks refused", ["code"], registry=registry
        )
        self._connections = Gauge(
            "live_translate_connections", "WebSockets that are open", registry=registry
        )
        self._bytes = Counter(
            "live_translate_socket_bytes", "Bytes over WebSockets", ["direction"], registry=registry
        )
        self._waited = Histogram(
            "live_translate_turn_wait_seconds",
            "How long calls waited for an engine",
            ["stage"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._lag = Histogram(
            "live_translate_lag_seconds",
            "From a word's onset to its translation's, of each piece of speech",
            buckets=_LAGS,
            registry=registry,
        )
        self._requests = Counter(
            "live_translate_http_requests",
            "HTTP requests answered",
            ["method", "status"],
            registry=registry,
        )

    def watch(
        self,
        busy_s: Callable[[], Mapping[str, float]],
        waiting: Callable[[], Mapping[str, int]],
    ) -> None:
        """Ask how long each stage's engines were used, and who waits, when metrics are read."""
        self._registry.register(_Engines(busy_s, waiting))

    def talks(self, count: int) -> None:
        """Note how many talks go on."""
        self._talks.set(count)

    def begun(self, *, live: bool) -> None:
        """Count a talk."""
        self._begun.labels("streaming" if live else "complete").inc()

    def refused(self, code: Code) -> None:
        """Count who was refused, and why."""
        self._refused.labels(code.value).inc()

    def connected(self, change: int) -> None:
        """Count a WebSocket that opened (1) or closed (-1)."""
        self._connections.inc(change)

    def received(self, count: int) -> None:
        """Count bytes from clients."""
        self._bytes.labels("in").inc(count)

    def sent(self, count: int) -> None:
        """Count bytes to clients."""
        self._bytes.labels("out").inc(count)

    def waited(self, stage: str, waited_s: float) -> None:
        """Note how long a call waited for its turn."""
        self._waited.labels(stage).observe(waited_s)

    def lag(self, lag_s: float) -> None:
        """Note how late a piece of speech is."""
        self._lag.observe(lag_s)

    def answered(self, method: str, status: int) -> None:
        """Count an HTTP request."""
        known = method if method in ("GET", "POST", "HEAD", "OPTIONS") else "other"
        self._requests.labels(known, str(status)).inc()

    def text(self) -> bytes:
        """Return all of it in Prometheus's text format."""
        return generate_latest(self._registry)


class _Engines(Collector):
    def __init__(
        self,
        busy_s: Callable[[], Mapping[str, float]],
        waiting: Callable[[], Mapping[str, int]],
    ) -> None:
        self._busy_s = busy_s
        self._waiting = waiting

    def collect(self) -> Iterable[Metric]:
        busy = CounterMetricFamily(
            "live_translate_engine_busy_seconds", "Time that engines were in use", labels=["stage"]
        )
        for stage, seconds in self._busy_s().items():
            busy.add_metric([stage], seconds)
        waiting = GaugeMetricFamily(
            "live_translate_turn_waiting", "Calls that wait for an engine", labels=["stage"]
        )
        for stage, count in self._waiting().items():
            waiting.add_metric([stage], count)
        return (busy, waiting)
