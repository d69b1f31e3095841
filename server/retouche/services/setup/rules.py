"""Push rules, held against what we push: what they would refuse, before it is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from retouche.core.patterns import is_found
from retouche.services.setup.findings import Finding, error, ok

MEGABYTE = 1 << 20
ADDRESS = re.compile(r"<([^<>]*)>$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What a proposal looks like to a push rule."""

    branch: str
    author: str
    """`Name <mail>`."""
    message: str
    files: Mapping[str, int]
    """The data files by path, with their sizes in bytes."""


def check_rules(rules: Mapping[str, Any], pushed: Pushed) -> Iterator[Finding]:
    """Each rule that refuses a proposal, in the words of the setting."""
    found = [
        *_patterns(rules, pushed),
        *_files(rules, pushed),
        *_commits(rules, pushed),
    ]
    yield from found or [ok("rules_right")]


def _patterns(rules: Mapping[str, Any], pushed: Pushed) -> Iterator[Finding]:
    address = ADDRESS.search(pushed.author)
    wanted: Sequence[tuple[str, str, bool]] = (
        ("branch_name_regex", pushed.branch, True),
        ("author_email_regex", address[1] if address else pushed.author, True),
        ("commit_message_regex", pushed.message, True),
        ("commit_message_negative_regex", pushed.message, False),
    )
    for name, text, must in wanted:
        pattern = rules.get(name)
        if pattern and is_found(pattern, text) is not must:
            yield error("rule_pattern", rule=name, pattern=pattern, text=text.partition("\n")[0])


def _files(rules: Mapping[str, Any], pushed: Pushed) -> Iterator[Finding]:
    pattern = rules.get("file_name_regex")
    for path, size in pushed.files.items():
        if pattern and is_found(pattern, path) is not False:
            yield error("rule_pattern", rule="file_name_regex", pattern=pattern, text=path)
        limit = rules.get("max_file_size") or 0
        if limit and size > limit * MEGABYTE:
            yield error("rule_file_size", path=path, limit=limit)


def _commits(rules: Mapping[str, Any], pushed: Pushed) -> Iterator[Finding]:
    for name in ("reject_unsigned_commits", "reject_non_dco_commits"):
        if rules.get(name):
            yield error("rule_commits", rule=name)
    for name in ("commit_committer_check", "commit_committer_name_check", "member_check"):
        if rules.get(name):
            yield error("rule_identity", rule=name, author=pushed.author)
