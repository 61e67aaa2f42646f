"""Routes of a learner's mistakes and their reviews."""

from __future__ import annotations

from aiohttp import web

from server.api.routing import ApiCall, path_id
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
