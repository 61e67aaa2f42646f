"""Routes of a learner's streak, achievements and weeks."""

from __future__ import annotations

from server.api.routing import ApiCall, Route
from server.api.services import Services
from server.protocol import progress as wire


async def get_streak(services: Services, call: ApiCall[None]) -> wire.Streak:
    return await services.progress.streak(call.user_id)


async def get_achievements(services: Services, call: ApiCall[None]) -> wire.Achievements:
    return await services.progress.achievements(call.user_id)


async def get_last_week(services: Services, call: ApiCall[None]) -> wire.WeekSummary:
    return await services.progress.last_week(call.user_id)


ROUTES: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/api/progress/streak",
        handler=get_streak,
        summary="Get your days in a row, and the last five weeks day by day.",
        response=wire.Streak,
    ),
    Route(
        method="GET",
        path="/api/progress/achievements",
        handler=get_achievements,
        summary="Get all achievements, with how far you are. Those that you have earned by now are granted.",
        response=wire.Achievements,
        cost=2,
    ),
    Route(
        method="GET",
        path="/api/progress/week",
        handler=get_last_week,
        summary="Get what you did last week, from Monday to Sunday.",
        response=wire.WeekSummary,
    ),
)
