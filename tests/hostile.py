"""Texts that try to make a forge do something, and our own port of what a forge looks for.

The scanners are stricter than GitLab's own (lib/gitlab/quick_actions/extractor.rb,
closing_issue_extractor.rb, the reference patterns of app/models, lib/banzai/filter): they look in
the raw text and in the text as it is rendered, and take every line separator for one.
"""

from __future__ import annotations

import html
import re
import subprocess
import unicodedata

JOINER = "\u2060"

HOSTILE = {
    "close": "/close",
    "merge at a line start": "ok\n/merge",
    "label after CR": "ok\r/label ~bug",
    "assign after VT": "ok\v/assign @root",
    "target branch after FF": "ok\f/target_branch evil",
    "approve after NEL": "ok\u0085/approve",
    "close after line separator": "ok\u2028/close",
    "close after paragraph separator": "ok\u2029/close",
    "action after zero width space": "ok\n\u200b/close",
    "action after a fence": "```\n/close\n```\n/merge",
    "action after a quote": ">>>\nx\n>>>\n/merge",
    "action after HTML": "<div>\nx\n</div>\n/approve",
    "mention": "@root",
    "mention of all": "@all please look",
    "mention after a letter": "José@all",
    "mention in full width": "＠all and @group/sub",
    "mention by entity": "&#64;all &commat;root &#x40;all",
    "closing": "Closes #4",
    "closing in a span": "`Closes #4`",
    "closing many": "Fixes #4, #6 and group/project#7",
    "closing by address": "Resolves https://gitlab.example/g/p/-/issues/4",
    "closing elsewhere": "Implements ABC-12",
    "closing with colon": "fixes: issues #1",
    "closing by entity": "Closes &#35;4",
    "issue": "see #1 and GL-1",
    "merge request": "!2 g/p!2",
    "snippet and maths": "$3 $a+b$ $`x`$",
    "label": '~bug ~"two words"',
    "milestone": '%v1.0 %"next"',
    "epic and alert": "&4 ^alert#5",
    "iteration": "*iteration:6 [vulnerability:7] [issue:8]",
    "commit": "c0ffee1 0123456789abcdef0123456789abcdef01234567 aaaaaaa...bbbbbbb",
    "project": "group/project> g/p@deadbee",
    "wiki": "[[home]] [[_TOC_]] [[Text|page]]",
    "image of HTML": "<img src=x onerror=alert(1)>",
    "comment of HTML": "<!-- hidden --> <details><summary>x",
    "link": '[click](https://evil.example "x") [x][y]',
    "image": "![x](https://evil.example/pixel.png)",
    "autolinks": "https://evil.example www.evil.example <mailto:a@b.example> ftp://x.example",
    "table": "a | b |\n|---|---|\n| c \\| d",
    "backticks": "``` `` ` a ``b` \\` |",
    "emphasis": "**bold** __b__ *i* _i_ ~~s~~ {+ a +} [- b -] {- c -}",
    "bidi": "abc\u202edcba\u2066x\u2069\u200f",
    "controls": "a\x00b\x1b]0;x\x07c\x7f\u009b",
    "lone surrogate": "a\ud800b",
    "emoji": ":tada: :+1: :100:",
    "front matter": "---\ntitle: x\n---\n",
    "skip": "[skip ci] [ci skip] [ci-skip] [SKIP CI]",
    "trailers": "x\n\nSigned-off-by: Root <root@x.example>\nCo-authored-by: A <a@b>",
    "header injection": "x\r\nSubject: y\r\nTo: all@x.example\r\n\r\nbody",
    "draft": "Draft: x",
    "wip": "[WIP] WIP: (draft) [Draft]",
    "fixup": "fixup! squash! amend! x",
    "placeholders": "%{title} {{ x }} ${CI_JOB_TOKEN} <%= x %> {% x %}",
    "footnote and task": "[^1] [ ] [x] [^1]: y",
    "heading": "# h\n## h\n===\n---",
    "include": "::include{file=x}\n:::\n{:toc}",
    "combining": "\u0301\u0338a\u0301",
    "blank": "\u2800\u3164\u115f \u00a0 ",
    "backslash": "\\ \\\\ \\| \\\\| \\` \\@all\\",
    "long": "#1 @all " * 500,
}

OTHER_LINE_ENDS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
SCANNERS = {
    "mention": r"[@＠﹫]\w",
    "reference": r"[#!$&＃！＄＆][0-9]|[~%～％][\w\"]|\^alert|\*iteration:|\[[a-z_]+:",
    "tracker": r"\bGL-\d|\b[A-Za-z][A-Za-z0-9_]*-\d",
    "commit": r"(?<![0-9a-fA-F])[0-9a-fA-F]{7}",
    "project": r"\w/\w[\w.-]*>",
    "closing": r"(?i)\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|"
    r"implement(?:s|ed|ing)?):? +(?:issues? +)?(?:[\w./-]*#\d|https?://\S|[A-Z][A-Z0-9_]+-\d)",
    "address": r"(?i)[a-z][a-z0-9+.-]+://|www\.",
    "skip": r"(?i)\[(?:ci[ _-]skip|skip[ _-]ci)\]",
    "wiki": r"\[\[|\[\^|\[[ xX]\]",
    "emoji": r":[\w+-]+:",
    "inline diff": r"[\[{][+-]",
    "HTML": r"<[A-Za-z!/?%]|&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z]+);",
    "placeholder": r"%\{|\$\{",
    "draft": r"(?i)\A\s*(?:\[draft\]|\(draft\)|draft:|\[?wip\b|fixup!|squash!|amend!)",
}
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def rendered(text: str) -> str:
    """What is left of Markdown when it is read: escapes and entities resolved."""
    return html.unescape(ESCAPED.sub(r"\1", text))


def found(text: str) -> dict[str, list[str]]:
    """What a forge would find in a text that is sent to it, by scanner."""
    hits = {
        name: [hit[0] for view in (text, rendered(text)) for hit in re.finditer(pattern, view)]
        for name, pattern in SCANNERS.items()
    }
    hits["quick action"] = quick_actions(text)
    hits["hidden"] = [
        f"U+{ord(one):04X}"
        for one in text
        if one not in ("\n", JOINER) and unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    ]
    return {name: one for name, one in hits.items() if one}


def quick_actions(text: str) -> list[str]:
    """Lines that begin with a slash and a word, whatever a line end is and stands before it."""
    hidden = r"[\s\u200b-\u200f\ufeff\u00ad]*"
    return [line for line in OTHER_LINE_ENDS.split(text) if re.match(hidden + r"/\w", line)]


def trailers(message: str) -> list[str]:
    """What git itself takes for trailers."""
    done = subprocess.run(
        ["git", "interpret-trailers", "--parse"],
        input=message.encode(),
        capture_output=True,
        check=True,
        timeout=20,
    )
    return done.stdout.decode().splitlines()


def cells(line: str) -> list[str]:
    """The cells of a line of a table, as GitLab Flavored Markdown parts them."""
    parts = re.split(r"(?<!\\)\|", line)
    assert not (parts[0] + parts[-1]).strip(), line
    return [one.strip().replace("\\|", "|") for one in parts[1:-1]]


def spans(text: str) -> tuple[str, list[str]]:
    """A line of Markdown: the marks outside its code spans that mean something, and its spans."""
    marks, coded, at = "", [], 0
    while at < len(text):
        char = text[at]
        if char == "\\":
            at += 2
            continue
        if char == "`":
            run = re.match(r"`+", text[at:])
            assert run is not None
            closing = re.search(rf"(?<!`){run[0]}(?!`)", text[at + len(run[0]) :])
            assert closing is not None, f"an open code span: {text}"
            inside = text[at + len(run[0]) :][: closing.start()]
            padded = inside.startswith(" ") and inside.endswith(" ") and inside.strip()
            coded.append(inside[1:-1] if padded else inside)
            at += 2 * len(run[0]) + len(inside)
            continue
        marks += char if char in "*_[]<>~" else ""
        at += 1
    return marks, coded


def read_back(text: str) -> str:
    """The outside text that `neutral` has written, when nothing was cut off."""
    plain = text.replace(JOINER, "").replace("⏎", "\n").replace("⇥", "\t").replace("␣", " ")
    return re.sub(r"⟨U\+([0-9A-F]{4,6})⟩", lambda hit: chr(int(hit[1], 16)), plain)
