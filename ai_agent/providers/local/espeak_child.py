"""The child process of espeak-ng, whose state is global and whose licence is the GPL.

Structures and constants are those of speak_lib.h 1.52.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Mapping
from ctypes import POINTER, c_char, c_char_p, c_int, c_short, c_ubyte, c_uint, c_void_p
from functools import partial

import espeakng_loader

from ai_agent.providers.local.tts_child import Cancelled, Output, Request, Speak, run

NICE = 5
CHUNK_MS = 40
OUTPUT_SYNCHRONOUS = 2
DONT_EXIT = 0x8000
POS_CHARACTER = 1
CHARS_UTF8 = 1
ENDPAUSE = 0x1000
"""A pause of 0.2 s after the last sentence, because the sentences of a reply come in separate requests."""
PARAMETER_RATE = 1
EVENT_WORD = 1


class EspeakEvent(ctypes.Structure):
    _fields_ = (
        ("type", c_int),
        ("unique_identifier", c_uint),
        ("text_position", c_int),  # of the word's first character, from 1
        ("length", c_int),  # characters
        ("audio_position", c_int),  # ms
        ("sample", c_int),
        ("user_data", c_void_p),
        ("id", c_char * 8),
    )


class EspeakVoice(ctypes.Structure):
    _fields_ = (
        ("name", c_char_p),
        ("languages", c_char_p),  # a priority byte, then the tag
        ("identifier", c_char_p),
        ("gender", c_ubyte),
        ("age", c_ubyte),
        ("variant", c_ubyte),
        ("xx1", c_ubyte),
        ("score", c_int),
        ("spare", c_void_p),
    )


OnAudio = Callable[[bytes, list[tuple[int, int]]], bool]
"""Called with samples, and with words that begin in or after them as (ms, end in characters). False stops."""


class Espeak:
    """The library by ctypes. Methods raise RuntimeError if it returns an error."""

    def __init__(self) -> None:
        self._lib = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        self.sample_rate: int = self._lib.espeak_Initialize(OUTPUT_SYNCHRONOUS, CHUNK_MS, data, DONT_EXIT)
        if self.sample_rate <= 0:
            raise RuntimeError("espeak_Initialize failed")
        self._lib.espeak_ListVoices.restype = POINTER(POINTER(EspeakVoice))
        self._on_audio: OnAudio | None = None
        kind = ctypes.CFUNCTYPE(c_int, POINTER(c_short), c_int, POINTER(EspeakEvent))
        self._callback = kind(self._on_samples)  # keeps the object alive: the library holds a pointer to it
        self._lib.espeak_SetSynthCallback(self._callback)

    def voices(self) -> Iterator[tuple[str, str, str]]:
        """(language tag, voice id, display name) of each."""
        listed = self._lib.espeak_ListVoices(None)
        index = 0
        while listed[index]:
            voice = listed[index].contents
            file = voice.identifier.decode().rpartition("/")[2]
            yield voice.languages[1:].decode(), file, voice.name.decode().strip()
            index += 1

    def speak(self, text: str, voice: str, words_a_minute: int, on_audio: OnAudio) -> None:
        if self._lib.espeak_SetVoiceByName(voice.encode()) != 0:
            raise RuntimeError("no such voice")
        self._lib.espeak_SetParameter(PARAMETER_RATE, words_a_minute, 0)
        self._on_audio = on_audio
        data = text.encode()
        flags = CHARS_UTF8 | ENDPAUSE
        if self._lib.espeak_Synth(data, len(data) + 1, 0, POS_CHARACTER, 0, flags, None, None) != 0:
            raise RuntimeError("espeak_Synth failed")

    def _on_samples(
        self, samples: ctypes._Pointer[c_short], count: int, events: ctypes._Pointer[EspeakEvent]
    ) -> int:
        pcm = ctypes.string_at(samples, count * 2) if samples and count > 0 else b""
        marks = []
        index = 0
        while events[index].type:
            event = events[index]
            if event.type == EVENT_WORD:
                marks.append((event.audio_position, event.text_position - 1 + event.length))
            index += 1
        keep_on = self._on_audio is None or self._on_audio(pcm, marks)
        return 0 if keep_on else 1


def speak(espeak: Espeak, request: Request, output: Output) -> None:
    def on_audio(pcm: bytes, marks: list[tuple[int, int]]) -> bool:
        try:
            if marks:
                output.marks(marks)
            if pcm:
                output.audio(pcm)
        except Cancelled:
            return False
        return True

    espeak.speak(request["text"], request["voice"], request["wordsAMinute"], on_audio)


def load() -> tuple[Speak, Mapping[str, object]]:
    espeak = Espeak()
    about = {"sampleRate": espeak.sample_rate, "voices": list(espeak.voices())}
    return partial(speak, espeak), about


if __name__ == "__main__":
    run(load, NICE)
