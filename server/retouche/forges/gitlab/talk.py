"""What is said in merge requests, and who people are at a project."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from retouche.core.errors import NotAllowed
from retouche.forges.gitlab.answers import Person, is_visible, level, moment, name_of
from retouche.forges.gitlab.api import Api
from retouche.ports import Note, Role
from retouche.ports.inspection import DEVELOPER, MAINTAINER

LONGEST = 10_000
"""Longest text of a note that is read, in characters."""
MOST = 500
"""Most notes of one merge request that are read."""


class Talk:
    """Notes, labels and roles of one project."""

    def __init__(self, api: Api, target: Callable[[], str]) -> None:
        """`target` gives the name of the published branch."""
        self._api = api
        self._target = target
        self._bot: Person | None = None

    def notes(self, number: int) -> Sequence[Note]:
        """What people wrote, oldest first."""
        if self._bot is None:
            self._bot = self._api.me()
        notes: list[Note] = []
        for one in self._written(number, self._bot.id):
            notes.append(one)
            if len(notes) == MOST:
                break
        return notes

    def say(self, number: int, body: str) -> None:
        self._api.say(number, body)

    def label(self, number: int, *, add: Sequence[str], remove: Sequence[str]) -> None:
        fields = {"add_labels": ",".join(add), "remove_labels": ",".join(remove)}
        fields = {name: labels for name, labels in fields.items() if labels}
        if fields:
            self._api.update(number, fields)

    def role(self, token: str) -> Role:
        """Raises `NotSignedIn` for a token that is not valid any more."""
        right = self._api.on_behalf_of(token)
        name = right.me().name
        try:
            project = right.project()
        except NotAllowed:
            return Role(name=name, decides=False)
        rank = level(project) or 0
        decides = rank >= MAINTAINER or self._may_merge(right, rank)
        return Role(name=name, decides=decides)

    def _may_merge(self, right: Api, rank: int) -> bool:
        """Whether the published branch takes a merge of somebody who is no maintainer."""
        try:
            branch = right.branch(self._target())
        except NotAllowed:
            return False
        open_to_developers = branch.get("developers_can_merge") is True and rank >= DEVELOPER
        return open_to_developers or branch.get("can_push") is True

    def _written(self, number: int, bot: int) -> Iterator[Note]:
        known = set[int]()
        for one in self._api.notes(number):
            author, time = one.get("author"), moment(one.get("created_at"))
            body, identifier = one.get("body"), one.get("id")
            if one.get("system") or one.get("internal") or one.get("confidential"):
                continue
            if not isinstance(author, dict) or author.get("id") == bot or time is None:
                continue
            if type(identifier) is not int or not 0 < identifier < 2**63 or identifier in known:
                continue
            if isinstance(body, str):
                known.add(identifier)
                name = name_of(author) or ""
                yield Note(id=identifier, author=name, body=_text(body), time=time)


def _text(body: str) -> str:
    body = body[: 2 * LONGEST].replace("\r\n", "\n")
    kept = "".join(one for one in body if one in "\n\t" or is_visible(one))
    return kept.strip()[:LONGEST]
