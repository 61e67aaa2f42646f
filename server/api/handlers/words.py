"""Routes of a learner's words and their reviews."""

from __future__ import annotations

from aiohttp import web

from server.api.handlers.users import require_user
from server.api.routing import ApiCall, Route, path_id
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


ROUTES: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/api/words",
        handler=list_words,
        summary="List the words that you learn, newest first.",
        response=WordList,
        cost=5,
    ),
    Route(
        method="POST",
        path="/api/words",
        handler=add_word,
        summary="Add a word with its meaning.",
        body=AddWord,
        status=204,
        cost=2,
    ),
    Route(
        method="DELETE",
        path="/api/words",
        handler=forget_words,
        summary="Delete all your ",
        status=204,
        cost=2,
    ),
    Route(
        method="DELETE",
        path="/api/words/{id}",
        handler=forget_word,
        summary="Delete a word and its reviews.",
        status=204,
        errors=(WordNotFound,),
    ),
    Route(
        method="GET",
        path="/api/word-reviews",
        handler=list_word_reviews,
        summary="List exercises for words that are due for review.",
        query=ReviewQuery,
        response=WordReviews,
        cost=2,
    ),
    Route(
        method="POST",
        path="/api/word-reviews/{id}",
        handler=answer_word_review,
        summary="Answer the exercise of a word, by its id. The last try sets when it is due next.",
        body=ReviewAnswer,
        response=ReviewResult,
        errors=(WordNotFound,),
    ),
)
