"""Which quick actions GitLab finds in a text. Nothing is carried out here.

GitLab has read texts in two ways: older versions cut out code, HTML and quotes by patterns,
newer ones look only into paragraphs as Markdown makes them. What either of them would find
counts, so that a text is harmless only when it is for both.
"""

from __future__ import annotations

import re

_NAMES = """
add_child add_contacts add_email approve assign assign_reviewer award blocked_by blocks
board_move cc checkin_reminder child_of clear_health_status clear_weight clone close
confidential convert_to_ticket copy_metadata copy_metadata_from create_merge_request done
draft due duplicate epic estimate estimate_time health_status invite_email iteration label
labels link lock merge milestone move page parent_epic promote promote_to publish react
ready reassign reassign_reviewer rebase relabel relate remove_child remove_contacts
remove_due_date remove_email remove_epic remove_estimate remove_iteration remove_label
remove_milestone remove_parent remove_parent_epic remove_time_spent remove_zoom reopen
request_changes request_review reviewer run_pipeline set_parent severity shadow ship spend
spend_time spent squash status submit_review subscribe tag target_branch timeline title
todo type unapprove unassign unassign_reviewer unlabel unlink unlock unsubscribe weight
wip zoom
"""
_COMMAND = (
    r"^/(?P<cmd>(?i:"
    + "|".join(sorted(_NAMES.split(), key=len, reverse=True))
    + r"))(?:[ ](?P<arg>[^\n]*))?(?:[ \t\r\n\f\v]*\n|$)"
)
_INLINE = r"(?P<inline>`\n*.+?\n*`)"
_HTML = r"(?P<html>^<[^>]+?>\n.+?\n</[^>]+?>$)"
_BLOCKS = r"(?P<code>^```.+?\n```$)|(?P<quote>^>>>.+?\n>>>$)"
# `.` crosses lines inside the exclusions only: an argument ends with its line.
_OLD = re.compile(f"(?s:{_BLOCKS}|{_INLINE}|{_HTML})|{_COMMAND}", re.MULTILINE)
_NEW = re.compile(f"(?s:(?P<inline>`.+?`)|{_HTML})|{_COMMAND}", re.MULTILINE)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,}|>>>(?=\s*$))(.*)$", re.DOTALL)
_HTML_START = re.compile(r" {0,3}</?[a-zA-Z!?]")

Commands = list[tuple[str, str]]


def extract(text: str) -> tuple[str, Commands]:
    """The text without its quick actions, and these as (name, argument), in order."""
    text = text.replace("\r", "")
    left, found = _take(_OLD, text)
    lines = left.split("\n")
    for start, end in _paragraphs(lines):
        paragraph, more = _take(_NEW, "\n".join(lines[start:end]))
        if more:  # else the text stays as it is
            found += more
            lines[start:end] = [paragraph] + [""] * (end - start - 1)
    return "\n".join(lines).rstrip(), found


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, Commands]:
    found: Commands = []

    def replaced(match: re.Match[str]) -> str:
        if match["cmd"] is None:
            return match[0]
        found.append((match["cmd"].lower(), (match["arg"] or "").strip()))
        return ""

    return pattern.sub(replaced, text), found


def _paragraphs(lines: list[str]) -> list[tuple[int, int]]:
    """Where plain paragraphs stand: outside fences, quotes, HTML and indented code."""
    found: list[tuple[int, int]] = []
    start: int | None = None
    fence: str | None = None
    html = False
    for number, line in enumerate([*lines, ""]):
        mark = _FENCE.match(line)
        if fence is not None:
            closes = mark and mark[1].startswith(fence) and not mark[2].strip()
            fence = None if closes else fence
            continue
        html = (html or (start is None and bool(_HTML_START.match(line)))) and bool(line.strip())
        opens = mark is not None and not (mark[1][0] == "`" and "`" in mark[2])
        ends = opens or html or not line.strip() or line.lstrip(" ").startswith(">")
        if start is None and not ends and not line.startswith(("    ", "\t")):
            start = number
        elif start is not None and ends:
            found.append((start, number))
            start = None
        if opens and mark is not None:
            fence = mark[1]
    return found
