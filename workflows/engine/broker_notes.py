"""What the broker knows besides its messages: counts that no table has, and who serves a queue.

All of it may be lost, and whoever writes to the broker can forge it. It is for watching only:
nothing is decided by it, and what cannot be noted is left out. What reads raises RedisError.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache, partial

from redis import Redis
from redis.exceptions import RedisError, ResponseError

COUNTS, INSTANTS = "huzhu:counts", "huzhu:instants"
DROPPED, ENDED, NOT_LET_IN, NOT_REVEALED = "dropped", "ended", "not_let_in", "not_revealed"
"""Messages that this program did not write, processes that died, log-ins that failed, numbers that
were not shown because the person had seen too many. ENDED is also when one died last."""
BROKEN = "broken"
"""Papers that were read and are not there, or not what was put: by their hashes."""
SWEPT = "swept"
"""When beat last said *sweep* and a worker heard it."""

_SERVES = "huzhu:"
_SECONDS = 2.0
_DIGITS = 11


@cache
def client_of(redis_url: str) -> Redis:
    """A client of the broker that gives up soon; like kombu, the settings write a socket's address
    in a way of their own."""
    url = redis_url.replace("redis+socket://", "unix://", 1)
    return Redis.from_url(
        url,
        socket_timeout=_SECONDS,
        socket_connect_timeout=_SECONDS,
        decode_responses=True,
        encoding_errors="replace",
    )


def count(redis_url: str, what: str, kind: str = "") -> None:
    """Count one more of this kind."""
    client = client_of(redis_url)
    _put(client, COUNTS, lambda: client.hincrby(COUNTS, f"{what}:{kind}", 1))


def begin_counts(redis_url: str, what: str, kinds: Iterable[str]) -> None:
    """Count these kinds from nought: a monitor sees no growth where a figure begins with one."""
    client = client_of(redis_url)
    for kind in kinds:
        _put(client, COUNTS, partial(client.hsetnx, COUNTS, f"{what}:{kind}", 0))


def note_count(redis_url: str, what: str, kind: str, number: int) -> None:
    """Remember that there were so many of this kind, where who counts knows it."""
    client = client_of(redis_url)
    _put(client, COUNTS, lambda: client.hset(COUNTS, f"{what}:{kind}", number))


def counted(redis_url: str, what: str) -> dict[str, int]:
    """How many there were of each kind."""
    found = _read(redis_url, COUNTS)
    return {
        name.partition(":")[2]: int(value)
        for name, value in found.items()
        if name.partition(":")[0] == what and _is_number(value)
    }


def note_instant(redis_url: str, what: str, at: datetime) -> None:
    """Remember when this last happened."""
    client = client_of(redis_url)
    _put(client, INSTANTS, lambda: client.hset(INSTANTS, what, f"{at.timestamp():.0f}"))


def last(redis_url: str, what: str) -> datetime | None:
    """When this last happened; None if it is not known."""
    value = _read(redis_url, INSTANTS).get(what, "")
    return datetime.fromtimestamp(int(value), UTC) if _is_number(value) else None


def lengths(redis_url: str, queues: Iterable[str]) -> dict[str, int]:
    """How many messages wait in each queue."""
    client = client_of(redis_url)
    return {queue: _length(client, queue) for queue in queues}


def name_of_server(queues: Iterable[str]) -> str:
    """What a worker of these queues calls its connections to the broker."""
    return _SERVES + "+".join(queues)


def servers(redis_url: str, queues: Iterable[str]) -> dict[str, int]:
    """How many processes of workers that serve each queue are connected."""
    names = [str(each.get("name", "")) for each in client_of(redis_url).client_list()]
    served = [name.removeprefix(_SERVES).split("+") for name in names if name.startswith(_SERVES)]
    return {queue: sum(queue in each for each in served) for queue in queues}


def silent_seconds(redis_url: str, queues: Iterable[str]) -> int | None:
    """How long the worker of exactly these queues that runs on this machine has asked for nothing;
    None where none is connected. One that waits for work asks every second."""
    client, name = client_of(redis_url), name_of_server(queues)
    here = _machine(str(client.client_info()["addr"]))
    found = [each for each in client.client_list() if each.get("name") == name]
    idle = [int(each["idle"]) for each in found if _machine(str(each["addr"])) == here]
    return min(idle, default=None)


def _machine(address: str) -> str:
    return address.rpartition(":")[0]


def _put(client: Redis, key: str, act: Callable[[], object]) -> None:
    with suppress(RedisError):
        try:
            act()
        except ResponseError:
            # Somebody else put a key of another kind there, or a value that is no number.
            client.unlink(key)
            act()


def _is_number(value: str) -> bool:
    return value.isdecimal() and len(value) <= _DIGITS


def _length(client: Redis, queue: str) -> int:
    # Another kind of key under this name is no queue, and the workers remove it.
    try:
        return int(client.llen(queue))
    except ResponseError:
        return 0


def _read(redis_url: str, key: str) -> Mapping[str, str]:
    with suppress(ResponseError):
        found = client_of(redis_url).hgetall(key)
        return {str(name): str(value) for name, value in found.items()}
    return {}
