"""What can be attacked, a row each, in three parts: git, reading, and what leaves the server."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One attack. `id` is the name that tests give; where `exception` stands, no test can show
    it, and `docs/operations.md` says under that heading why."""

    id: str
    attack: str
    must: str
    exception: str | None = None


GIT = (
    Row(
        "clone-address-command",
        "an address to clone from that runs a command or reads the disk",
        "only plain https addresses of the operator; git itself refuses other transports",
    ),
    Row(
        "git-configuration",
        "options or settings slipped into git through GitPython",
        "GitPython has one importer, runs commands of ours alone, and writes no setting",
    ),
    Row(
        "ref-traversal",
        "`../` or `$HOME` where a ref or an address is expected",
        "no outside text is a ref or an address",
    ),
    Row(
        "ref-option",
        "a branch whose name is an option or a revision of git's syntax",
        "refused before git is asked",
    ),
    Row(
        "ref-destroys",
        "a ref name that git takes and that ruins the repository",
        "every ref ever given to git has one of our forms; the repository stays sound",
    ),
    Row("ref-clash", "a ref that is a folder of another, or differs in case alone", "cannot be"),
    Row(
        "author-header",
        "a line end or `<>` in a contributor's name, to forge a commit's headers",
        "commits bear the bot's name; a contributor's is in none",
    ),
    Row(
        "commit-message",
        "trailers, `[skip ci]`, control characters in what becomes a message",
        "messages are made by the server; no contributed text is in them",
    ),
    Row("nul-in-text", "NUL and other control characters in texts", "refused"),
    Row(
        "other-files",
        "a change of another file than the data, through a path, a link or a submodule",
        "one regular file of the dataset changes, and no other",
    ),
    Row(
        "hostile-repository",
        "a data repository with hooks, links, submodules, filters",
        "objects are fetched and nothing is checked out or executed",
    ),
    Row(
        "token-exposure",
        "a token in addresses, arguments, logs, settings or answers",
        "it is in a header alone",
    ),
    Row(
        "terminal-escapes",
        "escape sequences in cells, requests or words of a forge, for whoever reads a log",
        "escaped in logs and on the terminal",
    ),
)

READING = (
    Row(
        "descriptor-fetches",
        "a schema, profile, dialect, path or `$ref` that is an address",
        "refused; nothing is ever asked of the network",
    ),
    Row(
        "descriptor-reads",
        "a path that leaves the repository, or a link out of it",
        "refused; no byte of such a file in an answer",
    ),
    Row(
        "descriptor-formulas",
        "checks, steps and pipelines with formulas in a descriptor",
        "never evaluated; checks have names of ours",
    ),
    Row(
        "descriptor-shapes",
        "descriptors, schemas and widgets of odd, deep, huge or doubled shape",
        "refused with what is wrong, in bounded time",
    ),
    Row(
        "pattern-backtracking",
        "a pattern of a schema that takes for ever on a contributed cell",
        "matched in linear time, or refused with its field when the dataset is read",
    ),
    Row(
        "json-shapes",
        "deep, doubled, endless, non-finite, ill-encoded JSON",
        "400 with what is wrong",
    ),
    Row(
        "quadratic-checks",
        "checks that take the square of their input, or never end",
        "lengths are looked at before",
    ),
    Row(
        "oversize",
        "bodies, cells, columns, rows, parts and heads over every limit",
        "413 at once, no memory kept",
    ),
    Row(
        "archives",
        "Parquet, pickles, compressed bodies, workbooks that unpack to gigabytes or name entities",
        "415, or measured before it is opened",
    ),
    Row(
        "unicode",
        "characters that turn, hide or imitate others; one key in two forms",
        "refused or told; keys are exact",
    ),
    Row(
        "pseudo-numbers",
        "digits that Python reads and a table schema does not",
        "a type error",
    ),
)

LEAVING = (
    Row("formulas", "cells that a spreadsheet takes for formulas", "disarmed for spreadsheets"),
    Row(
        "scripts",
        "scripts in cells, labels, comments, templates, addresses",
        "shown as the text that they are: none runs and nothing is asked of the network",
    ),
    Row(
        "data-as-page", "a file of data that a browser takes for a page", "an attachment, sandboxed"
    ),
    Row("quick-actions", "commands to the forge in contributed text", "none is found there"),
    Row("forge-references", "mentions, closings and labels in contributed text", "none is found"),
    Row(
        "request-titles", "a title that is too long or says `Draft:`", "made by the server, bounded"
    ),
    Row(
        "webhooks",
        "a delivery that is forged, old, doubled, out of order or for another project",
        "proved, counted once, and only a hint",
    ),
    Row(
        "cross-site-forms",
        "another site makes a reviewer's browser decide",
        "the session counts from our own pages alone",
    ),
    Row("framing", "a page of ours in a frame of another site", "widgets alone may be framed"),
    Row("other-origins", "another origin that asks with a session", "no session counts there"),
    Row(
        "redirects",
        "a way back that leads elsewhere, a state that was not begun here",
        "ways back are paths of ours; a state is used once, by who began it",
    ),
    Row("shared-caches", "a private page kept for others", "`private, no-store`"),
    Row(
        "address-parameters",
        "paths, ids, keys and names in every parameter of every address",
        "found by name or not at all; never a path",
    ),
    Row(
        "token-elsewhere",
        "a forge that sends the server's token to another host",
        "not followed; no other host sees it",
    ),
    Row("webhook-addresses", "an address in a delivery", "never asked"),
    Row(
        "frame-messages",
        "messages between the page and the frame of a widget",
        "sizes from one's own frame, and nothing else",
    ),
    Row("guessed-status", "the state of a proposal guessed", "128 bits and a secret"),
    Row("traces", "paths, classes and traces in errors", "one handler, a stable code"),
    Row(
        "floods",
        "a thousand proposals from one network",
        "a quota per dataset; the rest is told when to come back",
    ),
    Row(
        "people-in-history",
        "a name, a mail or an address of a network that cannot be erased",
        "only in the database",
    ),
    Row("supply-chain", "a package that is not what it was", "each is pinned by its hash"),
)

BESIDE = (
    Row(
        "hosts",
        "`Host`, `Forwarded` and their kin, to poison links and caches",
        "headers of proxies are not believed",
    ),
    Row(
        "request-shapes",
        "requests that two servers read differently, heads without end",
        "refused, and the connection closed",
    ),
    Row("headers", "headers of every length and form", "read in bounded time, never a fault"),
    Row("idempotency-keys", "keys of odd form, or for another body", "400, 422"),
    Row("clone-protocol", "bodies and headers that git does not understand", "400, git is ended"),
    Row("oembed-addresses", "an address that is not ours to embed", "404, nothing is asked"),
    Row(
        "hostile-backups",
        "a backup of false paths, names, links, holes, rows, refs or shapes",
        "refused by a sentence; no home is made, and nothing beside it",
    ),
    Row(
        "hostile-queue",
        "a queue or a Redis that others write to",
        "it can ask for work, and run nothing",
    ),
    Row(
        "senders",
        "headers, forms of an address and keys that make one sender look like many",
        "counted by what the last proxy says; what repeats is one contribution",
    ),
    Row(
        "proofs",
        "proofs of work and stamps that are forged, shared, old or sent again",
        "each counts once, for its dataset",
    ),
    Row(
        "moderation-pages",
        "pauses, blocks and undoing by others, for other datasets, or without the form",
        "401, 403, 404; nothing is done",
    ),
    Row("queries", "filters, words, places and pages beyond sense", "400, in bounded time"),
)

PARTS = {
    "Git, refs and commits": GIT,
    "Reading and checking": READING,
    "What leaves the server": LEAVING,
    "Beside the list": BESIDE,
}
ROWS: dict[str, Row] = {row.id: row for part in PARTS.values() for row in part}
