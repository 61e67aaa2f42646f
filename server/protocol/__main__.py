"""`python -m server.protocol --out FILE`: the JSON Schema of all wire messages; `-` is standard output."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from server.protocol.schema import document


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m server.protocol", description=__doc__)
    parser.add_argument("--out", default="-", metavar="FILE|-")
    out = parser.parse_args(arguments).out
    text = json.dumps(document(), indent=2, ensure_ascii=False) + "\n"
    if out == "-":
        sys.stdout.write(text)
    else:
        Path(out).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
