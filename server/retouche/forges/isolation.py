"""How git is kept apart from the machine: its environment, and the settings of our repositories.

Constants only: nothing from outside is ever written to a git configuration.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

# Set by git for hooks and aliases, they would point us at another repository; the rest would
# weaken or tell of our connections.
INHERITED = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_ASKPASS",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CURL_VERBOSE",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_PROTOCOL",
    "GIT_QUARANTINE_PATH",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_SSL_NO_VERIFY",
    "GIT_WORK_TREE",
)
TRACES = "GIT_TRACE"
"""What the names begin with that have git write down what it does and what it was given."""
ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOW_PROTOCOL": "file:https",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_DEFAULT_HASH": "sha1",
    "GIT_DEFAULT_REF_FORMAT": "files",
    "LC_ALL": "C",
}
CONFIG = """\
[core]
\trepositoryformatversion = 0
\tbare = true
\tfsync = committed,reference
\thooksPath = /dev/null
\tsymlinks = false
\tlogAllRefUpdates = false
[gc]
\tauto = 0
[maintenance]
\tauto = false
[pack]
\tuseBitmaps = false
[repack]
\twriteBitmaps = false
[transfer]
\tfsckObjects = true
[receive]
\tautogc = false
\tdenyDeletes = true
\tdenyNonFastForwards = true
[fetch]
\trecurseSubmodules = false
"""


def inherited(names: Iterable[str]) -> list[str]:
    """Those of some names of the environment that must not reach git."""
    return [one for one in names if one in INHERITED or one.startswith(TRACES)]
