from __future__ import annotations

from pathlib import Path

from server.common.files import make_private


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_new_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    make_private(tmp_path / "a" / "data")
    assert mode(tmp_path / "a" / "data") == 0o700


def test_files_that_others_could_read_are_mended_and_others_left(tmp_path: Path) -> None:
    data, outside = tmp_path / "data", tmp_path / "outside"
    (data / "audio" / "ab").mkdir(parents=True)
    database, sound, alien = data / "parlor.db", data / "audio" / "ab" / "x.ogg", data / "notes"
    for path in (database, sound, alien, outside):
        path.touch()
        path.chmod(0o644)
    (data / "audio" / "link").symlink_to(outside)
    data.chmod(0o755)
    make_private(data, "parlor.db*", "audio/**/*")
    assert [mode(p) for p in (data, data / "audio" / "ab")] == [0o700, 0o700]
    assert [mode(p) for p in (database, sound)] == [0o600, 0o600]
    assert [mode(p) for p in (alien, outside)] == [0o644, 0o644]
