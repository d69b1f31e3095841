"""How every command speaks: language, refusals, progress, and nothing unprintable.

Knows click and the messages; must not know what any command does.
"""

from __future__ import annotations

import errno
import shutil
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeVar

import click

from retouche.cli.refusals import REFUSALS
from retouche.cli.wording import sentence
from retouche.configuration import BadConfiguration
from retouche.core.errors import RetoucheError
from retouche.core.messages import problem
from retouche.core.messages.wording import NARROW, NO_BREAK

LOCALE = "retouche.locale"
PATIENCE = 2.0
INTERRUPTED = 130
SENTENCES = ("detail", "what", "do")
"""Values that are sentences themselves."""
UNWRITABLE = (errno.ENOSPC, errno.EROFS, errno.EDQUOT)
Decorated = TypeVar("Decorated", bound=Callable[..., Any])

home_option = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".retouche"),
    envvar="RETOUCHE_HOME",
    show_default=True,
    help="Folder of the repositories, the journal and the caches.",
)


class Refusal(click.ClickException):
    """Stop with one sentence on stderr and exit code 2."""

    exit_code = 2

    def __init__(self, reason: str, /, **values: object) -> None:
        super().__init__(_labelled(sentence(reason, locale(), **_filled(values))))
        self.reason = reason

    @classmethod
    def of(cls, error: RetoucheError) -> Refusal:
        """The refusal that says what an error of the core says."""
        refusal = cls.__new__(cls)
        click.ClickException.__init__(refusal, _labelled(spoken(explained(error))))
        refusal.reason = error.reason
        return refusal

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file or sys.stderr)


def _labelled(text: str) -> str:
    # Said while the command's language is known: it is shown when the command is over.
    return f"{sentence('error', locale())}{' : ' if locale() == 'fr' else ': '}{text}"


class Command(click.Command):
    """A command that ends in a sentence where it cannot do its work, never in a traceback.

    `refuses` are the refusals it may make beside those about the data; its help lists them.
    """

    def __init__(
        self,
        *args: Any,
        refuses: Sequence[str] = (),
        codes: str = "0 done, 2 could not run.",
        **settings: Any,
    ) -> None:
        super().__init__(*args, **settings)
        self.refuses = tuple(refuses)
        self.codes = codes
        self.params.append(_language_option())

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except RetoucheError as error:
            raise Refusal.of(error) from error
        except BadConfiguration as error:
            raise Refusal(error.reason, **error.values) from error
        except BrokenPipeError:
            raise
        except OSError as error:
            raise _system_refusal(error) from error
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Exit codes"):
            formatter.write_text(self.codes)
        refusals = [REFUSALS[reason][0] for reason in self.refuses]
        if refusals:
            with formatter.section("It refuses with"):
                for text in refusals:
                    formatter.write_text(f"- {text}")


def _language_option() -> click.Option:
    return click.Option(
        ["--lang"],
        envvar=["RETOUCHE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"],
        expose_value=False,
        is_eager=True,
        metavar="fr|en",
        help="Language of the messages; by default that of the environment.",
        callback=_choose_language,
    )


def _choose_language(context: click.Context, _: click.Parameter, value: str | None) -> None:
    context.meta[LOCALE] = "fr" if (value or "").lower().startswith("fr") else "en"


def locale() -> str:
    """The language to speak: `fr` or `en`."""
    context = click.get_current_context(silent=True)
    return str(context.meta.get(LOCALE, "en")) if context else "en"


def explained(error: RetoucheError) -> str:
    """What an error of the core says, in the language of the command."""
    title, detail = problem(error, locale())
    return detail or title


def located(error: RetoucheError) -> str:
    """What an error says, after the file it is about where the sentence does not name it."""
    text, path = explained(error), error.values.get("path")
    colon = " : " if locale() == "fr" else ": "
    return f"{path}{colon}{text}" if path and str(path) not in text else text


def printable(value: object) -> str:
    """A value on one line, with its control characters shown and not obeyed."""
    return "".join(
        character if character.isprintable() else f"\\x{ord(character):02x}" if ord(character) < 256
        else f"\\u{ord(character):04x}"
        for character in str(value).replace("\r\n", "⏎").replace("\n", "⏎")
    )  # fmt: skip


def spoken(text: object) -> str:
    """Sentences on one line: as `printable`, but with the spaces that French typography asks for.

    In a value alone they would hide a difference; a sentence is full of them.
    """
    return "".join(
        one if one in (NO_BREAK, NARROW) else printable(one)
        for one in str(text).replace("\r\n", "\n")
    )


def _filled(values: Mapping[str, object]) -> dict[str, str]:
    return {
        name: spoken(value) if name in SENTENCES else printable(value)
        for name, value in values.items()
    }


def doubts(found: Sequence[str]) -> str:
    """What is not certain about a file, in words."""
    return ", ".join(sentence(f"doubt_{one}", locale()) for one in found)


def note(key: str, /, **values: object) -> None:
    """Say something on the way, on stderr."""
    click.echo(sentence(key, locale(), **_filled(values)), err=True)


def folded(text: str, *, first: str, others: str) -> str:
    """A sentence broken between words for a terminal; one line for a file or another program."""
    if not sys.stdout.isatty():
        return first + text
    return textwrap.fill(
        text,
        width=max(40, shutil.get_terminal_size().columns),
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )


def say(text: str) -> None:
    """Write one line of the answer."""
    click.echo(text)


def _system_refusal(error: OSError) -> Refusal:
    reason = "cannot_write" if error.errno in UNWRITABLE else "cannot_read"
    return Refusal(reason, path=error.filename or "?", detail=error.strerror or str(error))


class Progress:
    """Shows how far a long work is, once it has taken two seconds; lines where no terminal is."""

    def __init__(self, label: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._label = label
        self._clock = clock
        self._begun = clock()
        self._shown = self._begun
        self._written = False

    def __call__(self, done: int, total: int) -> None:
        now = self._clock()
        if now - self._begun < PATIENCE:
            return
        terminal = sys.stderr.isatty()
        if now - self._shown < (0.2 if terminal else PATIENCE) and done < total:
            return
        self._shown, self._written = now, True
        share = 100 * done // total if total else 100
        text = f"{self._label} … {share} %"
        click.echo(f"\r{text}" if terminal else text, err=True, nl=not terminal)

    def close(self) -> None:
        if self._written and sys.stderr.isatty():
            click.echo("", err=True)


@contextmanager
def patience(key: str, /, **values: object) -> Iterator[None]:
    """Say that a work without steps goes on, once it has taken two seconds, and every two."""
    filled = {name: printable(value) for name, value in values.items()}
    text = sentence(key, locale(), **filled)
    done = threading.Event()

    def tell() -> None:
        seconds = 0.0
        while not done.wait(PATIENCE):
            seconds += PATIENCE
            click.echo(f"{text} … {seconds:.0f} s", err=True)

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()  # no thread may live when the workers are forked


@contextmanager
def progress(key: str, /, **values: object) -> Iterator[Progress]:
    """Follow a work that may take more than two seconds."""
    filled = {name: printable(value) for name, value in values.items()}
    shown = Progress(sentence(key, locale(), **filled))
    try:
        yield shown
    finally:
        shown.close()
