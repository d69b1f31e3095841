"""The embedded forge: merge requests in a bare repository on this machine, as GitLab keeps them.

A proposal is a branch; its merge request is a numbered ref that keeps the commit for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from retouche.core.edited import Edited
from retouche.core.errors import ForgeUnavailable, HeadMoved
from retouche.forges import storage
from retouche.forges.local import Local
from retouche.forges.moves import RefWriter
from retouche.forges.refs import Move, branch_ref, merge_request_ref, proposal_ref
from retouche.forges.repository import BareRepository
from retouche.ports import MergeRequest, Opened, Prepared, RequestText, Reviewer


class EmbeddedForge(Local):
    """`ports.Forge` on one bare repository, for one dataset."""

    def __init__(self, repository: BareRepository, dataset: str, branch: str) -> None:
        super().__init__(repository)
        self._dataset = dataset
        self._branch = branch_ref(branch)
        # The last number given here; only a hint, since other processes give numbers too.
        self._number: int | None = None

    @property
    def is_remote(self) -> bool:
        return False

    def published(self) -> str:
        found = self.repository.ref(self._branch)
        if found is None:
            raise ForgeUnavailable()
        return found

    def open(
        self,
        proposal: str,
        *,
        parent: str,
        files: Mapping[str, bytes | Edited],
        message: str,
        time: datetime,
        text: RequestText | None = None,
    ) -> Opened:
        branch = proposal_ref(self._dataset, proposal)
        # Also on a repeat: it makes anew what a power cut took.
        made, known = self.repository.commit(parent, files=files, message=message, time=time)
        with self.repository.locked() as refs:
            present = refs.value(branch)
            head = present or made
            number = self._numbered(head) if present or known else None
            moves = []
            if number is None:
                self._number = number = self._next_number()
                moves.append(Move(ref=merge_request_ref(number), old=None, new=head))
            if present is None and not (known and self.contains(head, self.published())):
                moves.append(Move(ref=branch, old=None, new=head))
            refs.move(*moves)
        return Opened(head=head, merge_request=MergeRequest(number=number))

    def merge(
        self,
        proposal: str,
        *,
        published: str,
        head: str,
        files: Mapping[str, bytes | Edited],
        message: str,
        time: datetime,
        prepared: Prepared,
        reviewer: Reviewer | None = None,
    ) -> str:
        proposal_ref(self._dataset, proposal)
        commit, _ = self.repository.commit(published, head, files=files, message=message, time=time)
        ready = self.published() == published
        if ready:
            prepared(commit)
        with self.repository.locked() as refs:
            present = refs.value(self._branch)
            if ready and present == published:
                refs.move(
                    Move(ref=self._branch, old=published, new=commit),
                    *self._removal(refs, proposal),
                )
            elif present is None or not self.repository.contains(commit, present):
                raise HeadMoved(published=present)
            else:  # done before: a repeat
                refs.move(*self._removal(refs, proposal))
        return commit

    def close(self, proposal: str, *, reviewer: Reviewer | None = None) -> None:
        with self.repository.locked() as refs:
            refs.move(*self._removal(refs, proposal))

    def restore(self, proposal: str, *, number: int, head: str, is_open: bool) -> None:
        """Make the refs of a proposal anew where they are gone, if its commit is there."""
        if not self.repository.has(head):
            return
        wanted = [merge_request_ref(number)]
        if is_open:
            wanted.append(proposal_ref(self._dataset, proposal))
        with self.repository.locked() as refs:
            gone = [one for one in wanted if refs.value(one) is None]
            refs.move(*(Move(ref=one, old=None, new=head) for one in gone))

    def _removal(self, refs: RefWriter, proposal: str) -> list[Move]:
        branch = proposal_ref(self._dataset, proposal)
        present = refs.value(branch)
        return [] if present is None else [Move(ref=branch, old=present, new=None)]

    def _numbered(self, head: str) -> int | None:
        """The first merge request of a commit. Slow with many, so only asked on a repeat."""
        numbers = [
            number for number, one in self.repository.merge_requests().items() if one == head
        ]
        return min(numbers, default=None)

    def _next_number(self) -> int:
        """The number after all that were given; the ref's creation decides if it is free."""
        last = self._number
        if last is None:
            last = max(storage.merge_request_numbers(self.repository.path), default=0)
        number = last + 1
        while storage.is_ref_taken(self.repository.path, merge_request_ref(number).name):
            number += 1
        return number
