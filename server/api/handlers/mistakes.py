"""Routes of a learner's mistakes and their reviews."""

from __future__ import annotations

from aiohttp import web

from server.api.routing import ApiCall, Route, path_id
from server.api.services import Services
from server.errors import MistakeNotFound
from server.learning.views import accuracy_view, detail_view, list_view, result_view, reviews_view
from server.protocol.learning import (
    Accuracy,
    AccuracyQuery,
    MistakeDetail,
    MistakeList,
    ReviewAnswer,
    ReviewQuery,
    ReviewResult,
    Reviews,
)


async def list_mistakes(services: Services, call: ApiCall[None]) -> MistakeList:
    return list_view(await services.mistakes.list_for(call.user_id), services.clock())


async def get_mistake(services: Services, call: ApiCall[None]) -> MistakeDetail:
    return detail_view(*await services.mistakes.find(call.user_id, path_id(call, MistakeNotFound)))


async def forget_mistake(services: Services, call: ApiCall[None]) -> web.Response:
    await services.mistakes.forget(call.user_id, path_id(call, MistakeNotFound))
    return web.Response(status=204)


async def list_reviews(services: Services, call: ApiCall[ReviewQuery]) -> Reviews:
    return reviews_view(*await services.mistakes.due(call.user_id, call.input.limit))


async def answer_review(services: Services, call: ApiCall[ReviewAnswer]) -> ReviewResult:
    answer = call.input
    mistake_id = path_id(call, MistakeNotFound)
    return result_view(await services.mistakes.answer(call.user_id, mistake_id, answer.text, answer.attempt))


async def get_accuracy(services: Services, call: ApiCall[AccuracyQuery]) -> Accuracy:
    return accuracy_view(await services.mistakes.weeks(call.user_id, call.input.weeks))


ROUTES: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/api/progress/accuracy",
        handler=get_accuracy,
        summary="Get for each week and category how many of your turns needed no correction.",
        query=AccuracyQuery,
        response=Accuracy,
        cost=2,
    ),
    Route(
        method="GET",
        path="/api/mistakes",
        handler=list_mistakes,
        summary="List your mistakes by pattern, those made last first.",
        response=MistakeList,
        cost=2,
    ),
    Route(
        method="GET",
        path="/api/mistakes/{id}",
        handler=get_mistake,
        summary="Get a mistake with the sentences in which you made it.",
        response=MistakeDetail,
        errors=(MistakeNotFound,),
    ),
    Route(
        method="DELETE",
        path="/api/mistakes/{id}",
        handler=forget_mistake,
        summary="Delete a mistake and its reviews. It comes back if you make it again.",
        status=204,
        cost=2,
        errors=(MistakeNotFound,),
    ),
    Route(
        method="GET",
        path="/api/reviews",
        handler=list_reviews,
        summary="List exercises for mistakes that are due for review.",
        query=ReviewQuery,
        response=Reviews,
        cost=2,
    ),
    Route(
        method="POST",
        path="/api/reviews/{id}",
        handler=answer_review,
        summary="Answer the exercise of a mistake, by its id. The last try sets when it is due next.",
        body=ReviewAnswer,
        response=ReviewResult,
        errors=(MistakeNotFound,),
    ),
)
