"""Routes of courses, which are the same for everybody, and of what each person has heard of them."""

from __future__ import annotations

from server.api.routing import ApiCall, Route, path_id
from server.api.services import Services
from server.courses.views import class_view, course_view
from server.errors import CourseNotFound, Unavailable
from server.protocol.classes import HeardClassPage, HeardClassQuery
from server.protocol.courses import ClassText, CourseList


async def list_courses(services: Services, _call: ApiCall[None]) -> CourseList:
    return CourseList(items=[course_view(course) for course in await services.courses.all()])


async def list_heard(services: Services, call: ApiCall[HeardClassQuery]) -> HeardClassPage:
    return await services.heard_classes.page(call.user_id, call.input.limit, call.input.cursor)


async def get_class(services: Services, call: ApiCall[None]) -> ClassText:
    course = await services.courses.find(path_id(call, CourseNotFound))
    return class_view(course, _index(call, "module"), _index(call, "subTopic"))


def _index(call: ApiCall[None], name: str) -> int:
    given = path_id(call, CourseNotFound, name)
    if not given.isdecimal() or not given.isascii() or len(given) > 4:
        raise CourseNotFound
    return int(given)


ROUTES: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/api/courses",
        handler=list_courses,
        summary="List the courses with their modules and classes.",
        response=CourseList,
        auth="optional",
        cost=2,
    ),
    Route(
        method="GET",
        path="/api/courses/progress",
        handler=list_heard,
        summary="List what you have heard of classes, alone or in rooms, in pages. Nobody else can read it.",
        query=HeardClassQuery,
        response=HeardClassPage,
        errors=(Unavailable,),
    ),
    Route(
        method="GET",
        path="/api/courses/{id}/modules/{module}/classes/{subTopic}",
        handler=get_class,
        summary="Get the text of a class and its questions. Indices are from 0.",
        response=ClassText,
        auth="optional",
        errors=(CourseNotFound,),
    ),
)
