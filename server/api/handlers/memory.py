"""Routes of what the tutor remembers, of the summaries of talks and of the goal of a week."""

from __future__ import annotations

from aiohttp import web

from server.api.handlers.users import require_user
from server.api.routing import ApiCall, Route, path_id
from server.api.services import Services
from server.errors import ConversationNotFound
from server.learning.model import WeekGoal
from server.learning.summary import summarize
from server.learning.views import summary_view
from server.learning.week_goal import DAYS, week_view
from server.protocol import learning as wire
from server.protocol.memory import MemoryChange, MemoryPage, MemoryQuery, TalkNote


async def get_summary(services: Services, call: ApiCall[None]) -> wire.TalkSummary:
    view = await services.conversations.view(call.user_id, path_id(call, ConversationNotFound))
    mistakes = await services.mistakes.list_for(call.user_id)
    words = await services.words.list_for(call.user_id)
    return summary_view(summarize(view, call.user_id, mistakes, words))


async def get_memory(services: Services, call: ApiCall[MemoryQuery]) -> MemoryPage:
    return await services.memories.show(call.user_id, call.input.language)


async def patch_memory(services: Services, call: ApiCall[MemoryChange]) -> web.Response:
    await require_user(services, call.user_id)
    change = call.input
    await services.memories.change(call.user_id, remembers=change.remembers, goals=change.goals)
    return web.Response(status=204)


async def delete_memory(services: Services, call: ApiCall[None]) -> web.Response:
    await require_user(services, call.user_id)
    await services.memories.forget_all(call.user_id)
    return web.Response(status=204)


async def put_note(services: Services, call: ApiCall[TalkNote]) -> web.Response:
    await services.memories.note_talk(call.user_id, path_id(call, ConversationNotFound), call.input.text)
    return web.Response(status=204)


async def delete_note(services: Services, call: ApiCall[None]) -> web.Response:
    await services.memories.note_talk(call.user_id, path_id(call, ConversationNotFound), "")
    return web.Response(status=204)


async def get_goal(services: Services, call: ApiCall[None]) -> wire.WeekGoal:
    return await _week(services, call.user_id)


async def put_goal(services: Services, call: ApiCall[wire.SetWeekGoal]) -> wire.WeekGoal:
    await require_user(services, call.user_id)
    await services.memories.set_week_goal(call.user_id, WeekGoal(call.input.kind, call.input.target))
    return await _week(services, call.user_id)


async def delete_goal(services: Services, call: ApiCall[None]) -> wire.WeekGoal:
    await require_user(services, call.user_id)
    await services.memories.set_week_goal(call.user_id, None)
    return await _week(services, call.user_id)


async def _week(services: Services, user_id: str) -> wire.WeekGoal:
    settings = await services.memories.settings(user_id)
    return week_view(settings.week_goal, await services.conversations.progress(user_id, DAYS))


ROUTES: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/api/conversations/{id}/summary",
        handler=get_summary,
        summary="Get the summary of a talk: what went well, corrections to keep, words.",
        response=wire.TalkSummary,
        cost=2,
        errors=(ConversationNotFound,),
    ),
    Route(
        method="GET",
        path="/api/goal",
        handler=get_goal,
        summary="Get your goal of a week, and how far you are.",
        response=wire.WeekGoal,
    ),
    Route(
        method="PUT",
        path="/api/goal",
        handler=put_goal,
        summary="Set your goal of a week.",
        body=wire.SetWeekGoal,
        response=wire.WeekGoal,
    ),
    Route(
        method="DELETE",
        path="/api/goal",
        handler=delete_goal,
        summary="Have no goal of a week.",
        response=wire.WeekGoal,
    ),
    Route(
        method="GET",
        path="/api/memory",
        handler=get_memory,
        summary="Get what the tutor remembers of you in a language.",
        query=MemoryQuery,
        response=MemoryPage,
        cost=2,
    ),
    Route(
        method="PATCH",
        path="/api/memory",
        handler=patch_memory,
        summary="Allow the tutor to remember or not, and set your goals.",
        body=MemoryChange,
        status=204,
    ),
    Route(
        method="DELETE",
        path="/api/memory",
        handler=delete_memory,
        summary="Delete all that the tutor remembers: goals, lines about talks, words and mistakes.",
        status=204,
        cost=2,
    ),
    Route(
        method="PUT",
        path="/api/memory/talks/{id}",
        handler=put_note,
        summary="Replace the line that the tutor remembers about a talk.",
        body=TalkNote,
        status=204,
        errors=(ConversationNotFound,),
    ),
    Route(
        method="DELETE",
        path="/api/memory/talks/{id}",
        handler=delete_note,
        summary="Let the tutor forget a talk. The conversation itself stays.",
        status=204,
        errors=(ConversationNotFound,),
    ),
)
