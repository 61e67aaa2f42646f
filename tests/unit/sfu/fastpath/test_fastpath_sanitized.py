"""The native data plane under the sanitizers: fuzzing, checks of its containers, and the shared contract."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.scale import scaled
from tests.unit.sfu.fastpath import sanitized

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
PARTS = 8
"""One run a seed, which also decides the options."""

RUN_CONTRACT = """
import importlib.util, sys, pytest
spec = importlib.util.spec_from_file_location("server.sfu.fastpath._native", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
sys.modules[spec.name] = module
sys.exit(pytest.main(["-q", "-x", "-p", "no:cacheprovider", "--timeout", "500", "tests/contract/forwarding",
    "tests/unit/sfu/fastpath/test_fastpath_thread.py", "tests/unit/sfu/fastpath/test_consent_checks.py",
    "tests/unit/sfu/fastpath/test_fastpath_streams.py",
    "-k", sys.argv[2]]))
"""


@pytest.mark.fuzz
@pytest.mark.timeout(3600)
def test_no_received_datagram_makes_the_core_read_out_of_bounds_or_break_its_invariant(
    tmp_path: Path,
) -> None:
    fuzz = sanitized.program(tmp_path / "fuzz", [HERE / "fuzz_core.c", *sanitized.CORE])
    executions = scaled(400_000, 10_000_000, "fuzz") // PARTS
    for _ in range(PARTS):
        seed = secrets.randbelow(1 << 32)
        done = subprocess.run([fuzz, str(seed), str(executions)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"seed {seed}, {executions} executions: {done.stderr}"


def test_the_containers_behave_as_simple_models(tmp_path: Path) -> None:
    parts = [sanitized.FASTPATH / name for name in ("core/map.c", "ring.c", "routes.c")]
    check = sanitized.program(tmp_path / "check", [HERE / "check_containers.c", *parts])
    seed = secrets.randbelow(1 << 32)
    done = subprocess.run([check, str(seed), "50000"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"seed {seed}: {done.stderr}"


def test_checks_have_their_own_queue_and_refused_datagrams_cost_only_themselves(
    tmp_path: Path,
) -> None:
    sources = [
        HERE / "check_network.c",
        *(sanitized.FASTPATH / name for name in ("network.c", "reuseport.c")),
    ]
    check = sanitized.program(tmp_path / "check", sources, wrap=("sendmmsg", "poll", "setsockopt"))
    done = subprocess.run([check], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_checks_are_handled_before_packets_that_came_sooner(tmp_path: Path) -> None:
    parts = ("data_plane.c", "network.c", "priority.c", "ring.c", "routes.c", "reuseport.c", "streams.c")
    shell = [sanitized.FASTPATH / name for name in parts]
    calls = ("recvmmsg", "sched_yield", "clock_gettime")
    check = sanitized.program(
        tmp_path / "check", [HERE / "check_order.c", *shell, *sanitized.CORE], wrap=calls
    )
    done = subprocess.run([check], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def test_the_thread_is_realtime_except_while_a_client_waits_for_python_or_the_core_is_full(
    tmp_path: Path,
) -> None:
    sources = [HERE / "check_priority.c", sanitized.FASTPATH / "priority.c"]
    calls = ("syscall", "sched_yield", "setpriority", "clock_gettime")
    done = subprocess.run(
        [sanitized.program(tmp_path / "check", sources, wrap=calls)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.fuzz
@pytest.mark.timeout(1200)
def test_the_contract_holds_under_the_sanitizers(tmp_path: Path) -> None:
    built = sanitized.extension(tmp_path)
    # all of it in `make fuzz`: two tests play half an hour of packets each
    which = "NativeForwarder or thread or consent"
    if not scaled(0, 1, "fuzz"):
        which = f"({which}) and not wrap and not half_an_hour"
    # its properties search as long as in `make test`: the long search is the one in C
    short = {name: value for name, value in os.environ.items() if name != "PARLOR_TEST_SCALE"}
    env = short | {
        "LD_PRELOAD": sanitized.preload(),
        "ASAN_OPTIONS": "detect_leaks=0",  # leaks of the interpreter are ignored
        "PYTHONMALLOC": "malloc",
    }
    done = subprocess.run(
        [sys.executable, "-c", RUN_CONTRACT, str(built), which],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    assert "passed" in done.stdout
