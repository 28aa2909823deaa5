"""The work: reading names, asking providers, judging answers, and the queue that carries it."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    """`pikaraoke_enrichment.tasks.huey` for huey_consumer, made on demand: most need no queue."""
    if name == "huey":
        from . import broker, consumer  # the consumer brings the tasks, and is what huey makes

        broker.huey.consumer_class = consumer.EnrichmentConsumer
        return broker.huey
    raise AttributeError(name)
