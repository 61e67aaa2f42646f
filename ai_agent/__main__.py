"""`python -m ai_agent`: the worker's command, or one line about what is not installed for it."""

from __future__ import annotations

import sys

from ai_agent.errors import missing_package


def main() -> int:
    """Exit codes: see `ai_agent.command`."""
    try:
        from ai_agent.command import main as command  # noqa: PLC0415 - its packages are an extra
    except ImportError as error:
        if (error.name or "").partition(".")[0] in {"ai_agent", "server"}:
            raise  # no package, a fault of ours
        sys.stderr.write(f"tutor worker cannot start: {missing_package(error)}\n")
        return 2
    return command()


if __name__ == "__main__":
    sys.exit(main())
