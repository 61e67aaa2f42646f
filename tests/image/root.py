"""Root file systems of Debian, and commands in them: as a container has them, with `chroot` and namespaces.

Each command has mounts and processes of its own, which end with it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SUITE = "bookworm"
MIRROR = "http://deb.debian.org/debian"
PACKAGES = "ca-certificates,python3,python3-dev,python3-venv"
"""The images of Python have its headers too: without them the C extension would be left out."""
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
BOOTSTRAP_WITHIN_S = 900
_FROM_HERE = ("/etc/resolv.conf", "/etc/hosts", "/etc/ssl/certs/ca-certificates.crt")


@dataclass(slots=True)
class Root:
    """`outside`: folders of this machine that commands may read, such as a mirror of packages."""

    path: Path
    outside: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)
    user: str = "root"
    workdir: str = "/"

    def command(self, words: Sequence[str], *, before: Sequence[str] = ()) -> list[str]:
        """To run `words` in it. `before`: shell commands first, outside, with `$ROOT`."""
        mounts = [f"mount -t proc proc {self.path}/proc", f"mount --rbind /dev {self.path}/dev"]
        for folder in self.outside:
            mounts += [f"mkdir -p {self.path}{folder}", f"mount --bind {folder} {self.path}{folder}"]
        script = " && ".join([*mounts, *before, 'exec chroot --userspec="$0" "$ROOT" "$@"'])
        unshare = ["unshare", "--mount", "--pid", "--fork", "--kill-child=KILL"]
        there = ["sh", "-c", 'cd "$0" && exec "$@"', self.workdir, *words]
        return [*unshare, "env", f"ROOT={self.path}", "sh", "-ec", script, self.user, *there]

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        home = next((f[5] for f in self._accounts() if f[0] == self.user), "/")
        return {"PATH": PATH, "HOME": home, "LANG": "C.UTF-8", **more, **self.env}

    def run(self, words: Sequence[str], more: Mapping[str, str], within_s: float) -> None:
        """Raises CalledProcessError, TimeoutExpired."""
        subprocess.run(self.command(words), check=True, env=self.environment(more), timeout=within_s)

    def owner(self, chown: str) -> tuple[int, int]:
        """User and group id of `user` or `user:group`, as the root's own files have them."""
        name, _, group = chown.partition(":")
        account = next(f for f in self._accounts() if f[0] == name)
        groups = [line.split(":") for line in (self.path / "etc/group").read_text().splitlines()]
        group_id = next(f[2] for f in groups if f[0] == group) if group else account[3]
        return int(account[2]), int(group_id)

    def _accounts(self) -> list[list[str]]:
        return [line.split(":") for line in (self.path / "etc/passwd").read_text().splitlines()]


def bootstrap(path: Path) -> None:
    """Make a Debian root with Python at `path`, unless it is there. Raises SubprocessError."""
    ready = path.with_suffix(".ready")
    if ready.exists():
        return
    shutil.rmtree(path, ignore_errors=True)
    command = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, str(path), MIRROR]
    subprocess.run(command, check=True, timeout=BOOTSTRAP_WITHIN_S, stdout=subprocess.DEVNULL)
    ready.touch()


def copy_of(base: Path, path: Path, image: str, outside: tuple[str, ...]) -> Root:
    """A root to change, in place of an image of Docker's: `python:` and `node:` have a program more."""
    if path.exists():
        shutil.rmtree(path)
    subprocess.run(["cp", "-a", "--reflink=auto", str(base), str(path)], check=True, timeout=300)
    for file in _FROM_HERE:
        if Path(file).exists():
            (path / file[1:]).unlink(missing_ok=True)
            shutil.copy(os.path.realpath(file), path / file[1:])
    if image.startswith("python:"):
        (path / "usr/local/bin/python").symlink_to("/usr/bin/python3")
    elif image.startswith("node:"):
        _add_node(path)
    else:
        sys.exit(f"no root for the image {image}")
    return Root(path, outside)


def _add_node(path: Path) -> None:
    """This machine's: Debian's own is too old for the web client."""
    node, npm = (
        os.path.realpath(shutil.which(name) or sys.exit(f"{name} is missing")) for name in ("node", "npm")
    )
    shutil.copy(node, path / "usr/local/bin/node")
    package = Path(npm).parents[1]
    shutil.copytree(package, path / "usr/local/lib/node_modules/npm", symlinks=True)
    for name in ("npm", "npx"):
        (path / "usr/local/bin" / name).symlink_to(f"../lib/node_modules/npm/bin/{name}-cli.js")
    account = ["useradd", "--create-home", "--uid", "1000", "--root", str(path), "node"]
    subprocess.run(account, check=True, timeout=60)
