"""espeak-ng's process.

Its state is global and its licence is the GPL, hence the process. Structures and constants: speak_lib.h 1.52.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
from collections.abc import Callable, Iterator
from ctypes import POINTER, c_char, c_char_p, c_int, c_short, c_ubyte, c_uint, c_void_p

import espeakng_loader

from ai_agent.providers.local.espeak_wire import AUDIO, CANCEL, END, FAILED, MARKS
from ai_agent.providers.local.framing import READY, Frame, Pipes
from ai_agent.providers.local.inbox import Inbox

NICE = 5
"""Media comes first when the machine is busy."""

CHUNK_MS = 40
OUTPUT_SYNCHRONOUS = 2
DONT_EXIT = 0x8000
POS_CHARACTER = 1
CHARS_UTF8 = 1
ENDPAUSE = 0x1000
"""A pause after the last sentence (0.2 s): our sentences come one by one and would run together."""
PARAMETER_RATE = 1
EVENT_WORD = 1


class Event(ctypes.Structure):
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


class Voice(ctypes.Structure):
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
"""Samples, and the words that begin by then as (ms, end in characters). False stops the voice."""


class Espeak:
    """Raises RuntimeError for what the library refuses."""

    def __init__(self) -> None:
        self._lib = ctypes.CDLL(espeakng_loader.get_library_path())
        data = espeakng_loader.get_data_path().encode()
        self.sample_rate: int = self._lib.espeak_Initialize(OUTPUT_SYNCHRONOUS, CHUNK_MS, data, DONT_EXIT)
        if self.sample_rate <= 0:
            raise RuntimeError("espeak_Initialize failed")
        self._lib.espeak_ListVoices.restype = POINTER(POINTER(Voice))
        self._on_audio: OnAudio | None = None
        kind = ctypes.CFUNCTYPE(c_int, POINTER(c_short), c_int, POINTER(Event))
        self._callback = kind(self._take)  # the library keeps the pointer, so we keep the object
        self._lib.espeak_SetSynthCallback(self._callback)

    def voices(self) -> Iterator[tuple[str, str, str]]:
        """Tag, the name it is chosen by, and the name for people."""
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

    def _take(self, samples: ctypes._Pointer[c_short], count: int, events: ctypes._Pointer[Event]) -> int:
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


class Mouth:
    """Speaks one request after the other; a request that was taken back stops at the next chunk."""

    def __init__(self, espeak: Espeak, pipes: Pipes, inbox: Inbox) -> None:
        self._espeak = espeak
        self._pipes = pipes
        self._inbox = inbox

    def run(self) -> None:
        while True:
            frame = self._inbox.get()
            if frame.kind == CANCEL:
                self._inbox.forget(frame.number)
            elif not self._inbox.is_cancelled(frame.number):
                self._speak(frame)

    def _speak(self, frame: Frame) -> None:
        asked = json.loads(frame.body)

        def on_audio(pcm: bytes, marks: list[tuple[int, int]]) -> bool:
            if self._inbox.is_cancelled(frame.number):
                return False
            if marks:
                self._pipes.send(MARKS, frame.number, json.dumps(marks).encode())
            if pcm:
                self._pipes.send(AUDIO, frame.number, pcm)
            return True

        try:
            self._espeak.speak(asked["text"], asked["voice"], asked["wordsAMinute"], on_audio)
        except RuntimeError as error:
            self._pipes.send(FAILED, frame.number, str(error).encode())
        else:
            self._pipes.send(END, frame.number)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the worker's to handle
    pipes = Pipes.take_over_stdio()
    espeak = Espeak()
    about = {"sampleRate": espeak.sample_rate, "voices": list(espeak.voices())}
    pipes.send(READY, body=json.dumps(about).encode())
    os.nice(NICE)  # not before: somebody may be waiting for the start
    inbox = Inbox(pipes, CANCEL)
    inbox.start()
    Mouth(espeak, pipes, inbox).run()


if __name__ == "__main__":
    main()
