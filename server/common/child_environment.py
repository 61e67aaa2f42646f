"""Environment of child processes: what programs need to run, and nothing else.

The server's own environment holds its signing key, the TURN secret and the database's password, and a child
that decodes pictures or speech from strangers needs none of them. A child of another kind names what else it
needs, so that a new secret is kept from every child until somebody adds it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

_SYSTEM = (
    *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP"),
    *("VIRTUAL_ENV", "SYSTEMROOT", "NO_COLOR", "FORCE_COLOR", "SSL_CERT_FILE", "SSL_CERT_DIR"),
)
_SYSTEM_PREFIXES = ("LC_", "PYTHON", "LD_", "DYLD_", "OMP_", "OPENBLAS_", "MKL_", "XDG_", "MALLOC_", "UV_")


def child_environment(*prefixes: str, source: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The variables of `source` that programs need to run, and those that begin with one of `prefixes`.
    Compares in capitals, so that a child can complain about a name in lower case."""
    starts = (*_SYSTEM_PREFIXES, *prefixes)
    return {k: v for k, v in source.items() if k.upper() in _SYSTEM or k.upper().startswith(starts)}
