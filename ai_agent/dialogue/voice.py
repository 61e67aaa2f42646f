"""One sentence to the speech engine: as it is said, each stretch in the voice of its language."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from ai_agent.dialogue.ports import Lesson
from ai_agent.providers.ports import SpeechChunk, SpeechRequest, Tts, WordMark
from ai_agent.tutor.speakable import segments, spoken


async def speak(tts: Tts, sentence: str, lesson: Lesson) -> AsyncGenerator[SpeechChunk, None]:
    """The marks are those of `sentence` as it is shown. Raises ProviderError."""
    shown = 0
    began_s = 0.0
    for segment in segments(sentence, lesson.language):
        said = spoken(segment.text, segment.language)
        if not any(char.isalnum() for char in said.text):
            shown += len(segment.text)
            continue
        voice = lesson.voice if segment.language == lesson.language else None
        request = SpeechRequest(said.text, segment.language, voice, lesson.rate)
        samples = 0
        async with aclosing(tts.speak(request)) as chunks:
            async for chunk in chunks:
                samples += len(chunk.pcm)
                marks = tuple(
                    WordMark(began_s + mark.at_s, shown + said.shown_end(mark.end)) for mark in chunk.marks
                )
                yield SpeechChunk(chunk.pcm, marks)
        shown += len(segment.text)
        began_s += samples / tts.sample_rate
