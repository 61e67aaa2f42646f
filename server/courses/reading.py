"""Reads courses from a folder of Markdown files.

1-everyday-english/        the number is the course's id and its place
    course.md              level and language between lines of ---, # title, summary
    1-meeting-people/
        module.md          # title, summary
        1-introducing.md   # title, text, and under ## Questions a list of `question => answer / answer`
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from server.courses.model import Course, Module, Question, SubTopic
from server.courses.sentences import sentences_of

MAX_COURSES, MAX_MODULES, MAX_SUB_TOPICS = 100, 50, 50
MAX_FILE = 100_000
"""Bytes of one file."""
_NUMBER = re.compile(r"(\d{1,3})(?:-.*)?")
_HEADER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_LEVEL = re.compile(r"[ABC][12](?:-[ABC][12])?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")
_QUESTIONS = re.compile(r"^## Questions\s*$", re.MULTILINE)
_ANY_ANSWER = "*"


class CourseError(ValueError):
    """A file is not as it should be; the text names it and says what to do."""


def read_courses(folder: Path) -> list[Course]:
    """In the order of their numbers. Raises CourseError, OSError."""
    return [_course(number, path) for number, path in _numbered(folder, MAX_COURSES)]


def _course(number: int, folder: Path) -> Course:
    path = folder / "course.md"
    text = _text(path)
    header = _HEADER.match(text)
    fields = dict(_fields(header[1], path)) if header else {}
    title, summary = _titled(text[header.end() if header else 0 :], path)
    level, language = fields.get("level", ""), fields.get("language", "")
    if not _LEVEL.fullmatch(level):
        raise CourseError(f"{path}: level must be as A2 or A2-B1")
    if not _LANGUAGE.fullmatch(language):
        raise CourseError(f"{path}: language must be as en or en-GB")
    modules = tuple(_module(path) for _, path in _numbered(folder, MAX_MODULES))
    if not modules:
        raise CourseError(f"{folder}: the course has no module, a folder as 1-name with module.md")
    return Course(str(number), title, summary, level, language, modules)


def _module(folder: Path) -> Module:
    title, summary = _titled(_text(folder / "module.md"), folder / "module.md")
    sub_topics = tuple(_sub_topic(path) for _, path in _numbered(folder, MAX_SUB_TOPICS, ".md"))
    if not sub_topics:
        raise CourseError(f"{folder}: the module has no class, a file as 1-name.md")
    return Module(title, summary, sub_topics)


def _sub_topic(path: Path) -> SubTopic:
    text, *rest = _QUESTIONS.split(_text(path), maxsplit=1)
    title, body = _titled(text, path)
    by_paragraph = [sentences_of(paragraph) for paragraph in re.split(r"\n\s*\n", body)]
    by_paragraph = [sentences for sentences in by_paragraph if sentences]
    if not by_paragraph:
        raise CourseError(f"{path}: there is no text to teach under the title")
    return SubTopic(
        title=title,
        sentences=tuple(sentence for sentences in by_paragraph for sentence in sentences),
        paragraphs=tuple(len(sentences) for sentences in by_paragraph),
        questions=tuple(_questions(rest[0] if rest else "", path)),
    )


def _questions(text: str, path: Path) -> Iterator[Question]:
    for line in filter(None, (line.strip() for line in text.splitlines())):
        question, arrow, answers = line.removeprefix("- ").partition("=>")
        if not line.startswith("- ") or not arrow or not question.strip() or not answers.strip():
            raise CourseError(
                f"{path}: a question is a line as: - What is it? => a pen / pen (* for any answer)"
            )
        wanted = answers.strip()
        alternatives = () if wanted == _ANY_ANSWER else wanted.casefold().split("/")
        yield Question(question.strip(), tuple(answer.strip() for answer in alternatives if answer.strip()))


def _fields(header: str, path: Path) -> Iterator[tuple[str, str]]:
    for line in filter(None, (line.strip() for line in header.splitlines())):
        name, colon, value = line.partition(":")
        if not colon:
            raise CourseError(f"{path}: between the lines of --- is a line that is not as name: value")
        yield name.strip().lower(), value.strip()


def _titled(text: str, path: Path) -> tuple[str, str]:
    """The title, and what is under it."""
    head, _, rest = text.lstrip().partition("\n")
    title = head.removeprefix("# ").strip()
    if not head.startswith("# ") or not title:
        raise CourseError(f"{path}: the text must begin with a line as: # Title")
    return title[:120], rest.strip()


def _numbered(folder: Path, limit: int, suffix: str = "") -> list[tuple[int, Path]]:
    """Entries whose names begin with a number, in its order: folders, or files with that ending."""
    found: dict[int, Path] = {}
    for path in sorted(folder.iterdir()):
        match = _NUMBER.fullmatch(path.name.removesuffix(suffix) if suffix else path.name)
        is_right_kind = path.name.endswith(suffix) and path.is_file() if suffix else path.is_dir()
        if match is None or not is_right_kind:
            continue
        number = int(match[1])
        if number in found:
            raise CourseError(f"{path}: {found[number].name} has the same number")
        found[number] = path
    if len(found) > limit:
        raise CourseError(f"{folder}: there are more than {limit} entries, the maximum")
    return sorted(found.items())


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except FileNotFoundError:
        raise CourseError(f"{path}: this file is missing") from None
    if len(data) > MAX_FILE:
        raise CourseError(f"{path}: the file is longer than {MAX_FILE:,} bytes, the maximum")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise CourseError(f"{path}: the text is not UTF-8") from None
