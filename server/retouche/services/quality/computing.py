"""One thread beside requests that checks files: whoever asks waits a moment for it, and no longer.

The check of a large file takes the better part of a minute. A thread that answers requests must not
be held so long, and several such checks at a time would only be slower.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress

MOST = 20
"""Works that wait at most: any older version can be asked for, by anybody."""


class Computing:
    """Works by their keys, done one after the other in the order in which they were asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: OrderedDict[str, tuple[Callable[[], object], threading.Event]] = OrderedDict()
        self._works = False

    def wait(self, key: str, work: Callable[[], object], *, seconds: float) -> bool:
        """Have a work done, and wait so long for it: whether it is over, well or not.

        The same key is asked for once. Too many that wait already: it must be asked for again.
        """
        with self._lock:
            found = self._asked.get(key)
            if found is None:
                if len(self._asked) >= MOST:
                    return False
                found = self._asked[key] = work, threading.Event()
            if not self._works:
                self._works = True
                threading.Thread(target=self._run, name="computing", daemon=True).start()
        return found[1].wait(seconds)

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._asked:
                    self._works = False
                    return
                key, (work, over) = next(iter(self._asked.items()))
            with suppress(Exception):  # whoever asks for the result meets it again
                work()
            with self._lock:
                del self._asked[key]
            over.set()
