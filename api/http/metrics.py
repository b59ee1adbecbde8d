"""Numbers for Prometheus; labels come only from the route table, so that they stay few."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from api.http.logs import Served, known_method

MEDIA = CONTENT_TYPE_PLAIN_0_0_4
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The numbers of one process; each worker has its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        labels = ("method", "route")
        self._requests = Counter(
            "yicheng_http_requests",
            "Requests answered",
            (*labels, "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "yicheng_http_request_seconds",
            "How long they took",
            labels,
            registry=self._registry,
            buckets=_SECONDS,
        )
        self.open = Gauge(
            "yicheng_http_requests_open", "Requests being worked on", registry=self._registry
        )
        self._commands = Counter(
            "yicheng_commands",
            "Commands given, and what became of them",
            ("command", "status"),
            registry=self._registry,
        )

        self._leads = Gauge(
            "yicheng_scheduler_leads",
            "Whether this process leads the sweep",
            registry=self._registry,
        )

        self._notices = Gauge(
            "yicheng_notices",
            "Alerts not handed to channels, deliveries that are due, and those that have failed",
            ("state",),
            registry=self._registry,
        )
        self._oldest = Gauge(
            "yicheng_notices_oldest_seconds",
            "For how long the oldest delivery that is due has waited",
            registry=self._registry,
        )
        self._delivered = Gauge(
            "yicheng_deliveries",
            "What this process did with deliveries since it began; late ones are sent ones too",
            ("ended",),
            registry=self._registry,
        )

    def notices(
        self, waiting: Mapping[str, int], oldest_seconds: float, ended: Mapping[str, int]
    ) -> None:
        """Tell how much waits to be delivered, and what became of what did not."""
        for state, count in waiting.items():
            self._notices.labels(state).set(count)
        self._oldest.set(oldest_seconds)
        for name in ("sent", "late", "retried", "failed", "dropped"):
            self._delivered.labels(name).set(ended.get(name, 0))

    def leads(self, *, leading: bool) -> None:
        """Tell whether this process leads the sweep."""
        self._leads.set(1 if leading else 0)

    def served(self, served: Served) -> None:
        """Count a request."""
        labels = (known_method(served.method), served.route)
        self._requests.labels(*labels, str(served.status)).inc()
        self._seconds.labels(*labels).observe(served.seconds)

    def commanded(self, command: str, status: str) -> None:
        """Count a command; its name must be one of ours."""
        self._commands.labels(command, status).inc()

    def told(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self._registry)
