"""`python -m ai_agent`: the worker's command, or one line that names a package that is not installed."""

from __future__ import annotations

import argparse
import sys

from ai_agent.child import set_up_child
from ai_agent.errors import missing_package


def main() -> int:
    """Exit codes: see `ai_agent.command`."""
    arguments = _parser().parse_args()
    parent: int | None = arguments.with_parent
    pipe = set_up_child(parent) if parent is not None else None
    try:
        from ai_agent import command  # noqa: PLC0415 - its packages are an extra
    except ImportError as error:
        if (error.name or "").partition(".")[0] in {"ai_agent", "server"}:
            raise  # not a package that could be installed but a fault of ours
        sys.stderr.write(f"tutor worker cannot start: {missing_package(error)}\n")
        return 2
    return command.show_settings() if arguments.settings else command.run(parent, pipe)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ai_agent", description="The worker of Parlor's tutor.")
    parser.add_argument(
        "--with-parent",
        type=int,
        metavar="PID",
        help="run as the child of this process: with a lower priority, and not longer than it",
    )
    parser.add_argument("--settings", action="store_true", help="print the table of settings and exit")
    return parser


if __name__ == "__main__":
    sys.exit(main())
