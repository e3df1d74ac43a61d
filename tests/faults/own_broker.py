"""A sender that has the office's secret: its messages are as genuine as the program's own."""

import redis
from celery import Celery

from settings import Settings
from workers import poison
from workers.tags import tag_key


def own_broker(settings: Settings) -> Celery:
    """Sends any task with any arguments to any queue, under the tag of this office."""
    poison.install()
    app = Celery(broker=settings.redis_url)
    app.conf.broker_transport_options = {"tag_key": key_of(settings)}
    return app


def key_of(settings: Settings) -> bytes:
    """The key of the tags of this office."""
    return tag_key(settings.secret.get_secret_value())


def client_of(settings: Settings) -> redis.Redis:
    """The broker as anybody sees it who can reach its socket and has its password."""
    return redis.Redis.from_url(settings.redis_url.replace("redis+socket:", "unix:"))
