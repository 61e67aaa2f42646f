"""The floor, as a process: `python -m tests.bench.sfu.floor_process JSON`."""

from __future__ import annotations

import json
import socket
import sys
from typing import Any

from pylibsrtp import Policy, Session

from tests.bench.native import floor_run
from tests.fakes.rtc import tone_clip

_KEY = bytes(44)


def session(direction: int) -> Session:
    return Session(Policy(_KEY, direction, srtp_profile=Policy.SRTP_PROFILE_AEAD_AES_256_GCM))


def main() -> None:
    options: dict[str, Any] = json.loads(sys.argv[1])
    people, ports = options["people"], options["ports"]
    sessions = [session(Policy.SSRC_ANY_OUTBOUND) for _ in ports]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        floor_run(
            sock.fileno(),
            len(ports) // people,
            people,
            tone_clip(440),
            sessions,
            socket.inet_aton(options["host"]),
            ports,
            options["modes"],
        )


if __name__ == "__main__":
    main()
