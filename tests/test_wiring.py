"""What a server takes with it when it starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

START = """
import sys
from pathlib import Path
import retouche.cli.serve, retouche.cli.worker
from retouche.settings import Settings
from retouche.web.app import create_app
from retouche.wiring import build
create_app(build(Settings(home=Path(sys.argv[1])), {}))
print(*(name for name in ("gitlab", "requests", "authlib", "cryptography") if name in sys.modules))
"""


def test_a_server_without_a_project_loads_nothing_that_speaks_to_one(tmp_path: Path) -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", START, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.split() == []
