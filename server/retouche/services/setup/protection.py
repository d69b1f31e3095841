"""Protected branches: of several rules that match a branch, the most permissive one counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from retouche.ports.inspection import (
    ADMINISTRATOR,
    DEVELOPER,
    MAINTAINER,
    NOBODY,
    Access,
    Protection,
)
from retouche.services.setup.findings import Finding, error, ok, warning

SAMPLE = "0123456789abcdef"
"""The id of a proposal, to try rules with."""


def check_published(rules: Sequence[Protection], *, branch: str, bot: int) -> Iterator[Finding]:
    """The published branch: nobody pushes, maintainers merge, the bot does neither."""
    matching = _matching(rules, branch)
    if not matching:
        yield error("published_open", branch=branch)
        return
    faults = [
        *_published_push(matching, branch, bot),
        *_published_merge(matching, branch, bot),
        *(
            error("published_forced", branch=branch, rule=rule.name)
            for rule in matching
            if rule.forced
        ),
    ]
    yield from faults or [ok("published_protected", branch=branch)]


def _published_push(matching: Sequence[Protection], branch: str, bot: int) -> Iterator[Finding]:
    for rule in matching:
        if _admits(rule.push, DEVELOPER, bot):
            yield error("published_push_bot", branch=branch, rule=rule.name)
        elif _people(rule.push):
            yield warning("published_push", branch=branch, rule=rule.name)


def _published_merge(matching: Sequence[Protection], branch: str, bot: int) -> Iterator[Finding]:
    for rule in matching:
        if _admits(rule.merge, DEVELOPER, bot):
            yield error("published_merge_bot", branch=branch, rule=rule.name)
    if not any(
        one.user is not None or one.other or NOBODY < (one.role or 0) <= MAINTAINER
        for rule in matching
        for one in rule.merge
    ):
        yield error("published_merge_nobody", branch=branch)


def check_proposals(
    rules: Sequence[Protection], *, dataset: str, bot: int, role: int
) -> Iterator[Finding]:
    """The branches of proposals: the bot writes and rewrites there, and nobody else."""
    branches = f"proposals/{dataset}/*"
    matching = _matching(rules, f"proposals/{dataset}/{SAMPLE}")
    if not matching:
        yield warning("proposals_open", branches=branches)
        return
    names = ", ".join(rule.name for rule in matching)
    faults = []
    if not any(_admits(rule.push, role, bot) for rule in matching):
        faults.append(error("proposals_closed", branches=branches, rules=names))
    elif not any(rule.forced for rule in matching):
        faults.append(warning("proposals_not_forced", branches=branches, rules=names))
    broad = [rule.name for rule in matching if _others(rule.push, bot)]
    if broad:
        faults.append(warning("proposals_broad", branches=branches, rules=", ".join(broad)))
    yield from faults or [ok("proposals_protected", branches=branches)]


def _matching(rules: Iterable[Protection], branch: str) -> list[Protection]:
    return [one for one in rules if _pattern(one.name).fullmatch(branch)]


def _pattern(name: str) -> re.Pattern[str]:
    # `*` is any text, also with slashes; nothing else in a rule's name is special.
    return re.compile(".*".join(map(re.escape, name.split("*"))), re.S)


def _admits(allowed: Iterable[Access], role: int, user: int) -> bool:
    return any(
        one.user == user if one.user is not None else NOBODY < (one.role or 0) <= role
        for one in allowed
    )


def _people(allowed: Iterable[Access]) -> bool:
    """Whether anybody at all is allowed, but for administrators."""
    return any(
        one.user is not None or one.other or NOBODY < (one.role or 0) < ADMINISTRATOR
        for one in allowed
    )


def _others(allowed: Iterable[Access], user: int) -> bool:
    return _people(one for one in allowed if one.user != user)
