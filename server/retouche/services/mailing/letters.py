"""What a mail says, as plain text: made of its kind, its language and what is known. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from retouche.services.reviewing.reasons import own_label, own_message

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
class Left:
    """A part of an accepted proposal that is not published: which, and what was decided of it."""

    what: str
    decision: Mapping[str, Any]


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
        fewer = isinstance(chosen, list) and len(chosen) < len(proposal.operations)
        part = fewer or bool(decision.get("cells"))
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
    left: Sequence[Left] = (),
) -> Letter:
    """What became of one proposal. `detail`: `reason`, `message`, `accepted`, `of`."""
    values = {
        "title": short(title),
        "accepted": detail.get("accepted"),
        "of": detail.get("of"),
    }
    parts = [said(PARTS["hello"], locale), said(BODIES[kind], locale, **values)]
    parts += _because(detail, locale)
    for one in left:
        parts += ["\n".join(_lines(f"- {short(one.what)}")), *_because(one.decision, locale)]
    undecided = kind in ("received", "conflict")
    parts.append(f"{said(PARTS['follow' if undecided else 'see'], locale)}\n{link}")
    if undecided:
        parts.append(said(PARTS["personal"], locale))
    why = f"{SIGNATURE}\n{wrapped(said(PARTS['why'], locale))}\n{stop}"
    return Letter(subject=said(SUBJECTS[kind], locale, **values), text=joined(parts, why))


def _because(decision: Mapping[str, Any], locale: str) -> Iterator[str]:
    """Why something is not published, and what the reviewer writes of it."""
    reason = DECISION_REASONS.get(str(decision.get("reason")))
    if reason is not None:
        told = _shown(own_label(decision, locale)) or said(reason, locale)
        yield said(PARTS["reason"], locale, reason=told.rstrip("."))
    own = _shown(own_message(decision, locale))
    if own:
        yield own
    message = quoted(decision.get("message"))
    if message:
        yield f"{said(PARTS['message'], locale)}\n\n{message}"


def _shown(text: str) -> str:
    """What a dataset says, on one line, without what nobody sees."""
    return " ".join(_UNSEEN.sub(" ", text).split())


def about_several(
    kind: str, linked: Sequence[Linked], *, title: str, locale: str, stop: str | None = None
) -> Letter:
    """How several proposals stand: `several` for news, `links` when somebody asked."""
    parts = [said(PARTS["hello"], locale), said(BODIES[kind], locale, title=short(title))]
    for one in linked:
        state = said(STATES.get(one.state, STATES["open"]), locale)
        line = said(PARTS["on"], locale, state=state, day=day(one.sent, locale))
        parts.append(f"{line[:1].upper()}{line[1:]}\n{one.link}")
    parts.append(said(PARTS["personal"], locale))
    why = wrapped(said(PARTS["why_links" if stop is None else "why"], locale))
    ending = "\n".join(filter(None, (SIGNATURE, why, stop)))
    return Letter(
        subject=said(SUBJECTS[kind], locale, title=short(title)), text=joined(parts, ending)
    )


def digest(waiting: Sequence[Waiting], *, locale: str) -> Letter:
    """What awaits review, dataset by dataset."""
    total = sum(one.waiting for one in waiting)
    parts = [said(PARTS["hello"], locale), said(BODIES["digest"], locale)]
    for one in waiting:
        line = said(
            PARTS["dataset"],
            locale,
            title=short(one.title),
            waiting=one.waiting,
            new=one.new,
            oldest=day(one.oldest, locale),
        )
        counted = (("unusual", one.unusual), ("clashing", one.clashing))
        signs = [said(PARTS[name], locale, count=count) for name, count in counted if count]
        parts.append(f"{wrapped('; '.join((line, *signs)))}\n{one.link}")
    return Letter(subject=said(SUBJECTS["digest"], locale, count=total), text=joined(parts, ""))


def quoted(message: object) -> str:
    """What a reviewer wrote, each line marked so that none passes for ours."""
    text = str(message or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    lines = _UNSEEN.sub(" ", text)[:LONGEST_MESSAGE].split("\n")
    return "\n".join(f"> {part}" for line in lines for part in _lines(line)) if text else ""


def said(texts: tuple[str, str], locale: str, /, **values: object) -> str:
    """A sentence in a language, its blanks filled."""
    chosen = language(locale)
    return typographic(texts[chosen == "fr"], chosen).format(**values)


def day(moment: datetime, locale: str) -> str:
    return f"{moment:%d/%m/%Y}" if language(locale) == "fr" else f"{moment:%Y-%m-%d}"


def joined(parts: Iterable[str], ending: str) -> str:
    """The paragraphs of a mail, those of one line in lines that any mail reader shows whole."""
    told = [one if "\n" in one else wrapped(one) for one in parts]
    return "\n\n".join((*told, ending) if ending else told) + "\n"


def wrapped(text: str) -> str:
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
