"""Read-only smart HTTP: what `git clone` and `git fetch` ask of an embedded repository.

Answers only; routes, headers, limits and the unpacking of bodies are the web's.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from subprocess import Popen
from typing import BinaryIO, Protocol, cast

from retouche.core.errors import Malformed
from retouche.forges import storage
from retouche.forges.output import Output

_SERVICE = b"001e# service=git-upload-pack\n0000"
_COMMAND = ("upload-pack", "--strict", "--stateless-rpc")
_PROTOCOL = re.compile(r"version=[012]")
_CHUNK = 1 << 16


class Host(Protocol):
    """The repository that is cloned."""

    def git(self, *arguments: str, environment: Mapping[str, str] | None = None) -> Output: ...

    def process(
        self, *arguments: str, stdin: BinaryIO, environment: Mapping[str, str] | None = None
    ) -> AbstractContextManager[Popen[bytes]]: ...


def advertise(repository: Host, protocol: str | None) -> bytes:
    version = _version(protocol)
    data = repository.git(*_COMMAND, "--advertise-refs", ".", environment=version).data
    return data if version.get("GIT_PROTOCOL") == "version=2" else _SERVICE + data


def serve(repository: Host, body: bytes, protocol: str | None) -> PackAnswer:
    ending = ExitStack()
    try:
        # A file, not a pipe: git may answer before it has read everything.
        file = tempfile.TemporaryFile()  # noqa: SIM115 - `ending` closes it
        request = cast(BinaryIO, ending.enter_context(file))
        with storage.translated():
            request.write(body)
            request.seek(0)
        process = ending.enter_context(
            repository.process(*_COMMAND, ".", stdin=request, environment=_version(protocol))
        )
        assert process.stdout is not None  # a pipe, always
        output = process.stdout.fileno()
        first = os.read(output, _CHUNK)
        if not first and process.wait():
            raise Malformed()
        return PackAnswer(first, output, ending)
    except BaseException:
        ending.close()
        raise


class PackAnswer(Iterator[bytes]):
    """Chunks of an answer as git makes them. Close it, also half-way, to end git."""

    def __init__(self, first: bytes, output: int, ending: ExitStack) -> None:
        self._first = first
        self._ended = not first
        self._output = output
        self._ending = ending

    def __next__(self) -> bytes:
        part, self._first = self._first, b""
        if not part and not self._ended:
            part = os.read(self._output, _CHUNK)
        if not part:
            self.close()
            raise StopIteration
        return part

    def close(self) -> None:
        self._ended = True
        self._ending.close()

    def __del__(self) -> None:
        self.close()


def _version(protocol: str | None) -> dict[str, str]:
    plain = protocol is not None and _PROTOCOL.fullmatch(protocol)
    return {"GIT_PROTOCOL": str(protocol)} if plain else {}
