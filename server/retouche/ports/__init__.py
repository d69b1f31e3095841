"""The doors to the outside, as small Protocols; adapters are in `forges`, `journals`, `shelves`."""

from __future__ import annotations

from retouche.ports.changes import ChangeIndex, CommitChanges, Counted, RowEntry, RowEvent
from retouche.ports.forge import (
    CloneSource,
    Forge,
    MergeRequest,
    Opened,
    Prepared,
    RequestText,
    Reviewer,
    Revision,
)
from retouche.ports.journal import Event, Journal, Pending, Proposal, State
from retouche.ports.machine import Cabinet, Clock, Locks
from retouche.ports.upstream import (
    Account,
    Accounts,
    Delivery,
    Fetched,
    Note,
    Outlook,
    RemoteForge,
    RequestState,
    Role,
    Upstream,
    Watch,
)
from retouche.ports.voices import Confirmation, Confirmations, Remark, Row, Voices

__all__ = [
    "Account",
    "Accounts",
    "Cabinet",
    "ChangeIndex",
    "Clock",
    "CloneSource",
    "CommitChanges",
    "Confirmation",
    "Confirmations",
    "Counted",
    "Delivery",
    "Event",
    "Fetched",
    "Forge",
    "Journal",
    "Locks",
    "MergeRequest",
    "Note",
    "Opened",
    "Outlook",
    "Pending",
    "Prepared",
    "Proposal",
    "Remark",
    "RemoteForge",
    "RequestState",
    "RequestText",
    "Reviewer",
    "Revision",
    "Role",
    "Row",
    "RowEntry",
    "RowEvent",
    "State",
    "Upstream",
    "Voices",
    "Watch",
]
