"""The bare mirror of a GitLab project: git between it and there, with the bot's token.

The token goes by the environment alone. Nothing from there is served until it is published.
"""

from __future__ import annotations

import base64
import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from retouche.connection import certificates
from retouche.core.errors import ForgeUnavailable, RetoucheError
from retouche.forges.gitlab.api import Token
from retouche.forges.gitlab.limits import Deadlines
from retouche.forges.gitlab.saying import failure
from retouche.forges.gitlab.session import LOOPBACK
from retouche.forges.importer import once
from retouche.forges.moves import RefWriter
from retouche.forges.output import Output
from retouche.forges.refs import BRANCH, Move, Ref, branch_ref, tracked_ref
from retouche.forges.repository import BareRepository

PLACEHOLDER = "main"
"""The name of the published branch until GitLab has told it."""
SLOWEST = 1_000
"""Bytes a second below which a transfer is given up."""
_URL = re.compile(r"(https?)://([A-Za-z0-9.-]+|\[[0-9a-f:]+\])(:\d+)?/[A-Za-z0-9._~/%+-]+")
_HEAD = re.compile(rb"^ref: refs/heads/(\S+)\tHEAD$", re.M)
_TIP = re.compile(rb"^([0-9a-f]{40})\tHEAD$", re.M)
_REF = re.compile(rb"^([0-9a-f]{40})\t(refs/\S+)$", re.M)
_VALUE = re.compile(rb"^([0-9a-f]{40})$", re.M)


def make_mirror(path: Path, branch: str | None = None) -> bool:
    """Make an empty mirror, without any network; False when a repository is there."""

    def build(place: Path) -> None:
        BareRepository.create(place, branch or PLACEHOLDER).close()

    return once(path, build)


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """Refs as they are at GitLab, by full name."""

    default_branch: str | None
    refs: Mapping[str, str]
    head: str | None
    """The commit of the default branch; None: the project is empty, or was not asked at all.

    git takes many an answer of something that is no GitLab for that of an empty repository.
    """


class Mirror:
    """Fetches and pushes exact refs. Raises `ForgeUnavailable`, `ForgeRefused`, `HeadMoved`."""

    def __init__(
        self,
        repository: BareRepository,
        clone_url: str,
        token: Token,
        *,
        deadlines: Deadlines | None = None,
        pipelines_skipped: bool = False,
    ) -> None:
        found = _URL.fullmatch(clone_url)
        self._is_loopback = urlsplit(clone_url).hostname in LOOPBACK
        if not found or (found.group(1) == "http" and not self._is_loopback):
            raise ValueError("a clone address is https, without a user, a query or a fragment")
        self.repository = repository
        self._url = clone_url
        self._host = f"{found.group(1)}://{found.group(2)}{found.group(3) or ''}/"
        self._scheme = found.group(1)
        self._token = token
        self._deadlines = deadlines or Deadlines()
        self._options = ("--push-option=ci.skip",) if pipelines_skipped else ()

    def look(self, *patterns: str) -> There:
        """The refs there of some names or patterns of ours, and its default branch."""
        command = ("ls-remote", "--symref", "--end-of-options", self._url, "HEAD")
        output = self._git(*command, *patterns)
        head = _HEAD.search(output.data)
        name = head.group(1).decode("utf-8", "replace") if head else ""
        refs = {ref.decode("utf-8", "replace"): one.decode() for one, ref in _refs(output.data)}
        is_served = BRANCH.fullmatch(f"refs/heads/{name}") is not None
        tip = _TIP.search(output.data)
        return There(
            default_branch=name if is_served else None,
            refs=refs,
            head=tip.group(1).decode() if tip else None,
        )

    def bring(self, commits: Sequence[str], *, timeout: float | None = None) -> None:
        """Fetch commits that were seen there, with all that leads to them. No ref moves."""
        # What a ref of ours names is here as a whole; what merely is here may not be.
        known = set(_VALUE.findall(self.repository.git(*_LIST).data))
        missing = sorted({one for one in commits if one.encode() not in known})
        if not missing:
            return
        before = self._partial()
        try:
            self._git(
                *("fetch", "--quiet", "--no-tags", "--no-recurse-submodules"),
                *("--no-auto-maintenance", "--no-write-fetch-head"),
                *("--stdin", "--end-of-options", self._url),
                data="".join(f"{one}\n" for one in missing).encode(),
                timeout=timeout,
            )
        except RetoucheError:
            # git keeps what it had got, whatever its size, and each further try would add to it.
            for path in self._partial() - before:
                path.unlink(missing_ok=True)
            raise

    def _partial(self) -> set[Path]:
        """Packs that are being fetched."""
        return set((self.repository.path / "objects" / "pack").glob("tmp_*"))

    def push(self, ref: Ref, commit: str, *, expected: str | None) -> None:
        """Put a commit on a branch there. `HeadMoved` when it is not as expected (None: absent).

        A branch that already is at the commit is well.
        """
        self._git(
            *("push", "--porcelain", "--no-verify", "--no-follow-tags", *self._options),
            *(f"--force-with-lease={ref.name}:{expected or ''}", "--end-of-options", self._url),
            f"{commit}:{ref.name}",
        )

    @contextmanager
    def noting(self) -> Iterator[Notes]:
        """Hold the repository's lock, and write down what was made here and seen there."""
        with self.repository.locked() as refs:
            yield Notes(refs)

    def rename(self, refs: RefWriter, branch: str) -> None:
        """Serve another branch from now on. The lock is held, and its ref is there."""
        before = self.repository.branch()
        self.repository.git("symbolic-ref", "HEAD", branch_ref(branch).name)
        present = refs.value(branch_ref(before))
        if present is not None and before != branch:
            refs.move(Move(ref=branch_ref(before), old=present, new=None))

    # -- Running git ------------------------------------------------------------------------

    def _git(self, *arguments: str, data: bytes = b"", timeout: float | None = None) -> Output:
        token = self._token().strip()
        basic = base64.b64encode(f"oauth2:{token}".encode()).decode()
        environment = self._environment(f"Authorization: Basic {basic}")
        process_of = self.repository.process(*arguments, environment=environment, leads=True)
        late = False
        with process_of as process:
            try:
                out, errors = process.communicate(data, timeout or self._deadlines.refs)
            except subprocess.TimeoutExpired:
                late = True
        if late:
            raise ForgeUnavailable("forge_timeout")
        output = Output(status=process.returncode, data=out, errors=errors)
        if output.status:
            raise failure(output, secrets=(token, basic))
        return output

    def _environment(self, header: str) -> dict[str, str]:
        settings = [
            (f"http.{self._host}.extraHeader", header),
            ("http.followRedirects", "false"),
            ("http.sslVerify", "true"),
            ("http.lowSpeedLimit", str(SLOWEST)),
            ("http.lowSpeedTime", str(max(1, int(self._deadlines.read)))),
            ("http.cookieFile", ""),
            ("credential.helper", ""),
            ("protocol.version", "2"),
            # A pack is there as a whole or not at all, unlike loose objects.
            ("fetch.unpackLimit", "1"),
        ]
        if self._is_loopback:
            settings.append(("http.proxy", ""))
        trusted = certificates()
        if trusted is not None:
            settings.append(("http.sslCAInfo", trusted))
        environment = {
            "GIT_ALLOW_PROTOCOL": self._scheme,
            "GIT_ASKPASS": "",
            "GIT_CONFIG_COUNT": str(len(settings)),
            # curl looks there for a netrc, whatever git is told.
            "HOME": os.devnull,
        }
        for at, (key, value) in enumerate(settings):
            environment |= {f"GIT_CONFIG_KEY_{at}": key, f"GIT_CONFIG_VALUE_{at}": value}
        return environment


class Notes:
    """Moves refs of a mirror whose lock is held. Nothing is moved that is where it should be."""

    def __init__(self, refs: RefWriter) -> None:
        self.refs = refs

    def made(self, ref: Ref, commit: str | None) -> None:
        """A branch of ours is at a commit, here and there; None: it is gone from both."""
        self.put({ref: commit, tracked_ref(ref): commit})

    def seen(self, found: Mapping[Ref, str | None]) -> None:
        """Refs are at these commits there."""
        self.put({tracked_ref(ref): commit for ref, commit in found.items()})

    def put(self, wanted: Mapping[Ref, str | None]) -> None:
        moves = []
        for ref, commit in wanted.items():
            present = self.refs.value(ref)
            if present != commit:
                moves.append(Move(ref=ref, old=present, new=commit))
        self.refs.move(*moves)


_LIST = ("for-each-ref", "--format=%(objectname)")


def _refs(data: bytes) -> list[tuple[bytes, bytes]]:
    return _REF.findall(data)
