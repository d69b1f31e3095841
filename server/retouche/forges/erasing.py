"""Taking out of a repository what was proposed and never published: refs and their objects.

The one place that drops objects. All else of the repository keeps its bytes and its ids.
"""

from __future__ import annotations

from retouche.core.errors import NotEditable
from retouche.forges.maintenance import TIMEOUT, WINDOW_MEMORY
from retouche.forges.refs import Move, merge_request_ref, proposal_ref
from retouche.forges.repository import BareRepository


def erase(repository: BareRepository, *, dataset: str, proposal: str, head: str | None) -> None:
    """Drop a proposal's branch, the merge requests that keep its commit, and all that only they
    reached. Again does no harm.

    The dataset's lock is held, and nobody writes: also what another process has written and no
    ref reaches yet is dropped. Raises `NotEditable` when the commit is published.
    """
    branch = proposal_ref(dataset, proposal)
    if head is not None and repository.has(head):
        published = repository.resolve(repository.branch())
        if repository.contains(head, published):
            raise NotEditable("content_is_published")
    with repository.locked() as refs:
        moves = []
        present = refs.value(branch)
        if present is not None:
            moves.append(Move(ref=branch, old=present, new=None))
        moves += [
            Move(ref=merge_request_ref(number), old=one, new=None)
            for number, one in repository.merge_requests().items()
            if one == head
        ]
        refs.move(*moves)
        repository.seal()
        repository.git("pack-refs", "--all", timeout=TIMEOUT)
        repository.git(
            *("repack", "-a", "-d", "-q", f"--window-memory={WINDOW_MEMORY}"), timeout=TIMEOUT
        )
        repository.git("prune", "--expire=now", timeout=TIMEOUT)
