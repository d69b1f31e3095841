"""What a mail says, as plain text: made of its kind, its language and what is known. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from retouche.core.messages.wording import language, short, typographic
from retouche.ports import Proposal
from retouche.services.mailing.sentences import (
    BODIES,
    DECISION_REASONS,
    PARTS,
    STATES,
    SUBJECTS,
)

WIDTH = 72
LONGEST_MESSAGE = 5_000
SIGNATURE = "-- "
_UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A proposal in a list: how it stands, when it was sent, where its page is."""

    state: str
    sent: datetime
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What awaits review in a dataset."""

    title: str
    waiting: int
    new: int
    oldest: datetime
    unusual: int
    clashing: int
    link: str


def standing_of(proposal: Proposal) -> str:
    """How a proposal stands, in the words of `STATES`."""
    decision = proposal.decision or {}
    if proposal.state == "accepted":
        chosen = decision.get("operations")
        part = isinstance(chosen, list) and len(chosen) < len(proposal.operations)
        return "accepted_part" if part else "accepted"
    if proposal.conflicted and proposal.state in ("queued", "open"):
        return "conflict"
    return proposal.state


def about_one(
    kind: str,
    detail: Mapping[str, Any],
    *,
    title: str,
    locale: str,
    link: str,
    stop: str,
) -> Letter:
    """What became of one proposal. `detail`: `reason`, `message`, `accepted`, `of`."""
    values = {
        "title": short(title),
        "accepted": detail.get("accepted"),
        "of": detail.get("of"),
    }
    parts = [_said(PARTS["hello"], locale), _said(BODIES[kind], locale, **values)]
    reason = DECISION_REASONS.get(str(detail.get("reason")))
    if reason is not None:
        parts.append(_said(PARTS["reason"], locale, reason=_said(reason, locale)))
    message = quoted(detail.get("message"))
    if message:
        parts.append(f"{_said(PARTS['message'], locale)}\n\n{message}")
    undecided = kind in ("received", "conflict")
    parts.append(f"{_said(PARTS['follow' if undecided else 'see'], locale)}\n{link}")
    if undecided:
        parts.append(_said(PARTS["personal"], locale))
    why = f"{SIGNATURE}\n{_wrapped(_said(PARTS['why'], locale))}\n{stop}"
    return Letter(subject=_said(SUBJECTS[kind], locale, **values), text=_joined(parts, why))


def about_several(
    kind: str, linked: Sequence[Linked], *, title: str, locale: str, stop: str | None = None
) -> Letter:
    """How several proposals stand: `several` for news, `links` when somebody asked."""
    parts = [_said(PARTS["hello"], locale), _said(BODIES[kind], locale, title=short(title))]
    for one in linked:
        state = _said(STATES.get(one.state, STATES["open"]), locale)
        line = _said(PARTS["on"], locale, state=state, day=_day(one.sent, locale))
        parts.append(f"{line[:1].upper()}{line[1:]}\n{one.link}")
    parts.append(_said(PARTS["personal"], locale))
    why = _wrapped(_said(PARTS["why_links" if stop is None else "why"], locale))
    ending = "\n".join(filter(None, (SIGNATURE, why, stop)))
    return Letter(
        subject=_said(SUBJECTS[kind], locale, title=short(title)), text=_joined(parts, ending)
    )


def digest(waiting: Sequence[Waiting], *, locale: str) -> Letter:
    """What awaits review, dataset by dataset."""
    total = sum(one.waiting for one in waiting)
    parts = [_said(PARTS["hello"], locale), _said(BODIES["digest"], locale)]
    for one in waiting:
        line = _said(
            PARTS["dataset"],
            locale,
            title=short(one.title),
            waiting=one.waiting,
            new=one.new,
            oldest=_day(one.oldest, locale),
        )
        counted = (("unusual", one.unusual), ("clashing", one.clashing))
        signs = [_said(PARTS[name], locale, count=count) for name, count in counted if count]
        parts.append(f"{_wrapped('; '.join((line, *signs)))}\n{one.link}")
    return Letter(subject=_said(SUBJECTS["digest"], locale, count=total), text=_joined(parts, ""))


def quoted(message: object) -> str:
    """What a reviewer wrote, each line marked so that none passes for ours."""
    text = str(message or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    lines = _UNSEEN.sub(" ", text)[:LONGEST_MESSAGE].split("\n")
    return "\n".join(f"> {part}" for line in lines for part in _lines(line)) if text else ""


def _said(texts: tuple[str, str], locale: str, /, **values: object) -> str:
    chosen = language(locale)
    return typographic(texts[chosen == "fr"], chosen).format(**values)


def _day(moment: datetime, locale: str) -> str:
    return f"{moment:%d/%m/%Y}" if language(locale) == "fr" else f"{moment:%Y-%m-%d}"


def _joined(parts: Iterable[str], ending: str) -> str:
    wrapped = [one if "\n" in one else _wrapped(one) for one in parts]
    return "\n\n".join((*wrapped, ending) if ending else wrapped) + "\n"


def _wrapped(text: str) -> str:
    return "\n".join(_lines(text))


def _lines(text: str) -> list[str]:
    """The words of a text in lines that any mail reader shows whole; a long word stays one."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > WIDTH:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return lines
