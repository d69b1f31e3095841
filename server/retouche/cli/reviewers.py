"""Who decides at a terminal."""

from __future__ import annotations

import os
import pwd

from retouche.cli.terminal import Refusal
from retouche.core.errors import NotSignedIn
from retouche.ports import Reviewer
from retouche.services.datasets import Dataset
from retouche.wiring import Services


def reviewer_of(services: Services, dataset: Dataset, name: str | None) -> Reviewer:
    """Who decides: a person of this machine, or the owner of a token at the dataset's forge."""
    remote = dataset.remote
    if remote is None:
        return Reviewer(name=name or user())
    token = services.settings.reviewer_token
    if not token:
        raise Refusal("no_reviewer_token", name=dataset.name)
    try:
        return Reviewer(name=remote.role(token).name, token=token)
    except NotSignedIn:
        raise Refusal("reviewer_token_refused", name=dataset.name) from None


def user() -> str:
    """Who runs this command."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        raise Refusal("nameless_user") from None
