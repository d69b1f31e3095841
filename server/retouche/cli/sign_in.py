"""`retouche sign-in`: a new sign-in link for a reviewer."""

from __future__ import annotations

from pathlib import Path

import click

from retouche.cli.home import Home, read_settings
from retouche.cli.terminal import Command, home_option, say


@click.command("sign-in", cls=Command, refuses=("bad_record", "bad_setting", "empty_home"))
@home_option
@click.option("--as", "reviewer", default="reviewer", show_default=True, help="Reviewer's name.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where the server listens.")
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True)
def command(home: Path, reviewer: str, host: str, port: int) -> None:
    """Print a new sign-in link for a reviewer.

    The link is shown once and cannot be read back; the one this reviewer had before stops to
    work. Its address is RETOUCHE_BASE_URL where that is set, else that of --host and --port.
    """
    services = Home(home).services()
    token = services.reviewers.new_link_token(reviewer)
    host = f"[{host}]" if ":" in host else host
    base = read_settings(home).base_url or f"http://{host}:{port}"
    say(f"{base}/sign-in?token={token}")
