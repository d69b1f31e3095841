"""Where a queue lies: a file of the home, or a Redis that several machines share.

huey keeps it, and this is its only importer. A task is a few words as JSON: whoever can write to
the queue can ask for work, and run nothing.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import redis
from huey import Huey  # type: ignore[import-untyped]
from huey.registry import Message  # type: ignore[import-untyped]
from huey.serializer import Serializer  # type: ignore[import-untyped]
from huey.storage import RedisStorage, SqliteStorage  # type: ignore[import-untyped]
from redis.backoff import NoBackoff
from redis.retry import Retry

NAME = "retouche"
SHORT = 0.5
"""Longest wait, in seconds, for a Redis to take a task, or to let us in."""
LONG = 5.0
"""Seconds of silence after which a connection that waits for tasks is given up."""
MOST = 1_000
"""Tasks that may lie there; what else is asked for is found by those who look by themselves."""
BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class Store(Protocol):
    """A queue of words. Putting and taking raise whatever keeps them from it."""

    def put(self, words: Sequence[str]) -> None: ...

    def take(self) -> tuple[str, ...] | None:
        """The oldest task, if there is one; may wait for it for a second."""
        ...

    def size(self) -> int:
        """How many tasks lie there."""
        ...

    def close(self) -> None: ...


class HueyStore:
    """A queue that huey keeps. Used by one thread of one process."""

    def __init__(self, storage: type[Any], **options: Any) -> None:
        self._huey = Huey(NAME, results=False, serializer=Words(), storage_class=storage, **options)
        self._task = self._huey.task(name="ask")(_nothing)

    def put(self, words: Sequence[str]) -> None:
        if self._huey.storage.queue_size() < MOST:
            self._huey.enqueue(self._task.s(*words))

    def take(self) -> tuple[str, ...] | None:
        found = self._huey.dequeue()
        return tuple(found.args) if found is not None else None

    def size(self) -> int:
        return int(self._huey.storage.queue_size())

    def close(self) -> None:
        with suppress(Exception):  # it is given up
            self._huey.storage.close()


def file_store(path: Path) -> Store:
    """A queue in a file, made anew when it is none any more."""
    # The names of datasets are in it.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    try:
        return HueyStore(FileStorage, filename=str(path))
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode not in BROKEN:
            raise
        for end in ("", "-wal", "-shm"):
            Path(f"{path}{end}").unlink(missing_ok=True)
        return HueyStore(FileStorage, filename=str(path))


def shared_store(url: str, *, hearing: bool) -> Store:
    """A queue in a Redis; `hearing` for whoever takes from it."""
    pool = redis.ConnectionPool.from_url(
        url,
        socket_connect_timeout=SHORT,
        socket_timeout=LONG if hearing else SHORT,
        retry=Retry(NoBackoff(), 0),
    )
    return HueyStore(SharedStorage, connection_pool=pool)


class FileStorage(SqliteStorage):  # type: ignore[misc]
    """huey's, which does not wait for the disk: no task is worth it."""

    def _create_connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._create_connection()
        connection.execute("pragma synchronous=normal")  # with a WAL: sound, and no fsync
        return connection


class SharedStorage(RedisStorage):  # type: ignore[misc]
    """huey's, which does not swallow that a Redis is gone."""

    def dequeue(self) -> bytes | None:
        found = self.conn.brpop(self.queue_key, timeout=self.read_timeout)
        return bytes(found[1]) if found else None

    def close(self) -> None:
        self.pool.disconnect()


class Words(Serializer):  # type: ignore[misc]
    """Tasks as JSON: huey's own form would run what it reads."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps([data.id, data.name, list(data.args)]).encode()

    def _deserialize(self, data: bytes) -> Message:
        """What is none of ours asks for nothing."""
        words: list[str] = []
        with suppress(ValueError, TypeError, RecursionError):
            _, _, words = json.loads(bytes(data))
        whole = isinstance(words, list) and all(isinstance(one, str) for one in words)
        return Message(NAME, f"{__name__}.ask", args=tuple(words) if whole else ())


def _nothing(*_: str) -> None:
    """What is asked for is done by `services.chores`."""
