"""A child process that answers as Whisper's does, without its packages: with the language and the number of
samples. It knows no language `xx`, and ends at `de`.
"""

from __future__ import annotations

import json
import sys

from ai_agent.providers.local.pipe_protocol import READY, Pipes, WhisperKind


def main() -> None:
    pipes = Pipes.take_over_stdio()
    pipes.send(READY, body=b"{}")
    for frame in pipes.frames():
        language, _, pcm = frame.body.partition(b"\0")
        if language == b"de":
            sys.exit(1)
        if language == b"xx":
            pipes.send(WhisperKind.FAILED, frame.number, b"unknown language")
            continue
        heard = {"text": f"{language.decode()} {len(pcm) // 2}", "confidence": 0.7}
        pipes.send(WhisperKind.HEARD, frame.number, json.dumps(heard).encode())


if __name__ == "__main__":
    main()
