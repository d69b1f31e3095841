"""What became of a proposal at a forge elsewhere, in sentences for its author and its reviewers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from retouche.core.errors import ForgeRefused
from retouche.core.messages import problem
from retouche.ports import Event, Note, Proposal
from retouche.services.datasets import Dataset
from retouche.web.access import Standing
from retouche.web.context import services
from retouche.web.language import locale
from retouche.web.notices import outlook, silence
from retouche.web.pages.presentation import moment
from retouche.web.translations import gettext as _


def sentences(dataset: Dataset, proposal: Proposal) -> list[str]:
    """All that is to be told of a proposal at a forge elsewhere, most pressing first."""
    if dataset.remote is None:
        return []
    found = list(_on_its_way(dataset, proposal))
    if proposal.state == "open":
        found += _there(proposal)
    elif proposal.state == "rejected" and proposal.upstream.branch_deleted:
        found.append(
            _(
                "Its branch was removed in GitLab, which closes a merge request. Restore the "
                "branch and reopen the merge request to take it up again."
            )
        )
    return found


def notes(dataset: Dataset, proposal: Proposal) -> list[Note]:
    """What people wrote in its merge request, oldest first."""
    return [] if dataset.remote is None else list(services().watch.notes(dataset.name, proposal.id))


def obstacle(standing: Standing) -> str:
    """Why somebody who is signed in may not decide; nothing when they may, or nobody is."""
    return "" if standing.obstacle is None else problem(standing.obstacle, locale())[1]


def may_accept(dataset: Dataset, proposal: Proposal) -> bool:
    """Whether accepting is offered here: only of what this page can show."""
    seen = proposal.upstream
    return dataset.remote is None or not (
        seen.other_files or seen.target or seen.branch_deleted or not proposal.operations
    )


def event(one: Event) -> str | None:
    """What happened to a proposal at a forge elsewhere; None for what happens anywhere."""
    if one.kind == "retargeted":
        return _("Its merge request now aims at the branch “%(branch)s”") % {
            "branch": str(one.detail.get("target") or "")[:80]
        }
    if one.kind == "closed_upstream" and one.detail.get("branch_deleted"):
        return _("Closed in GitLab, since its branch was removed")
    return {
        "accepted_edited": _("Changed and merged in GitLab, then published"),
        "closed_upstream": _("Closed in GitLab by a maintainer"),
        "reopened": _("Opened again in GitLab"),
        "moved": _("Moved to GitLab with its dataset"),
        "edited_upstream": _("Changed in GitLab by somebody else"),
        "edit_undone": _("The change made in GitLab was taken back"),
        "branch_deleted": _("Its branch was removed in GitLab"),
        "branch_restored": _("Its branch is there again in GitLab"),
        "history_rewritten": _("The history of the published data was rewritten"),
        "invalid_now": _("No longer obeys the rules of the data, which have changed"),
        "valid_again": _("Obeys the rules of the data again"),
        "base_gone": _("The row or table that it changes is no longer published"),
        "conflict_gone": _("No longer in conflict with the published data"),
        "already_published": _("What it changes is published already"),
        "remade": _("Made anew on the data as published now, without any change to it"),
        "note": _("A note by a reviewer"),
    }.get(one.kind)


def _on_its_way(dataset: Dataset, proposal: Proposal) -> Iterator[str]:
    pending = proposal.is_begun
    seen, met = proposal.upstream, outlook(dataset)
    if proposal.state == "queued" and seen.refused:
        refusal = ForgeRefused(seen.refused, detail=seen.refused_detail)
        reason = problem(refusal, locale())[1]
        yield _("GitLab does not take this proposal. %(reason)s") % {"reason": reason}
        if seen.retry_at:
            yield _next_try(datetime.fromisoformat(seen.retry_at))
    if proposal.state == "withdrawn" and pending and proposal.number:
        yield _("Its merge request in GitLab is not closed yet; that will be done.")
    if proposal.state == "open" and pending:
        yield _(
            "A decision on it was begun, and it is not known yet what became of it in GitLab. "
            "This page will tell in a few minutes."
        )
    silent = silence(met) if met is not None else None
    if silent is None or proposal.state not in ("queued", "open"):
        return
    if silent.since is not None:
        yield _("GitLab has not been reached since %(when)s.") % {"when": moment(silent.since)}
    yield silent.sentence
    if silent.retry_at is not None and silent.retry_at > services().clock():
        yield _next_try(silent.retry_at)


def _there(proposal: Proposal) -> Iterator[str]:
    seen = proposal.upstream
    if seen.other_files:
        yield _(
            "Somebody changed this proposal in GitLab, and its branch also changes what no table "
            "shows. Look at it and decide on it in GitLab."
        )
    elif seen.edited:
        yield _(
            "Somebody changed this proposal in GitLab. What is shown is what its branch holds now; "
            "it can only be accepted as a whole."
        )
    if seen.branch_deleted:
        yield _(
            "Its branch was removed in GitLab, so it cannot be accepted. "
            "It can be restored in the merge request."
        )
    if seen.target:
        yield _(
            "Its merge request aims at the branch “%(branch)s”, which is not the published one. "
            "It cannot be accepted until it aims at the published one again."
        ) % {"branch": seen.target[:80]}
    if seen.invalid:
        yield _(
            "The rules of the data have changed since it was sent, and it does not obey them any "
            "more."
        )
    if seen.already_published:
        yield _("All that it changes is published already: it can be closed.")


def _next_try(when: datetime) -> str:
    return _("The next try is on %(when)s.") % {"when": moment(when)}
