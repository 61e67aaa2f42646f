"""`python -m tests.twice`: a second run of failed tests keeps a build green, and names those that needed
it."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from tests.twice import main

FLAKY = """
    from pathlib import Path

    def test_steady():
        pass

    def test_flaky():
        seen = Path("seen")
        first = not seen.exists()
        seen.touch()
        assert not first

    def test_broken():
        assert {broken} == 0
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


def _write_tests(project: Path, *, broken: bool) -> None:
    (project / "test_it.py").write_text(textwrap.dedent(FLAKY.format(broken=int(broken))))


def test_a_test_that_passes_only_in_its_second_run_is_named_at_the_end(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _write_tests(project, broken=False)
    main(["--start"])
    assert main(["-q", "test_it.py"]) == 0
    capfd.readouterr()
    main(["--report"])
    assert capfd.readouterr().out == "passed only in a second run (1):\n  test_it.py::test_flaky\n"


def test_a_test_that_fails_twice_fails_the_stage_and_is_not_called_passed(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _write_tests(project, broken=True)
    main(["--start"])
    assert main(["-q", "test_it.py"]) == 1
    capfd.readouterr()
    main(["--report"])
    assert "test_broken" not in capfd.readouterr().out


def test_tests_that_pytest_could_not_run_are_not_run_again(project: Path) -> None:
    main(["--start"])
    assert main(["-q", "missing.py"]) == 4


def test_without_a_second_run_the_report_says_so(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    main(["--start"])
    main(["--report"])
    assert capfd.readouterr().out == "every test passed in its first run\n"
