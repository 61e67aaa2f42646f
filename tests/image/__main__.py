"""`make test-image`: the steps of docker/Dockerfile in a Debian root, without Docker, and the
server with its worker in the result. Needs root, for chroot and mounts.

Not as in Docker: Debian's Python in place of `python:`, this machine's Node in place of `node:`.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from tests.image.dockerfile import Stage, Step, parse
from tests.image.root import Root, bootstrap, copy_of

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "image"
RUN_WITHIN_S = 900.0
READY_WITHIN_S = 120.0
END_WITHIN_S = 15.0
_EXPECTED = (re.compile(r'"backend": ?"NativeForwarder"'), re.compile(r'"event": ?"registered"'))
"""Log lines: packets are forwarded in C, which a failed build would leave out, and the worker is there."""
_HANDED_ON = re.compile(
    r"(PIP|NPM_CONFIG|npm_config)_\w+|\w+_PROXY|\w+_proxy|SSL_CERT_FILE|NODE_EXTRA_CA_CERTS"
)
"""Variables of this machine that say where packages come from."""


def main() -> int:
    if os.getuid() != 0 or shutil.which("debootstrap") is None:
        print("make test-image needs root, and debootstrap: sh tests/system-packages.sh image")
        return 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that a running step ends with this process
    started = time.monotonic()
    bootstrap(BUILD / "base")
    variables = handed_on()
    built: dict[str, Root] = {}
    for stage in parse((ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8")):
        built[stage.name] = build(stage, built, variables)
    print(f"built in {time.monotonic() - started:.0f} s", flush=True)
    last = parse((ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8"))[-1]
    return serve(last, built[last.name])


def handed_on() -> dict[str, str]:
    """Return the settings that pip and npm use here. Files and folders of this machine among it are shown to
    the commands."""
    found = {name: value for name, value in os.environ.items() if _HANDED_ON.fullmatch(name)}
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout
    for name, value in re.findall(r"^global\.([\w-]+)='(.*)'$", listed, re.MULTILINE):
        found.setdefault(f"PIP_{name.upper().replace('-', '_')}", value)
    return found


def outside(variables: Mapping[str, str]) -> tuple[str, ...]:
    """Folders of this machine that the values name. The pages of an index lead to files beside it."""
    words = [word for value in variables.values() for word in value.split() if not word.startswith("http")]
    named = [Path(urlsplit(w).path).parent if w.startswith("file:") else Path(w) for w in words]
    return tuple(sorted({str(path) for path in named if path.is_absolute() and path.is_dir()}))


def build(stage: Stage, built: Mapping[str, Root], variables: Mapping[str, str]) -> Root:
    """Carry the stage's steps out. Exits at a step that fails."""
    root = copy_of(BUILD / "base", BUILD / f"stage-{stage.name}", stage.base, outside(variables))
    for path in (value for value in variables.values() if value.startswith("/") and Path(value).is_file()):
        target = root.path / path[1:]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    for step in stage.steps:
        print(f"[{stage.name}] {step.name} {' '.join(step.words)}", flush=True)
        try:
            carry_out(step, root, built, variables)
        except (subprocess.SubprocessError, OSError) as error:
            sys.exit(f"[{stage.name}] {step.name} failed: {error}")
    return root


def carry_out(step: Step, root: Root, built: Mapping[str, Root], variables: Mapping[str, str]) -> None:
    """Raises SubprocessError, OSError."""
    match step.name:
        case "RUN":
            root.run(["sh", "-c", step.words[0]], variables, RUN_WITHIN_S)
        case "USER":
            root.user = step.words[0]
        case "ENV":
            root.env |= dict(word.split("=", 1) for word in step.words)
        case "WORKDIR":
            root.workdir = step.words[0]
            (root.path / root.workdir[1:]).mkdir(parents=True, exist_ok=True)
        case "COPY":
            copy(step, root, built)
        case "VOLUME":
            if not (root.path / step.words[0][1:]).is_dir():
                sys.exit(f"{step.words[0]} is not there: its volume would belong to root")
        case _:
            pass  # of the container, not of its files: `serve` reads them


def copy(step: Step, root: Root, built: Mapping[str, Root]) -> None:
    """As Docker does: of a folder its content; what git ignores is not part of the context."""
    *sources, target = step.words
    place = root.path / os.path.normpath(Path(root.workdir) / target)[1:]
    owner = root.owner(step.flags.get("chown", "root"))
    for source in sources:
        if "from" in step.flags:
            files = _files_below(built[step.flags["from"]].path / source.lstrip("/"))
        else:
            files = _files_of_context(source)
        for relative, file in files:
            is_single = relative == Path()
            to = (place / file.name if target.endswith("/") else place) if is_single else place / relative
            for folder in reversed([f for f in to.parents if not f.exists()]):
                folder.mkdir()
                os.chown(folder, *owner)
            shutil.copy2(file, to, follow_symlinks=False)
            os.chown(to, *owner, follow_symlinks=False)


def _files_below(source: Path) -> list[tuple[Path, Path]]:
    found = [p for p in source.rglob("*") if p.is_symlink() or p.is_file()] if source.is_dir() else [source]
    return [(p.relative_to(source), p) for p in found]


def _files_of_context(source: str) -> list[tuple[Path, Path]]:
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", source]
    names = subprocess.run(listed, check=True, capture_output=True, text=True, cwd=ROOT, timeout=60).stdout
    found = [ROOT / name for name in names.split("\0") if name and (ROOT / name).exists()]
    if not found:
        sys.exit(f"COPY {source}: there is no such file")
    return [(p.relative_to(ROOT / source), p) for p in found]


def serve(stage: Stage, root: Root) -> int:
    """Start the image as compose.yaml does: an ordinary user, a root that is read-only, a network of its own.
    Returns 0 once its health check passes and its worker has registered."""
    entry = next(step.words for step in stage.steps if step.name == "ENTRYPOINT")
    check = next(step.words for step in stage.steps if step.name == "HEALTHCHECK")
    data = next(step.words[0] for step in stage.steps if step.name == "VOLUME")
    if root.user == "root":
        sys.exit("the image runs as root")
    before = [
        "ip link set lo up",
        "mount --bind $ROOT $ROOT",
        "mount -o remount,bind,ro $ROOT",
        "mount -t tmpfs tmpfs $ROOT/tmp",
        f"mount -t tmpfs -o uid={root.owner(root.user)[0]} tmpfs $ROOT{data}",
    ]
    root.outside = ()
    command = root.command(entry, before=before)
    command.insert(1, "--net")
    log = BUILD / "server.log"
    with log.open("w") as lines:
        server = subprocess.Popen(command, env=root.environment({}), stdout=lines, stderr=lines)
    try:
        inside = ["nsenter", "--target", str(server.pid), "--mount", "--net"]
        there = ["chroot", f"--userspec={root.user}", str(root.path), "sh", "-c", 'cd "$0" && exec "$@"']
        is_good = waited_for(server, [*inside, *there, root.workdir, *check], root.environment({}), log)
        is_good = stop(server) and is_good
    finally:
        server.kill()  # and with it what it started
        server.wait()
    print(log.read_text())
    print("image: " + ("healthy, its worker registered, and it ended" if is_good else "FAILED"))
    return 0 if is_good else 1


def waited_for(server: subprocess.Popen[bytes], check: list[str], env: Mapping[str, str], log: Path) -> bool:
    """Whether the health check passes and the log has what is expected, in time."""
    until = time.monotonic() + READY_WITHIN_S
    while server.poll() is None and time.monotonic() < until:
        is_healthy = (
            subprocess.run(check, check=False, env=env, capture_output=True, timeout=30).returncode == 0
        )
        if is_healthy and all(mark.search(log.read_text()) for mark in _EXPECTED):
            return True
        time.sleep(1.0)
    return False


def stop(server: subprocess.Popen[bytes]) -> bool:
    """Whether SIGTERM ends it in time, as `docker stop` does. `unshare` itself waits for its child."""
    for child in psutil.Process(server.pid).children():
        child.terminate()
    try:
        return server.wait(END_WITHIN_S) == 0
    except subprocess.TimeoutExpired:
        return False


if __name__ == "__main__":
    sys.exit(main())
