"""The corrector in its child process."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import psutil
import pytest

from ai_agent.providers.local import corrector as corrector_module
from ai_agent.providers.local.corrector import CorrectorProcess
from ai_agent.providers.local.scripted import ScriptedLlm
from ai_agent.providers.ports import ChatMessage, ChatRequest, LessonFacts, TextDelta, ToolCall
from ai_agent.tutor.corrector import Judgement, Outcome, SentenceCorrection
from ai_agent.tutor.feedback_tool import GIVE_FEEDBACK

PATIENT_S = 60.0
"""Loading takes a second of CPU, which may be long on a busy machine."""
MENDED = Judgement(
    Outcome.CORRECTED,
    (
        SentenceCorrection(
            "she don't like it",
            "She doesn't like it",
            ("Sau he, she, it hoặc một người, dùng does hoặc doesn't: she doesn't know.",),
            ("agreement",),
        ),
    ),
)


@pytest.fixture
async def checker() -> AsyncIterator[CorrectorProcess]:
    process = CorrectorProcess(judge_s=PATIENT_S)
    yield process
    await process.aclose()


async def test_it_judges_in_another_process_and_again_after_a_crash(checker: CorrectorProcess) -> None:
    judged = await checker.judge("she don't like it", native="vi")
    assert (judged.outcome, judged.corrections) == (MENDED.outcome, MENDED.corrections)
    assert [clause.verb for clause in judged.clauses] == ["like"]
    first = checker.pid
    assert first not in (None, os.getpid())
    child = psutil.Process(first)
    child.kill()
    await asyncio.to_thread(psutil.wait_procs, [child], 30)
    assert (await checker.judge("she does not like it")).outcome is Outcome.RIGHT
    assert checker.pid != first


async def test_a_judgement_asked_while_its_process_dies_comes_from_the_next_one(
    checker: CorrectorProcess,
) -> None:
    await checker.warm_up()
    first = checker.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)  # the loop has no time to see it before it asks
    assert (await checker.judge("she does not like it")).outcome is Outcome.RIGHT
    assert checker.pid not in (None, first)


async def test_several_judgements_at_a_time_go_to_their_own_callers(checker: CorrectorProcess) -> None:
    said = ["she don't like it", "she does not like it", "i wantted technoledge becouse"] * 3
    judged = await asyncio.gather(*(checker.judge(text) for text in said))
    assert [one.outcome for one in judged] == [Outcome.CORRECTED, Outcome.RIGHT, Outcome.UNSURE] * 3


async def test_an_answer_does_not_wait_while_it_loads() -> None:
    process = CorrectorProcess(judge_s=0.01)
    loading = asyncio.create_task(process.warm_up())
    try:
        assert (await process.judge("she don't like it")).outcome is Outcome.UNSURE
    finally:
        loading.cancel()
        await process.aclose()
    assert process.pid is None


async def test_without_its_packages_it_judges_nothing_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(corrector_module, "PACKAGES", ("no_such_package_of_parlor",))
    process = CorrectorProcess()
    for _ in range(3):
        await process.warm_up()
        assert (await process.judge("she don't like it")).outcome is Outcome.UNSURE
    assert process.pid is None
    assert [r.message for r in caplog.records] == [
        "no corrections by rules: package no_such_package_of_parlor is not installed"
    ]
    await process.aclose()


async def test_the_scripted_tutor_corrects_through_it(checker: CorrectorProcess) -> None:
    request = ChatRequest(
        system="",
        messages=(ChatMessage("learner", "she don't like it"),),
        lesson=LessonFacts("en", "A2", "food", native_language="vi"),
        tools=(GIVE_FEEDBACK,),
    )
    parts = [part async for part in ScriptedLlm(checker).stream(request)]
    call = parts[0]
    assert isinstance(call, ToolCall)
    assert call.arguments["correctedSentence"] == "She doesn't like it"
    assert str(call.arguments["explanation"]).startswith("Sau he")
    assert any(isinstance(part, TextDelta) for part in parts)
