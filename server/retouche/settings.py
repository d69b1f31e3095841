"""Settings: every one with its name, default and reason. The only reader of the environment, but
for the secrets whose variables `retouche.toml` names."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

MEGABYTE = 1_000_000
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LOG_LEVELS = ("debug", "info", "warning", "error")
ADDRESS = re.compile(r"https?://[^\s/?#@]+(/[^\s/?#]+)*")
LONGEST_DAYS = 36_500
LONGEST_HOURS = 8_760
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
    """Most contributions to one dataset in a minute, from anywhere. 0 is no limit, for each."""
    limit_exempt: str = ""
    """Networks that the limits per prefix do not hold for, separated by commas: the room of a
    workshop (`192.0.2.0/24,2001:db8:1::/48`)."""
    min_seconds: float = 2.0
    """A form that is sent sooner than that after it was opened was not filled in by a person."""
    proof_load: int = 60
    """Contributions to one dataset in a minute that need no proof of work; the others do. 0 asks
    for none, whatever the load."""

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
    weekly_day: str = "monday"
    """Day on which the same people are told of the week: what was published, what waits, how good
    the data is, what to look at again. `never` for none; none is sent when there is nothing."""

    disk_low: int = 1_000 * MEGABYTE
    """Free bytes on the disk of the home below which `/health` says so."""
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
            if not text:
                continue
            if one.type == "int":
                if not text.isascii() or not text.isdigit():
                    raise ValueError(f"{name} must be a whole number, not {text!r}")
                values[one.name] = int(text)
            elif one.type == "float":
                if not SECONDS.fullmatch(text):
                    raise ValueError(f"{name} must be a number, such as 2 or 0.5, not {text!r}")
                values[one.name] = float(text)
            else:
                values[one.name] = Path(text) if one.type == "Path" else text
        values.update({name: value for name, value in given.items() if value is not None})
        found = cls(**values)  # type: ignore[arg-type]
        found.check_mails()
        return found

    def check_mails(self) -> None:
        """Raises ValueError where mails are to be sent, and what they need is not set."""
        if not self.smtp_url:
            return
        if not self.base_url:
            raise ValueError("RETOUCHE_SMTP_URL needs RETOUCHE_BASE_URL: mails have links")
        if not self.mail_from:
            raise ValueError("RETOUCHE_SMTP_URL needs RETOUCHE_MAIL_FROM")

    def __post_init__(self) -> None:
        if self.base_url and not ADDRESS.fullmatch(self.base_url):
            known = "RETOUCHE_BASE_URL must be an address such as https://data.example.org, not"
            raise ValueError(f"{known} {self.base_url!r}")
        if self.redis_url and not _is_redis(self.redis_url):  # it may hold a password: not told
            raise ValueError("RETOUCHE_REDIS_URL must be an address such as redis://host:6379/0")
        if self.retention_days > LONGEST_DAYS:
            raise ValueError(f"RETOUCHE_RETENTION_DAYS must be {LONGEST_DAYS} at most")
        if self.digest_hours > LONGEST_HOURS:
            raise ValueError(f"RETOUCHE_DIGEST_HOURS must be {LONGEST_HOURS} at most")
        if self.weekly_day not in (*DAYS, "never"):
            known = f"{', '.join(DAYS)} or never"
            raise ValueError(f"RETOUCHE_WEEKLY_DAY must be {known}, not {self.weekly_day!r}")
        if self.log_level not in LOG_LEVELS:
            known = ", ".join(LOG_LEVELS)
            raise ValueError(f"RETOUCHE_LOG_LEVEL must be one of {known}, not {self.log_level!r}")
        for one in filter(str.strip, self.limit_exempt.split(",")):
            try:
                ip_network(one.strip(), strict=False)
            except ValueError:
                known = "RETOUCHE_LIMIT_EXEMPT must be networks such as 192.0.2.0/24, not"
                raise ValueError(f"{known} {one.strip()!r}") from None


def _is_redis(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("redis", "rediss", "unix") and (parts.port or 0) >= 0
    except ValueError:  # the port is no number
        return False
