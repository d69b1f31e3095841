"""What a merge request says of its impact: a few sentences, and a table of distances."""

from __future__ import annotations

from retouche.core.messages.impact import figure
from retouche.core.messages.wording import count
from retouche.core.neutral import prose
from retouche.services.impact.report import Access, ImpactReport
from retouche.services.impact.wording import sentences
from retouche.services.requesting.words import words

MOST_SENTENCES = 6
MOST_BANDS = 5
RULE = "|---"


def impact_part(report: ImpactReport, locale: str) -> str | None:
    """At most some fifteen lines of Markdown; None when nothing changes."""
    if not report.changes:
        return None
    told = sentences(report, locale, most=MOST_SENTENCES)[:MOST_SENTENCES]
    parts = [
        f"### {words('impact', locale)}",
        "\n".join(f"- {prose(one, most=300)}" for one in told),
    ]
    nearest = max(report.access, key=lambda one: one.moved, default=None)
    if nearest is not None:
        parts.append(_table(nearest, locale))
    return "\n\n".join(parts)


def _table(access: Access, locale: str) -> str:
    head = words("access_rows" if access.by_rows else "access_head", locale)
    lines = [head, RULE * 5 + "|"]
    for one in access.bands[:MOST_BANDS]:
        figures = (one.before, one.after, one.gained, one.lost)
        shown = " | ".join(count(each, locale) for each in figures)
        lines.append(f"| {figure(one.kilometres, None, locale)} km | {shown} |")
    return "\n".join(lines)
