"""moto's server: an object store with S3's interface, in memory, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import Request, urlopen

BUCKET = "recordings"
KEY_ID, SECRET = "test-key", "test-secret"
# It ends with its standard input.
_SCRIPT = """
import contextlib
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0)
with contextlib.redirect_stdout(sys.stderr):  # it prints a greeting
    server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""


@contextmanager
def object_store() -> Iterator[str]:
    """PARLOR_FILES_URL of an empty bucket."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SCRIPT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        endpoint = f"http://127.0.0.1:{int(process.stdout.readline())}"
        with urlopen(Request(f"{endpoint}/{BUCKET}", method="PUT")):
            pass
        yield f"s3://{BUCKET}/parlor?endpoint={endpoint}&region=us-east-1"
    finally:
        process.stdin.close()
        process.kill()
        process.wait()
        process.stdout.close()
