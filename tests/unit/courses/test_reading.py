from __future__ import annotations

from pathlib import Path

import pytest

from server.courses.folder import BOX, Courses
from server.courses.model import Question
from server.courses.reading import CourseError, read_courses
from server.courses.sentences import MAX_SENTENCE, sentences_of
from server.errors import CourseNotFound

COURSE = "---\nlevel: A2\nlanguage: en\n---\n# Tea\n\nAll about tea.\n"
CLASS = """# Green tea

Green tea is from Asia. Dr. Li says: "It is healthy." Do you agree?

Drink it warm.

## Questions

- Where is it from? => asia / china
- Do you like it? => *
"""


def a_course(folder: Path, **files: str) -> Path:
    """`files`: by the name of the file, replaced ones."""
    wanted = {
        "course.md": COURSE,
        "1-kinds/module.md": "# Kinds\n\nThree.",
        "1-kinds/1-green.md": CLASS,
    } | files
    for name, text in wanted.items():
        path = folder / "2-tea" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_a_folder_is_read_as_courses_modules_and_classes(tmp_path: Path) -> None:
    [course] = read_courses(a_course(tmp_path))
    assert (course.id, course.title, course.level, course.language) == ("2", "Tea", "A2", "en")
    [green] = course.modules[0].sub_topics
    assert green.sentences == (
        "Green tea is from Asia.",
        'Dr. Li says: "It is healthy."',
        "Do you agree?",
        "Drink it warm.",
    )
    assert green.paragraphs == (3, 1)
    assert green.questions == (
        Question("Where is it from?", ("asia", "china")),
        Question("Do you like it?", ()),
    )


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("course.md", "# Tea", "level must be"),
        ("course.md", COURSE.replace("A2", "easy"), "level must be"),
        ("course.md", COURSE.replace("language: en", "language: English"), "language must be"),
        ("course.md", COURSE.replace("level: A2", "level A2"), "not as name: value"),
        ("1-kinds/module.md", "no title", "# Title"),
        ("1-kinds/1-green.md", "# Green tea", "no text to teach"),
        ("1-kinds/1-green.md", CLASS.replace("=> asia / china", ""), "a question is a line as"),
        ("1-kinds/1-green.md", "x" * 200_000, "longer than"),
        ("1-kinds/01-again.md", CLASS, "has the same number"),
    ],
)
def test_a_wrong_file_is_named_with_what_to_do(tmp_path: Path, name: str, text: str, reason: str) -> None:
    with pytest.raises(CourseError, match=reason) as refused:
        read_courses(a_course(tmp_path, **{name: text}))
    assert "2-tea" in str(refused.value)


def test_a_text_in_another_encoding_is_refused(tmp_path: Path) -> None:
    a_course(tmp_path)
    (tmp_path / "2-tea" / "1-kinds" / "1-green.md").write_bytes(b"# Th\xe9\n\nText.")
    with pytest.raises(CourseError, match="not UTF-8"):
        read_courses(tmp_path)


def test_sentences_end_in_quotations_and_not_at_abbreviations() -> None:
    text = 'Ask: "Is it far?" Mr. Brown, e.g. at 5 p.m. today, knows. "Yes!" he says.'
    assert sentences_of(text) == [
        'Ask: "Is it far?"',
        "Mr. Brown, e.g. at 5 p.m. today, knows.",
        '"Yes!" he says.',
    ]


def test_a_sentence_without_end_is_cut() -> None:
    found = sentences_of("word, " * 200)
    assert max(map(len, found)) <= MAX_SENTENCE
    assert " ".join(found).count("word") == 200


def test_the_course_in_the_box_is_complete() -> None:
    [course] = read_courses(BOX)
    assert len(course.modules) >= 4
    for module in course.modules:
        assert len(module.sub_topics) >= 4
        for sub_topic in module.sub_topics:
            assert len(sub_topic.sentences) >= 20, sub_topic.title
            assert len(sub_topic.questions) >= 3, sub_topic.title
            assert max(map(len, sub_topic.sentences)) < 160, sub_topic.title


async def test_an_edited_file_is_read_again_and_a_wrong_one_changes_nothing(tmp_path: Path) -> None:
    now = [0.0]
    courses = Courses(a_course(tmp_path), lambda: now[0])
    await courses.start()
    a_course(tmp_path, **{"course.md": COURSE.replace("# Tea", "# Good tea")})
    assert (await courses.find("2")).title == "Tea"
    now[0] = 6.0
    assert (await courses.find("2")).title == "Good tea"
    a_course(tmp_path, **{"course.md": "nothing at all"})
    now[0] = 12.0
    assert (await courses.find("2")).title == "Good tea"
    with pytest.raises(CourseNotFound):
        await courses.find("1")


async def test_a_wrong_folder_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(CourseError):
        await Courses(a_course(tmp_path, **{"course.md": "x"}), lambda: 0.0).start()
    with pytest.raises(OSError, match="nowhere"):
        await Courses(tmp_path / "nowhere", lambda: 0.0).start()
