"""The clock, locks between processes, and what is kept on disk only to be fast."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from retouche.core.edited import Data, Edited
from retouche.core.parts import Drawer


class Clock(Protocol):
    def __call__(self) -> datetime:
        """Now, in UTC."""
        ...


class Locks(Protocol):
    def hold(self, name: str) -> AbstractContextManager[None]:
        """Hold an exclusive lock: one decision at a time per dataset."""
        ...

    def attempt(self, name: str, *, seconds: float) -> AbstractContextManager[bool]:
        """Hold it if it can be had within some time; tells whether it is held."""
        ...


class Cabinet(Protocol):
    """Keeps files by their blob id and what is derived from them, for all processes.

    Derived: it may forget anything at any time, and no call fails.
    """

    def file(self, identifier: str, /) -> Data | None:
        """The bytes of a file, None when they are not kept."""
        ...

    def keep_file(self, identifier: str, content: bytes | Edited, /) -> Data | None:
        """Keep a file whose blob id this is; give its bytes as they are now held."""
        ...

    def making(self, identifier: str, /) -> AbstractContextManager[None]:
        """Wait until nobody else makes this file, and keep others waiting."""
        ...

    def drawer(self, key: str, /) -> Drawer:
        """Where the parts of one version are kept."""
        ...

    def use(self, identifier: str, key: str, /) -> None:
        """Note that a file and the parts of a version are in use. Cheap; may be called often."""
        ...
