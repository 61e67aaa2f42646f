"""Courses over REST: what there is to learn, and the text of a class."""

from __future__ import annotations

from server.protocol.base import Outbound


class SubTopicTitle(Outbound):
    """`sentences`: how many the class has."""

    title: str
    sentences: int


class CourseModule(Outbound):
    title: str
    summary: str
    sub_topics: list[SubTopicTitle]


class Course(Outbound):
    """`level`: of the Common European Framework, or a range as `A2-B1`. `language`: of its texts, BCP 47."""

    id: str
    title: str
    summary: str
    level: str
    language: str
    modules: list[CourseModule]


class CourseList(Outbound):
    items: list[Course]


class ClassQuestion(Outbound):
    """An answer is right if it has one of `answers`, in any letter case; without them every one is."""

    text: str
    answers: list[str]


class ClassText(Outbound):
    """One class: the sentences to teach, how many of them each paragraph has, and questions about them."""

    course_id: str
    module_index: int
    sub_topic_index: int
    title: str
    level: str
    language: str
    sentences: list[str]
    paragraphs: list[int]
    questions: list[ClassQuestion]
