"""A git repository of the user's own, read at a revision; nothing in it is ever changed."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from retouche.cli.terminal import Refusal
from retouche.core.errors import ForgeUnavailable, NotFound
from retouche.core.package import DESCRIPTOR, Package
from retouche.services.widget_checks import OUTLINES, WIDGETS, is_outlines, is_widget

if TYPE_CHECKING:
    from retouche.forges.repository import BareRepository

POINTER = re.compile(r"gitdir: (.+)")
REVISION = re.compile(r"[^-\0\n][^\0\n]{0,250}")


class Checkout:
    """A working copy, or a bare repository. `root` is the folder that paths count from."""

    def __init__(self, root: Path, git_folder: Path) -> None:
        self.root = root
        self.git_folder = git_folder

    @cached_property
    def repository(self) -> BareRepository:
        # Where only paths are asked for, a command starts sooner without what reads objects.
        from retouche.forges.repository import BareRepository

        return BareRepository(self.git_folder)

    @classmethod
    def around(cls, path: Path) -> Checkout | None:
        """The repository that holds a path, None where there is none."""
        start = path.resolve()
        for folder in (start, *start.parents):
            git = folder / ".git"
            if git.is_dir():
                return cls(folder, git)
            if git.is_file():  # a linked working copy or a submodule
                found = POINTER.match(git.read_text(errors="replace"))
                if found:
                    return cls(folder, (folder / found.group(1).strip()).resolve())
            if (folder / "HEAD").is_file() and (folder / "objects").is_dir():
                return cls(folder, folder)
        return None

    @classmethod
    def required(cls, path: Path) -> Checkout:
        found = cls.around(path)
        if found is None:
            raise Refusal("no_repository", path=path)
        return found

    def commit(self, revision: str) -> str:
        """The commit id of anything git can name (`HEAD~1`, `origin/main`, a tag, an id)."""
        if REVISION.fullmatch(revision):
            arguments = ("rev-parse", "--verify", "--quiet", "--end-of-options")
            output = self.repository.git(*arguments, f"{revision}^{{commit}}", accept=range(256))
            lines = output.data.decode("ascii", "replace").split()
            if output.status == 0 and lines:
                return lines[-1]
        raise Refusal("unknown_revision", revision=revision, path=self.root)

    def branch(self) -> str:
        """The branch that is checked out."""
        arguments = ("symbolic-ref", "--quiet", "--short", "HEAD")
        output = self.repository.git(*arguments, accept=range(256))
        return output.data.decode("utf-8", "replace").strip() or "main"

    def relative(self, path: Path) -> str:
        """A path as git knows it: from the root, with slashes; empty for the root itself."""
        inside = path.resolve().relative_to(self.root).as_posix()
        return "" if inside == "." else inside

    def read(self, commit: str, path: str) -> bytes:
        """The bytes of a file at a commit. Raises `NotFound`."""
        return self.repository.read(commit, path)

    def package(self, commit: str, folder: str) -> Package | None:
        """The data package in a folder at a commit; None when there was none."""
        prefix = f"{folder}/" if folder else ""
        try:
            self.read(commit, prefix + DESCRIPTOR)
        except (NotFound, ForgeUnavailable):
            return None
        return Package.read(lambda path: self.read(commit, prefix + path))

    def views(self, commit: str) -> list[str]:
        """The widgets and outlines of a data package at the top of a commit."""
        return [
            path
            for folder in (WIDGETS, OUTLINES)
            for path in self.repository.files(commit, folder)
            if is_widget(path) or is_outlines(path)
        ]

    def close(self) -> None:
        if "repository" in self.__dict__:
            self.repository.close()
