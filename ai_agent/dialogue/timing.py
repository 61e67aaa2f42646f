"""Timestamps and durations of the parts of a turn."""

from __future__ import annotations

from dataclasses import dataclass

from ai_agent.dialogue.ports import TurnTimes


@dataclass(slots=True)
class Timestamps:
    """Seconds on the dialogue's clock; None: did not happen.

    `voice_end`: end of the speech that is replied to. `decided`: the turn counted as ended. `words_asked`,
    `words_done`: the recogniser was asked for its last words, and had given them. `asked`, `first_token`: of
    the chat engine. `tts_asked`, `tts_first`: of the first sentence. `heard`: the reply's first frame was
    played. `overlap`, `cut`: speech over the reply began, the reply fell silent. `tool_done`: the first
    correction.
    """

    voice_end: float | None = None
    decided: float | None = None
    words_asked: float | None = None
    words_done: float | None = None
    asked: float | None = None
    first_token: float | None = None
    tts_asked: float | None = None
    tts_first: float | None = None
    heard: float | None = None
    overlap: float | None = None
    cut: float | None = None
    tool_done: float | None = None
    false_interruptions: int = 0
    feedback_dropped: int = 0

    def adopt_turn(self, turn: Timestamps) -> None:
        """Take over what became known when the turn ended. The engines' own timestamps stay."""
        self.voice_end, self.decided = turn.voice_end, turn.decided
        self.words_asked, self.words_done = turn.words_asked, turn.words_done

    def times(self, stt: str | None, llm: str | None, tts: str | None, now: float) -> TurnTimes:
        began = self.asked if self.voice_end is None else self.voice_end
        return TurnTimes(
            stt=stt,
            llm=llm,
            tts=tts,
            endpointing_ms=_ms(self.voice_end, self.decided),
            stt_final_ms=_ms(self.words_asked, self.words_done),
            llm_first_token_ms=_ms(self.asked, self.first_token),
            tts_first_byte_ms=_ms(self.tts_asked, self.tts_first),
            voice_to_voice_ms=_ms(self.voice_end, self.heard),
            barge_in_stop_ms=_ms(self.overlap, self.cut),
            tool_ms=_ms(self.asked, self.tool_done),
            false_interruptions=self.false_interruptions,
            began_ms_ago=_ms(began, now) or 0.0,
            feedback_dropped=self.feedback_dropped,
        )


def _ms(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else max(0.0, (end - start) * 1000)
