"""The doors to the outside, as small Protocols; `retouche.wiring` names their adapters."""

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
from retouche.ports.journal import (
    UNKNOWN_SENDER,
    Event,
    Journal,
    Pending,
    Proposal,
    Sender,
    State,
)
from retouche.ports.machine import Cabinet, Clock, Locks
from retouche.ports.mails import Mail, Outbox, Post, Untold
from retouche.ports.people import Block, Erased, Moderation, Pause, People
from retouche.ports.scenarios import Scenario, Scenarios
from retouche.ports.tallies import Tallies
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
from retouche.ports.work import Chore, Inbox, Installation, Queue, Signs

__all__ = [
    "UNKNOWN_SENDER",
    "Account",
    "Accounts",
    "Block",
    "Cabinet",
    "ChangeIndex",
    "Chore",
    "Clock",
    "CloneSource",
    "CommitChanges",
    "Confirmation",
    "Confirmations",
    "Counted",
    "Delivery",
    "Erased",
    "Event",
    "Fetched",
    "Forge",
    "Inbox",
    "Installation",
    "Journal",
    "Locks",
    "Mail",
    "MergeRequest",
    "Moderation",
    "Note",
    "Opened",
    "Outbox",
    "Outlook",
    "Pause",
    "Pending",
    "People",
    "Post",
    "Prepared",
    "Proposal",
    "Queue",
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
    "Scenario",
    "Scenarios",
    "Sender",
    "Signs",
    "State",
    "Tallies",
    "Untold",
    "Upstream",
    "Voices",
    "Watch",
]
