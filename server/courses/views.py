"""Courses as messages of the REST API."""

from __future__ import annotations

from server.courses.model import Course, Module, SubTopic
from server.errors import CourseNotFound
from server.protocol import courses as wire
from server.protocol.classes import ChosenClass
from server.rooms.model import TaughtClass, new_id


def course_view(course: Course) -> wire.Course:
    return wire.Course(
        id=course.id,
        title=course.title,
        summary=course.summary,
        level=course.level,
        language=course.language,
        modules=[_module_view(module) for module in course.modules],
    )


def class_view(course: Course, module_index: int, sub_topic_index: int) -> wire.ClassText:
    """Raises CourseNotFound for an index beyond the last."""
    sub_topic = _sub_topic(course, module_index, sub_topic_index)
    return wire.ClassText(
        course_id=course.id,
        module_index=module_index,
        sub_topic_index=sub_topic_index,
        title=sub_topic.title,
        level=course.level,
        language=course.language,
        sentences=list(sub_topic.sentences),
        paragraphs=list(sub_topic.paragraphs),
        questions=[wire.ClassQuestion(text=q.text, answers=list(q.answers)) for q in sub_topic.questions],
    )


def class_to_teach(course: Course, chosen: ChosenClass) -> TaughtClass:
    """The class that a room's tutor begins. Raises CourseNotFound for an index beyond the last."""
    sub_topic = _sub_topic(course, chosen.module_index, chosen.sub_topic_index)
    return TaughtClass(
        id=new_id(),
        course_id=course.id,
        module_index=chosen.module_index,
        sub_topic_index=chosen.sub_topic_index,
        title=sub_topic.title,
        language=course.language,
        sentences=len(sub_topic.sentences),
        questions=len(sub_topic.questions),
        sentence=min(chosen.sentence, len(sub_topic.sentences) - 1),
    )


def _sub_topic(course: Course, module_index: int, sub_topic_index: int) -> SubTopic:
    """Raises CourseNotFound."""
    try:
        return course.modules[module_index].sub_topics[sub_topic_index]
    except IndexError:
        raise CourseNotFound("This course has no such class.") from None


def _module_view(module: Module) -> wire.CourseModule:
    return wire.CourseModule(
        title=module.title,
        summary=module.summary,
        sub_topics=[
            wire.SubTopicTitle(title=sub_topic.title, sentences=len(sub_topic.sentences))
            for sub_topic in module.sub_topics
        ],
    )
