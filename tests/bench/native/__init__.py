"""The parts of the benchmark in C, compiled on demand and called by ctypes, which releases the GIL."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
import weakref
from collections.abc import Sequence
from ctypes import POINTER, byref, c_char, c_int, c_int32, c_uint8, c_uint32, c_uint64, c_void_p
from pathlib import Path
from typing import NamedTuple

from pylibsrtp import Session, _binding

from tests.fakes.rtc import Clip, silence_clip
from tests.fakes.rtc.clips import stamped

HERE = Path(__file__).parent
DELAY_BUCKETS = 100_000
_MAX_FRAMES, _MAX_FRAME, _KEPT_BYTES = 128, 256, 1500

SILENT, TALKS, DTX = 0, 1, 2


class CClip(ctypes.Structure):
    _fields_ = [
        ("frames", c_int32),
        ("sizes", c_int32 * _MAX_FRAMES),
        ("levels", c_int32 * _MAX_FRAMES),
        ("bytes", (c_uint8 * _MAX_FRAME) * _MAX_FRAMES),
    ]


class CKept(ctypes.Structure):
    _fields_ = [
        ("link", c_int32),
        ("length", c_int32),
        ("host", c_uint32),
        ("port", c_int32),
        ("data", c_char * _KEPT_BYTES),
    ]


class CTotals(ctypes.Structure):
    _fields_ = [
        ("sent", c_uint64),
        ("send_failures", c_uint64),
        ("received", c_uint64),
        ("checked", c_uint64),
        ("forged", c_uint64),
        ("gaps", c_uint64),
        ("rtcp", c_uint64),
        ("control_lost", c_uint64),
        ("worst_late_ns", c_uint64),
        ("delays", c_uint64 * DELAY_BUCKETS),
    ]


class Kept(NamedTuple):
    """A datagram that is neither RTP nor RTCP; `host` as four bytes."""

    link: int
    data: bytes
    host: bytes
    port: int


def c_clip(clip: Clip) -> CClip:
    """Its frames with room for a stamp, and a silent one for DTX at the end."""
    both = clip + silence_clip(0.02)
    frames = [stamped(frame, 0) for frame in both.frames]
    if len(frames) > _MAX_FRAMES or max(map(len, frames)) > _MAX_FRAME:
        raise ValueError("the clip is too long for the load generator")
    made = CClip(frames=len(frames))
    for n, (frame, level) in enumerate(zip(frames, both.levels, strict=True)):
        made.sizes[n], made.levels[n] = len(frame), level
        made.bytes[n][: len(frame)] = list(frame)
    return made


def srtp_address(name: str) -> c_void_p:
    """Address of a function in pylibsrtp's libsrtp, which the server uses too."""
    return c_void_p(int(_binding.ffi.cast("uintptr_t", _binding.ffi.addressof(_binding.lib, name))))


def session_address(session: Session) -> c_void_p:
    """Keep the session alive for as long as this is in use."""
    return c_void_p(int(_binding.ffi.cast("uintptr_t", session._srtp[0])))


class NativeLoad:
    """The load generator in `load.c`. `run` blocks until `stop`; call it in a separate thread.

    Its memory is freed with this object, not with the thread: tasks of a failed scenario may still call it.
    """

    def __init__(self, capacity: int, clip: Clip) -> None:
        self._c = library()
        self._clip = c_clip(clip)
        protect, unprotect, rtcp = map(srtp_address, ("srtp_protect", "srtp_unprotect", "srtp_protect_rtcp"))
        self._load = c_void_p(self._c.load_new(capacity, protect, unprotect, rtcp, byref(self._clip)))
        weakref.finalize(self, self._c.load_free, self._load)
        self._kept = CKept()

    def add(
        self,
        fd: int,
        sessions: tuple[Session, Session | None],
        remote: tuple[bytes, int],
        ssrc: int,
        payload_type: int,
        level_extension: int | None,
    ) -> int:
        """The new link's index. `sessions`: to receive, to send with; `remote`: four bytes and a port."""
        rx, tx = sessions
        index = int(
            self._c.load_add(
                self._load,
                fd,
                session_address(rx),
                session_address(tx) if tx else None,
                int.from_bytes(remote[0], "little"),
                remote[1],
                ssrc,
                payload_type,
                level_extension or 0,
            )
        )
        if index < 0:
            raise OverflowError("more links than the load generator's capacity")
        return index

    def forget(self, link: int) -> None:
        self._c.load_forget(self._load, link)

    def speak(self, link: int, mode: int, nth: int) -> None:
        self._c.load_speak(self._load, link, mode, nth)

    def check_every(self, n: int) -> None:
        self._c.load_check_every(self._load, n)

    def run(self) -> None:
        self._c.load_run(self._load)

    def stop(self) -> None:
        self._c.load_stop(self._load)

    def totals(self) -> CTotals:
        totals = CTotals()
        self._c.load_totals(self._load, byref(totals))
        return totals

    def first_arrival_ns(self, link: int) -> int:
        return int(self._c.load_first_arrival(self._load, link))

    def take(self) -> Kept | None:
        kept = self._kept
        if not self._c.load_take(self._load, byref(kept)):
            return None
        data = ctypes.string_at(ctypes.addressof(kept) + CKept.data.offset, kept.length)
        return Kept(kept.link, data, kept.host.to_bytes(4, "little"), kept.port)


def floor_run(
    fd: int,
    rooms: int,
    people: int,
    clip: Clip,
    sessions: Sequence[Session],
    host: bytes,
    ports: Sequence[int],
    modes: Sequence[int],
) -> None:
    """Runs `floor.c`. Does not return."""
    total = rooms * people
    addresses = (c_void_p * total)(*(session_address(s).value for s in sessions))
    library().floor_run(
        fd,
        rooms,
        people,
        srtp_address("srtp_protect"),
        byref(c_clip(clip)),
        addresses,
        int.from_bytes(host, "little"),
        (c_int32 * total)(*ports),
        (c_int32 * total)(*modes),
    )


def library() -> ctypes.CDLL:
    """Compile the library if it is older than its sources. Raises FileNotFoundError without a compiler."""
    built = HERE / "build" / "bench.so"
    sources = [HERE / "load.c", HERE / "floor.c"]
    newest = max(path.stat().st_mtime for path in [*sources, HERE / "packets.h"])
    if not built.exists() or built.stat().st_mtime < newest:
        _compile(sources, built)
    c = ctypes.CDLL(str(built))
    c.load_new.restype = c_void_p
    c.load_new.argtypes = [c_int, c_void_p, c_void_p, c_void_p, POINTER(CClip)]
    c.load_first_arrival.restype = c_uint64
    c.load_add.argtypes = [c_void_p, c_int, c_void_p, c_void_p, c_uint32, c_int, c_uint32, c_int, c_int]
    for name in ("load_run", "load_stop", "load_free", "floor_run"):
        getattr(c, name).restype = None
    c.floor_run.argtypes = [
        c_int, c_int, c_int, c_void_p, POINTER(CClip),
        POINTER(c_void_p), c_uint32, POINTER(c_int32), POINTER(c_int32),
    ]  # fmt: skip
    return c


def _compile(sources: Sequence[Path], built: Path) -> None:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise FileNotFoundError("the load generator needs a C compiler: apt install gcc libc6-dev")
    built.parent.mkdir(exist_ok=True)
    flags = ["-O2", "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-shared", "-fPIC"]
    # renamed when complete: another process may open it meanwhile, or be using the old one
    with tempfile.TemporaryDirectory(dir=built.parent) as folder:
        made = Path(folder) / built.name
        subprocess.run([compiler, *flags, "-o", str(made), *map(str, sources), "-lpthread"], check=True)
        made.replace(built)
