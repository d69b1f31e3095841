"""Our codes in words: states, reasons, events, operations. One word per thing."""

from __future__ import annotations

from retouche.ports import Event, Proposal
from retouche.web.pages import upstream
from retouche.web.translations import gettext as _


def state(proposal: Proposal) -> str:
    """The state of a proposal, as a label."""
    if proposal.conflicted and proposal.state == "open":
        return _("In conflict")
    return state_named(proposal.state)


def state_named(name: str) -> str:
    return {
        "queued": _("Received"),
        "open": _("Awaiting review"),
        "accepted": _("Accepted"),
        "rejected": _("Not accepted"),
        "withdrawn": _("Withdrawn"),
    }[name]


def state_explained(proposal: Proposal) -> str:
    """What the state means for the person who sent the proposal."""
    if proposal.conflicted and proposal.state == "open":
        return _(
            "The published data has changed in the same place since this was sent. "
            "A reviewer will compare the values and decide."
        )
    if proposal.upstream.already_published and proposal.state == "open":
        return _("A reviewer will look at the proposal and decide.")
    return {
        "queued": _(
            "The proposal is safely kept and will be passed on to the reviewers "
            "as soon as they can be reached."
        ),
        "open": _("A reviewer will look at the proposal and decide. Nothing is published yet."),
        "accepted": _("The proposal was accepted and the data is published."),
        "rejected": _("A reviewer decided not to publish this proposal."),
        "withdrawn": _("The proposal was taken back by its author. Nothing was published."),
    }[proposal.state]


def reason(code: str) -> str:
    """Why a proposal was not accepted."""
    return {
        "not_verified": _("The information could not be verified"),
        "wrong": _("The information is not correct"),
        "duplicate": _("Another proposal says the same"),
        "already_fixed": _("The data has already been corrected"),
        "spam": _("Not a correction of the data"),
        "out_of_scope": _("Out of the scope of this dataset"),
        "other": _("Another reason"),
        "closed_upstream": _("Closed in GitLab by a maintainer"),
    }.get(code, code)


def end(code: str) -> str:
    """How long a block or a pause lasts."""
    return {
        "": _("Until it is ended by hand"),
        "1": _("One hour"),
        "24": _("One day"),
        "168": _("One week"),
        "720": _("30 days"),
    }[code]


def event(one: Event) -> str:
    """What happened to a proposal, in the time line."""
    elsewhere = upstream.event(one)
    if elsewhere is not None:
        return elsewhere
    return {
        "received": _("Received and kept"),
        "opened": _("Passed on to the reviewers"),
        "accepted": _("Accepted and published"),
        "rejected": _("Not accepted"),
        "withdrawn": _("Withdrawn by its author"),
        "conflicted": _("The published data changed in the same place"),
        "undo": _("Made by a reviewer to take back accepted changes"),
    }.get(one.kind, one.kind)


def operation(op: str, proposal: Proposal | None = None) -> str:
    """What an operation does; none: of other files, or what the `proposal` said is erased."""
    if not op and proposal is not None and proposal.erased and proposal.head is None:
        return _("Erased proposal")
    return {
        "": _("Change of other files"),
        "update": _("Correction"),
        "insert": _("New row"),
        "delete": _("Removal"),
    }[op]


def queue_state(code: str) -> str:
    """A state by which a queue is filtered."""
    return _("Waiting for a decision") if code == "waiting" else state_named(code)


def kind(code: str) -> str:
    """What proposals do, as a filter."""
    return {
        "update": _("Corrections"),
        "insert": _("New rows"),
        "delete": _("Removals"),
        "mixed": _("Several of these"),
        "project": _("Projects"),
    }[code]


def change(op: str) -> str:
    """What a published commit did to a row."""
    return {
        "update": _("Corrected"),
        "insert": _("Added"),
        "delete": _("Removed"),
    }[op]
