"""Processes that stay to read objects: leased to one question at a time, never shared by fork."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from retouche.core.errors import ForgeUnavailable

IDLE = 4
"""Readers kept for a repository by each of our processes; more run while more threads ask."""
QUESTIONS = 300
"""Answers after which a reader is replaced: it keeps packs that are gone on the disk."""
BIG = 1 << 20
"""A reader that read so many bytes is replaced at once: it keeps them in memory."""
Answer = TypeVar("Answer")


class Reader(Protocol):
    """GitPython's pair of `cat-file` processes, started when first asked."""

    cat_file_all: Any
    cat_file_header: Any

    def get_object_data(self, ref: str | bytes) -> tuple[str, str, int, bytes]: ...

    def get_object_header(self, ref: str | bytes) -> tuple[str, str, int]: ...

    def clear_cache(self) -> object:
        """End the processes."""
        ...


class Readers:
    """Answers questions about objects. Safe for threads."""

    def __init__(self, start: Callable[[], Reader]) -> None:
        self._start = start
        self._pool = _Pool()

    def read(self, identifier: str) -> tuple[str, bytes] | None:
        """The kind and bytes of an object; None when it is missing."""
        return self.ask(lambda reader: _whole(reader, identifier))

    def kind(self, identifier: str) -> str | None:
        """What an object is; None when it is missing."""
        return self.ask(lambda reader: _text(reader.get_object_header(identifier)[1]))

    def ask(self, question: Callable[[Reader], Answer]) -> Answer | None:
        """The answer of a reader, None when it says that the object is missing.

        Raises `ForgeUnavailable` when a reader dies, and so does the next.
        """
        for _ in range(2):
            pool = self._own_pool()
            lease = pool.take() or _Lease(self._start())
            reader = lease.reader
            answer: Answer | None = None
            try:
                answer = question(reader)
            except ValueError as error:
                if not str(error).endswith("missing'"):
                    reader.clear_cache()
                    continue
            except Exception:  # it died or could not start, for whatever reason
                reader.clear_cache()
                continue
            except BaseException:  # half an answer may still be in the pipe
                reader.clear_cache()
                raise
            lease.note(answer)
            if not pool.give_back(lease):
                reader.clear_cache()
            return answer
        raise ForgeUnavailable()

    def close(self) -> None:
        pool = self._own_pool()
        while (lease := pool.take()) is not None:
            lease.reader.clear_cache()

    def _own_pool(self) -> _Pool:
        # The pipes of a parent process must not be shared: two readers would mix answers.
        if self._pool.process != os.getpid():
            self._pool = _Pool()
        return self._pool


class _Lease:
    """A reader, and whether it has served its time."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._answers = 0

    def note(self, answer: object) -> None:
        is_big = isinstance(answer, tuple) and len(answer[1]) > BIG
        self._answers += QUESTIONS if is_big else 1

    def is_spent(self) -> bool:
        return self._answers >= QUESTIONS or _has_complained(self.reader)


class _Pool:
    """Idle readers of one process of ours."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self._idle: list[_Lease] = []
        self._lock = threading.Lock()

    def take(self) -> _Lease | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def give_back(self, lease: _Lease) -> bool:
        """Keep a reader, unless there are enough or it complained: nobody empties that pipe."""
        if lease.is_spent():
            return False
        with self._lock:
            if len(self._idle) >= IDLE:
                return False
            self._idle.append(lease)
            return True


def _whole(reader: Reader, identifier: str) -> tuple[str, bytes]:
    _, kind, size, data = reader.get_object_data(identifier)
    if len(data) != size:
        raise EOFError
    return _text(kind), data


def _text(kind: str | bytes) -> str:
    # GitPython says str, and gives what it read.
    return kind.decode() if isinstance(kind, bytes) else kind


def _has_complained(reader: Reader) -> bool:
    poll = select.poll()
    for process in (reader.cat_file_all, reader.cat_file_header):
        if process is not None:
            poll.register(process.stderr, select.POLLIN)
    return bool(poll.poll(0))
