"""The weekly digest as a letter: its words in both languages, and how they are put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from retouche.core.messages.wording import short
from retouche.services.mailing import letters
from retouche.services.mailing.letters import Letter
from retouche.services.mailing.sentences import PARTS, WEEK


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where a dataset's pages are."""

    base: str
    quality: str
    waiting: str


def weekly(told: Sequence[tuple[Mapping[str, Any], Addresses]], *, locale: str) -> Letter:
    """What happened in a week, dataset by dataset; each as `Weekly` found it."""
    published = sum(one["published"] for one, _ in told)
    parts = [letters.said(PARTS["hello"], locale), letters.said(WEEK["body"], locale)]
    parts += [_dataset(one, addresses, locale) for one, addresses in told]
    parts.append(letters.said(WEEK["why"], locale))
    subject = letters.said(WEEK["subject"], locale, count=published)
    return Letter(subject=subject, text=letters.joined(parts, ""))


def _dataset(one: Mapping[str, Any], addresses: Addresses, locale: str) -> str:
    lines = [f"* {short(one['title'])}"]
    lines += [f"- {sentence}" for sentence in _sentences(one, locale)]
    wrapped = [letters.wrapped(line) for line in lines]
    wrapped.append(f"{letters.said(WEEK['quality'], locale)}\n{addresses.quality}")
    if one["waiting"]:
        wrapped.append(f"{letters.said(WEEK['queue'], locale)}\n{addresses.waiting}")
    if one["oldest"]:
        wrapped.append(letters.wrapped(letters.said(WEEK["oldest"], locale)))
        wrapped += [
            f"{_row(each, locale)}\n{addresses.base}{each['path']}" for each in one["oldest"]
        ]
    return "\n".join(wrapped)


def _sentences(one: Mapping[str, Any], locale: str) -> list[str]:
    told = [
        letters.said(
            WEEK["published" if one["published"] else "nothing"],
            locale,
            **{name: one[name] for name in ("published", "accepted")},
            **{name: one[name] for name in ("inserted", "updated", "deleted")},
        ),
        letters.said(WEEK["waits"], locale, waiting=one["waiting"], remarks=one["remarks"]),
    ]
    if one["sound"] is not None:
        told.append(_quality(one, locale))
    if one["confirmed"] is not None:
        share = _percent(one["confirmed"], locale)
        told.append(letters.said(WEEK["confirmed"], locale, share=share, months=one["months"]))
    return told


def _quality(one: Mapping[str, Any], locale: str) -> str:
    """How good it is, and by how much better or worse than a week ago."""
    share, before = _percent(one["sound"], locale), one["sound_before"]
    if before is None:
        return letters.said(WEEK["sound"], locale, share=share)
    points = round((one["sound"] - before) * 100, 1)
    kind = "same" if not points else "better" if points > 0 else "worse"
    return letters.said(WEEK[kind], locale, share=share, points=_number(abs(points), locale))


def _row(one: Mapping[str, Any], locale: str) -> str:
    looked = one["looked"]
    if looked is None:
        return f"{short(one['label'])} ({letters.said(WEEK['never'], locale)})"
    day = letters.day(datetime.fromisoformat(looked), locale)
    return f"{short(one['label'])} ({day})"


def _percent(share: float, locale: str) -> str:
    """A share with one digit; what is not whole never reads as 100 %."""
    percent = min(share * 100, 99.9) if share < 1 else 100.0
    text = _number(round(percent, 1), locale)
    return f"{text}\u202f%" if locale == "fr" else f"{text}%"


def _number(value: float, locale: str) -> str:
    text = f"{value:.1f}".removesuffix(".0")
    return text.replace(".", ",") if locale == "fr" else text
