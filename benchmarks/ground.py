"""What all measurements stand on: the files, imported homes, and a place to write."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import time
from pathlib import Path

from benchmarks import tables
from benchmarks.peers import Peers
from benchmarks.serving import retouche

RESOURCE = "table"


def dataset_name(size: str) -> str:
    """The name that `tables.write_package` gives."""
    return size.lower()


class Ground:
    """The folders of one run. `folder` is kept between runs, `scratch` is not."""

    def __init__(self, folder: Path, scratch: Path, *, quick: bool) -> None:
        self.folder = folder
        self.scratch = scratch
        self.quick = quick
        self.sizes = ("S",) if quick else ("S", "M", "L")
        self.peers = Peers(folder / "peers")
        self._start = time.monotonic()
        self._count = 0

    def tell(self, text: str) -> None:
        """Progress, for a person who waits."""
        print(f"{time.monotonic() - self._start:6.0f} s  {text}", file=sys.stderr, flush=True)

    def runs(self, full: int, quick: int) -> int:
        return quick if self.quick else full

    def new_folder(self, name: str) -> Path:
        """An empty folder of its own, gone at the end of the run."""
        self._count += 1
        made = self.scratch / f"{self._count:03}-{name}"
        made.mkdir()
        return made

    def package(self, size: str) -> Path:
        """The data package of a size; kept as long as the generator stays as it is."""
        made = self.kept("sizes", Path(tables.__file__)) / size
        if not made.exists():
            self.tell(f"writing the file {size}")
            part = made.with_name(f"{size}.part")
            shutil.rmtree(part, ignore_errors=True)
            tables.write_package(part, size)
            part.rename(made)
        return made

    def data(self, size: str) -> bytes:
        return (self.package(size) / "table.csv").read_bytes()

    def kept(self, name: str, *sources: Path) -> Path:
        """A folder for what these sources make: a change of one of them begins another."""
        digest = hashlib.sha256(b"".join(one.read_bytes() for one in sources)).hexdigest()[:12]
        for other in (self.folder / name).glob("*"):
            if other.name != digest:
                shutil.rmtree(other)
        made = self.folder / name / digest
        made.mkdir(parents=True, exist_ok=True)
        return made

    def home(self, *sizes: str) -> Path:
        """A home that has just imported these sizes and derived nothing from them."""
        home = self.new_folder("home")
        (home / "repositories").mkdir()
        record: dict[str, object] = {}
        for size in sizes:
            source = self._imported(size)
            record |= json.loads((source / "datasets.json").read_bytes())
            name = f"{dataset_name(size)}.git"
            shutil.copytree(source / "repositories" / name, home / "repositories" / name)
        (home / "datasets.json").write_text(json.dumps(record))
        return home

    def target(self, *sizes: str) -> Path:
        """A `retouche.toml` that names the packages of these sizes."""
        file = self.new_folder("target") / "retouche.toml"
        named = [(dataset_name(one), self.package(one).resolve()) for one in sizes]
        file.write_text(
            "".join(f'[[datasets]]\nname = "{name}"\nrepository = "{at}"\n' for name, at in named)
        )
        return file

    def _imported(self, size: str) -> Path:
        """What `retouche serve` makes of a package on its first start."""
        home = self.scratch / f"imported-{size}"
        if not home.exists():
            target = self.target(size)
            self.tell(f"importing {size}")
            with retouche(target, home):
                pass
        return home
