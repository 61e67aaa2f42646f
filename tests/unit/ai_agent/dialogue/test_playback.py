from __future__ import annotations

import numpy as np
import pytest

from ai_agent.audio import OUTPUT_FRAME, OUTPUT_HZ, Pcm
from ai_agent.dialogue.playback import FADE, KEEP_S, PlaybackBuffer
from ai_agent.providers.ports import SpeechChunk, WordMark


def chunk(seconds: float, *marks: WordMark, rate: int = OUTPUT_HZ, value: int = 1000) -> SpeechChunk:
    return SpeechChunk(np.full(round(seconds * rate), value, np.int16), marks)


def pull_all(voice: PlaybackBuffer) -> list[Pcm]:
    frames = []
    while (frame := voice.pull()) is not None:
        frames.append(frame)
    return frames


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 24_000, 44_100, 48_000])
def test_any_rate_comes_out_at_48_khz_whole_and_in_frames(rate: int) -> None:
    voice = PlaybackBuffer()
    utterance = voice.say("Hello.", rate)
    for _ in range(10):
        utterance.feed(chunk(0.1, rate=rate))
    utterance.end()
    frames = pull_all(voice)
    assert {len(frame) for frame in frames} == {OUTPUT_FRAME}
    assert len(frames) == pytest.approx(50, abs=2)
    assert voice.is_drained
    assert voice.spoken_text() == "Hello."


def test_what_is_paused_goes_on_exactly_where_it_was() -> None:
    voice = PlaybackBuffer()
    utterance = voice.say("Hello.", OUTPUT_HZ)
    ramp = np.arange(1, OUTPUT_FRAME * 5 + 1, dtype=np.int16)
    utterance.feed(SpeechChunk(ramp))
    utterance.end()
    first = voice.pull()
    voice.pause()
    fade_out = voice.pull()
    assert [voice.pull() for _ in range(3)] == [None] * 3
    voice.resume()
    rest = pull_all(voice)
    assert first is not None
    assert fade_out is not None
    assert first[-1] == OUTPUT_FRAME
    assert fade_out[FADE:].max() == 0
    assert abs(int(fade_out[0]) - OUTPUT_FRAME - 1) <= 1
    assert rest[0][FADE] == OUTPUT_FRAME + 2 * FADE + 1
    assert np.array_equal(voice.audio(), ramp)


def test_what_goes_on_before_there_is_sound_again_still_fades_in() -> None:
    voice = PlaybackBuffer()
    utterance = voice.say("Hello.", OUTPUT_HZ)
    utterance.feed(chunk(0.02))
    voice.pull()
    voice.pause()
    for _ in range(3):  # the engine is late
        voice.resume()
        assert voice.pull() is None
    utterance.feed(chunk(0.04))
    frame = voice.pull()
    assert frame is not None
    assert frame[0] == 0
    assert frame[FADE] == 1000


def test_spoken_words_follow_the_engines_marks() -> None:
    voice = PlaybackBuffer()
    utterance = voice.say("One two three", OUTPUT_HZ)
    utterance.feed(chunk(1.5, WordMark(0.0, 3), WordMark(0.5, 7), WordMark(1.0, 13)))
    for _ in range(35):  # 0.7 s
        voice.pull()
    assert voice.spoken_text() == "One two"


def test_without_marks_words_are_counted_in_proportion() -> None:
    voice = PlaybackBuffer()
    utterance = voice.say("One two three four", OUTPUT_HZ)
    utterance.feed(chunk(2.0))
    utterance.end()
    assert voice.spoken_text() == ""
    for _ in range(50):
        voice.pull()
    assert voice.spoken_text() == "One two"
    pull_all(voice)
    assert voice.spoken_text() == "One two three four"


def test_an_engine_slower_than_speech_makes_gaps_and_no_stutter() -> None:
    voice = PlaybackBuffer()
    utterance = voice.say("Hello there.", OUTPUT_HZ)
    utterance.feed(chunk(0.01))
    assert voice.pull() is None
    assert not voice.is_drained
    utterance.feed(chunk(0.01))
    frame = voice.pull()
    assert frame is not None
    assert (frame == 1000).all()
    assert voice.spoken_text() == ""


def test_sentences_follow_each_other_without_a_gap() -> None:
    voice = PlaybackBuffer()
    for _ in range(2):
        utterance = voice.say("Hello. ", OUTPUT_HZ)
        utterance.feed(chunk(0.03))
        utterance.end()
    frames = pull_all(voice)
    assert len(frames) == 3
    assert all((frame == 1000).all() for frame in frames)


def test_written_words_count_as_spoken_and_make_no_sound() -> None:
    voice = PlaybackBuffer()
    voice.write("Nobody speaks this.")
    assert voice.pull() is None
    assert voice.is_drained
    assert voice.spoken_text() == "Nobody speaks this."


def sentences(voice: PlaybackBuffer, *lengths: float) -> None:
    for value, seconds in enumerate(lengths, 1):
        utterance = voice.say(f"Number {value}. ", OUTPUT_HZ)
        utterance.feed(chunk(seconds, value=value))
        utterance.end()


@pytest.mark.parametrize(
    ("back_s", "again"), [(0.1, [3]), (0.3, [2, 3]), (0.9, [2, 3]), (1.4, [1, 2, 3]), (60.0, [1, 2, 3])]
)
def test_it_goes_back_to_the_beginning_of_the_sentence_that_was_heard_then(
    back_s: float, again: list[int]
) -> None:
    voice = PlaybackBuffer()
    sentences(voice, 1.0, 1.0, 1.0)
    for _ in range(110):  # 2.2 s
        voice.pull()
    voice.go_back(back_s)
    assert voice.spoken_text() == "".join(f"Number {n}. " for n in (1, 2, 3) if n not in again).strip()
    frames = pull_all(voice)
    assert [int(frame[0]) for frame in frames[::50]] == again
    assert voice.speech_s == pytest.approx(3.0)
    assert len(voice.audio()) == 3 * OUTPUT_HZ


def test_one_that_has_said_nothing_has_nothing_to_go_back_to() -> None:
    voice = PlaybackBuffer()
    voice.go_back(3.0)
    assert voice.pull() is None


def test_of_a_speech_without_end_only_so_much_is_kept() -> None:
    voice = PlaybackBuffer()
    for _ in range(8):
        sentences(voice, 60.0)
        pull_all(voice)
    assert len(voice.audio()) <= (KEEP_S + 60) * OUTPUT_HZ
    voice.go_back(1_000.0)
    assert voice.spoken_text() != ""


def test_a_cut_voice_ends_in_one_fading_frame() -> None:
    voice = PlaybackBuffer()
    voice.say("Hello.", OUTPUT_HZ).feed(chunk(1.0))
    voice.pull()
    breath = voice.fade_out()
    assert breath is not None
    assert np.abs(np.diff(breath.astype(int))).max() < 20
    assert voice.fade_out() is None
