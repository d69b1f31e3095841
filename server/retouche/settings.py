"""Settings: every one with its name, default and reason. The only reader of the environment, but
for the secrets whose variables `retouche.toml` names."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

MEGABYTE = 1_000_000
SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator may change, as `RETOUCHE_<NAME>` in the environment."""

    home: Path = Path(".retouche")
    """Folder of the repositories, the journal and the caches."""
    base_url: str = ""
    """Public address, without a trailing slash; empty: the address of each request."""
    database_url: str = ""
    """Journal; empty: SQLite in the home folder."""
    secret_key: str = ""
    """Signs sessions and follow-up links; empty: made once and kept in the home folder."""
    max_body: int = MEGABYTE
    """Largest request body in bytes."""
    max_upload: int = 20 * MEGABYTE
    """Largest corrected copy of a file that is taken for comparison, in bytes."""
    max_operations: int = 1_000
    """Most operations in one proposal."""
    max_cell: int = 64_000
    """Longest cell a proposal may write, in bytes of UTF-8."""
    max_file: int = 200 * MEGABYTE
    """Largest data file in bytes; a larger one is not imported and not written."""
    max_open_proposals: int = 10_000
    """Most queued and open proposals per dataset, and most open remarks."""
    snapshot_cache: int = 512 * MEGABYTE
    """Memory that each worker may keep for parsed versions of files, in bytes."""
    cache_size: int = 4_000 * MEGABYTE
    """Disk that files and what is derived from them may take, in bytes; 0 keeps nothing there."""

    patience: float = 2.0
    """Longest time, in seconds, that a sender waits for a forge elsewhere before it is told that
    the proposal is kept and goes there later."""
    poll: float = 120.0
    """Time between two looks at a forge elsewhere, in seconds, when no webhook tells of news."""
    redis_url: str = field(default="", repr=False)
    """Work queue and rate limits that several machines share; empty: SQLite in the home folder."""
    trusted_proxies: int = 0
    """How many proxies in front write `X-Forwarded-For`; 0 believes no header."""

    limit_minute: int = 30
    """Most contributions from one network prefix (/24 or /64) to one dataset in a minute."""
    limit_day: int = 500
    """The same in a day."""
    limit_dataset: int = 600
    """Most contributions to one dataset in a minute, from anywhere."""
    min_seconds: float = 2.0
    """A form that is sent sooner than that after it was opened was not filled in by a person."""
    proof_load: int = 60
    """Contributions to one dataset in a minute from which on a proof of work is asked for."""

    retention_days: int = 180
    """Days that names, mail addresses and hashes of contributors are kept after the last change
    of their proposal; 0 keeps them until `retouche purge`."""
    smtp_url: str = field(default="", repr=False)
    """`smtp://user:password@host:587` (with STARTTLS) or `smtps://…`; empty sends no mail."""
    mail_from: str = ""
    """Sender address of mails."""
    mail_reviewers: str = ""
    """Addresses that get the digest of what waits, separated by commas."""
    digest_hours: float = 24.0
    """Hours between two digests; none is sent when nothing is new."""

    log_level: str = "info"
    """`debug`, `info`, `warning` or `error`."""
    reviewer_token: str = field(default="", repr=False)
    """A maintainer's own token at GitLab, for `retouche proposals`, `doctor` and `move`; a server
    never reads it."""

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] | None = None, **given: object
    ) -> Settings:
        """Read `RETOUCHE_*`; `given` values (from the command line) win. Raises ValueError."""
        environment = os.environ if environment is None else environment
        values: dict[str, object] = {}
        for one in fields(cls):
            name = f"RETOUCHE_{one.name.upper()}"
            text = environment.get(name)
            if text is None:
                continue
            if one.type == "int":
                if not text.isascii() or not text.isdigit():
                    raise ValueError(f"{name} must be a whole number, not {text!r}")
                values[one.name] = int(text)
            elif one.type == "float":
                if not SECONDS.fullmatch(text):
                    raise ValueError(f"{name} must be a number of seconds, not {text!r}")
                values[one.name] = float(text)
            else:
                values[one.name] = Path(text) if one.type == "Path" else text
        values.update({name: value for name, value in given.items() if value is not None})
        return cls(**values)  # type: ignore[arg-type]
