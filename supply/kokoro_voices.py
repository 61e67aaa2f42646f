"""Install the styles of Kokoro's English voices: `make kokoro`. They come inside an npm package, whose digest
is checked; nothing of it is run.
"""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path, PurePosixPath

from ai_agent.providers.local.kokoro_model import STYLES

PACKAGE = "kokoro-js@1.2.1"
SHA512 = "oq0HZJWis3t8lERkMJh84WLU86dpYD0EuBPtqYnLlQzyFP1OkyBRDcweAqCfhNOpltyN9j/azp1H6uuC47gShw=="
"""As package-lock.json writes it."""
STYLE_BYTES = 510 * 256 * 4


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", PACKAGE, "--silent", "--pack-destination", folder], check=True, stdout=sys.stderr
        )
        archive = next(Path(folder).glob("*.tgz"))
        if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != SHA512:
            sys.stderr.write(f"{PACKAGE} is not the package that was tested: its digest differs\n")
            return 1
        count = extract(archive, STYLES)
    sys.stderr.write(f"{count} voices of Kokoro are in {STYLES}\n")
    return 0


def extract(archive: Path, target: Path) -> int:
    """The English voices of the package; returns how many."""
    target.mkdir(parents=True, exist_ok=True)
    count = 0
    with tarfile.open(archive) as files:
        for member in files:
            path = PurePosixPath(member.name)
            is_style = path.parent == PurePosixPath("package/voices") and path.match("[ab][fm]_*.bin")
            if (
                is_style
                and member.isfile()
                and member.size == STYLE_BYTES
                and (file := files.extractfile(member))
            ):
                (target / path.name).write_bytes(file.read())
                count += 1
    return count


if __name__ == "__main__":
    sys.exit(main())
