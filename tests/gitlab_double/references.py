"""What GitLab reads out of texts besides quick actions: closing words, mentions, references."""

from __future__ import annotations

import re

# The default of a GitLab instance: it looks at the raw text, so code does not protect.
_ISSUE = r"(?:(?:[\w.\-]+/)*[\w.\-]+)?#\d+|https?://\S+?/-/(?:issues|work_items)/\d+"
_CLOSING = re.compile(
    r"\b(?:[Cc]los(?:e[sd]?|ing)|[Ff]ix(?:e[sd]|ing)?|[Rr]esolv(?:e[sd]?|ing)|"
    r"[Ii]mplement(?:s|ed|ing)?):? +"
    rf"(?P<issues>(?:(?:issues? +)?(?:{_ISSUE})(?:(?: *,? +and +| *,? *)?))+)"
)
_NUMBER = re.compile(r"(?:#|/-/(?:issues|work_items)/)(\d+)")
_FENCED = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.M | re.S)
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.S)
_MENTION = re.compile(r"(?<![\w`])@([A-Za-z0-9_][\w\-./]*)")
_REFERENCE = re.compile(
    r"(?<![\w&])(?:[#!$]\d+|~(?:\d+|\"[^\"\n]+\"|[^\s~,;\"]+)|%(?:\d+|\"[^\"\n]+\"|[A-Za-z][\w.\-]*)|"
    r"&\d+|\[(?:vulnerability|feature_flag|issue|epic):[^\]\n]+\])"
    r"|(?<![\w/])(?:[\w.\-]+/)+[\w.\-]+[#!$&]\d+|/-/(?:issues|merge_requests|work_items|epics)/\d+"
)


def closed_issues(text: str) -> list[int]:
    """The numbers of the issues that a text closes when it is merged."""
    found = [
        int(number)
        for match in _CLOSING.finditer(text)
        for number in _NUMBER.findall(match["issues"])
    ]
    return list(dict.fromkeys(found))


def mentions(text: str) -> list[str]:
    """The names that a text mentions, outside code."""
    return [name.rstrip(".-/") for name in _MENTION.findall(_rendered(text))]


def references(text: str) -> list[str]:
    """Issues, merge requests, snippets, labels, milestones, epics that a text refers to."""
    return _REFERENCE.findall(_rendered(text))


def _rendered(text: str) -> str:
    """The text without its code; a backslash before `@` or `#` protects in some versions only."""
    return _SPAN.sub(" ", _FENCED.sub("\n", text))
