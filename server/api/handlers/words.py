"""Routes of a learner's words and their reviews."""

from __future__ import annotations

from aiohttp import web

from server.api.handlers.users import require_user
from server.api.routing import ApiCall, path_id
from server.api.services import Services
from server.errors import WordNotFound
from server.learning.model import NewWord
from server.learning.views import word_list_view, word_result_view, word_reviews_view
from server.protocol.learning import AddWord, ReviewAnswer, ReviewQuery, ReviewResult, WordList, WordReviews


async def list_words(services: Services, call: ApiCall[None]) -> WordList:
    words = await services.words.list_for(call.user_id)
    due, _ = await services.words.due(call.user_id, 1)
    return word_list_view(words, due)


async def add_word(services: Services, call: ApiCall[AddWord]) -> web.Response:
    given = call.input
    await require_user(services, call.user_id)
    word = NewWord(given.language, given.word, given.meaning, given.sentence, None, services.clock())
    await services.words.add(call.user_id, word)
    return web.Response(status=204)


async def forget_word(services: Services, call: ApiCall[None]) -> web.Response:
    await services.words.forget(call.user_id, path_id(call, WordNotFound))
    return web.Response(status=204)


async def forget_words(services: Services, call: ApiCall[None]) -> web.Response:
    await services.words.forget_all(call.user_id)
    return web.Response(status=204)


async def list_word_reviews(services: Services, call: ApiCall[ReviewQuery]) -> WordReviews:
    return word_reviews_view(*await services.words.due(call.user_id, call.input.limit))


async def answer_word_review(services: Services, call: ApiCall[ReviewAnswer]) -> ReviewResult:
    answer = call.input
    word_id = path_id(call, WordNotFound)
    return word_result_view(await services.words.answer(call.user_id, word_id, answer.text, answer.attempt))
