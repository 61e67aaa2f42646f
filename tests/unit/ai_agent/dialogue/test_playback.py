from __future__ import annotations

import numpy as np
import pytest

from ai_agent.audio import OUTPUT_FRAME, OUTPUT_HZ, Pcm
from ai_agent.dialogue.playback import FADE, KEEP_S, PlaybackBuffer
from ai_agent.providers.ports import SpeechChunk, WordMark


def chunk(seconds: float, *marks: WordMark, rate: int = OUTPUT_HZ, value: int = 1000) -> SpeechChunk:
    return SpeechChunk(np.full(round(seconds * rate), value, np.int16), marks)


def pull_all(playback: PlaybackBuffer) -> list[Pcm]:
    frames = []
    while (frame := playback.pull()) is not None:
        frames.append(frame)
    return frames


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 24_000, 44_100, 48_000])
def test_any_rate_is_played_at_48_khz_complete_and_in_frames(rate: int) -> None:
    playback = PlaybackBuffer()
    sentence = playback.add_sentence("Hello.", rate)
    for _ in range(10):
        sentence.feed(chunk(0.1, rate=rate))
    sentence.end()
    frames = pull_all(playback)
    assert {len(frame) for frame in frames} == {OUTPUT_FRAME}
    assert len(frames) == pytest.approx(50, abs=2)
    assert playback.is_drained
    assert playback.spoken_text() == "Hello."


def test_playback_resumes_at_the_paused_sample() -> None:
    playback = PlaybackBuffer()
    sentence = playback.add_sentence("Hello.", OUTPUT_HZ)
    ramp = np.arange(1, OUTPUT_FRAME * 5 + 1, dtype=np.int16)
    sentence.feed(SpeechChunk(ramp))
    sentence.end()
    first = playback.pull()
    playback.pause()
    fade_out = playback.pull()
    assert [playback.pull() for _ in range(3)] == [None] * 3
    playback.resume()
    rest = pull_all(playback)
    assert first is not None
    assert fade_out is not None
    assert first[-1] == OUTPUT_FRAME
    assert fade_out[FADE:].max() == 0
    assert abs(int(fade_out[0]) - OUTPUT_FRAME - 1) <= 1
    assert rest[0][FADE] == OUTPUT_FRAME + 2 * FADE + 1
    assert np.array_equal(playback.audio(), ramp)


def test_playback_that_resumes_before_there_is_audio_still_fades_in() -> None:
    playback = PlaybackBuffer()
    sentence = playback.add_sentence("Hello.", OUTPUT_HZ)
    sentence.feed(chunk(0.02))
    playback.pull()
    playback.pause()
    for _ in range(3):  # the engine is late
        playback.resume()
        assert playback.pull() is None
    sentence.feed(chunk(0.04))
    frame = playback.pull()
    assert frame is not None
    assert frame[0] == 0
    assert frame[FADE] == 1000


def test_spoken_words_follow_the_engines_marks() -> None:
    playback = PlaybackBuffer()
    sentence = playback.add_sentence("One two three", OUTPUT_HZ)
    sentence.feed(chunk(1.5, WordMark(0.0, 3), WordMark(0.5, 7), WordMark(1.0, 13)))
    for _ in range(35):  # 0.7 s
        playback.pull()
    assert playback.spoken_text() == "One two"


def test_without_marks_words_are_counted_in_proportion() -> None:
    playback = PlaybackBuffer()
    sentence = playback.add_sentence("One two three four", OUTPUT_HZ)
    sentence.feed(chunk(2.0))
    sentence.end()
    assert playback.spoken_text() == ""
    for _ in range(50):
        playback.pull()
    assert playback.spoken_text() == "One two"
    pull_all(playback)
    assert playback.spoken_text() == "One two three four"


def test_an_engine_slower_than_speech_causes_gaps_and_no_stutter() -> None:
    playback = PlaybackBuffer()
    sentence = playback.add_sentence("Hello there.", OUTPUT_HZ)
    sentence.feed(chunk(0.01))
    assert playback.pull() is None
    assert not playback.is_drained
    sentence.feed(chunk(0.01))
    frame = playback.pull()
    assert frame is not None
    assert (frame == 1000).all()
    assert playback.spoken_text() == ""


def test_sentences_follow_each_other_without_a_gap() -> None:
    playback = PlaybackBuffer()
    for _ in range(2):
        sentence = playback.add_sentence("Hello. ", OUTPUT_HZ)
        sentence.feed(chunk(0.03))
        sentence.end()
    frames = pull_all(playback)
    assert len(frames) == 3
    assert all((frame == 1000).all() for frame in frames)


def test_text_only_sentences_count_as_spoken_and_have_no_audio() -> None:
    playback = PlaybackBuffer()
    playback.add_text_only("Nobody speaks this.")
    assert playback.pull() is None
    assert playback.is_drained
    assert playback.spoken_text() == "Nobody speaks this."


def sentences(playback: PlaybackBuffer, *lengths: float) -> None:
    for value, seconds in enumerate(lengths, 1):
        sentence = playback.add_sentence(f"Number {value}. ", OUTPUT_HZ)
        sentence.feed(chunk(seconds, value=value))
        sentence.end()


@pytest.mark.parametrize(
    ("back_s", "again"), [(0.1, [3]), (0.3, [2, 3]), (0.9, [2, 3]), (1.4, [1, 2, 3]), (60.0, [1, 2, 3])]
)
def test_rewind_goes_to_the_beginning_of_the_sentence_played_then(back_s: float, again: list[int]) -> None:
    playback = PlaybackBuffer()
    sentences(playback, 1.0, 1.0, 1.0)
    for _ in range(110):  # 2.2 s
        playback.pull()
    playback.rewind(back_s)
    assert playback.spoken_text() == "".join(f"Number {n}. " for n in (1, 2, 3) if n not in again).strip()
    frames = pull_all(playback)
    assert [int(frame[0]) for frame in frames[::50]] == again
    assert playback.speech_s == pytest.approx(3.0)
    assert len(playback.audio()) == 3 * OUTPUT_HZ


def test_rewind_before_any_audio_does_nothing() -> None:
    playback = PlaybackBuffer()
    playback.rewind(3.0)
    assert playback.pull() is None


def test_the_kept_audio_of_an_endless_speech_is_bounded() -> None:
    playback = PlaybackBuffer()
    for _ in range(8):
        sentences(playback, 60.0)
        pull_all(playback)
    assert len(playback.audio()) <= (KEEP_S + 60) * OUTPUT_HZ
    playback.rewind(1_000.0)
    assert playback.spoken_text() != ""


def test_cut_audio_ends_with_one_fading_frame() -> None:
    playback = PlaybackBuffer()
    playback.add_sentence("Hello.", OUTPUT_HZ).feed(chunk(1.0))
    playback.pull()
    breath = playback.fade_out()
    assert breath is not None
    assert np.abs(np.diff(breath.astype(int))).max() < 20
    assert playback.fade_out() is None
