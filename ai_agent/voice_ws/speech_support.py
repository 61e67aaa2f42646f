"""Says what the engines of this worker cannot do in a session's language, as a text for the client."""

from __future__ import annotations

from ai_agent.voice_ws.talk import Talk

_REMEDY = "Whoever runs this server can add one, such as Whisper, or a speech service with its key."
_NAMES = {
    "vi": "Vietnamese",
    "en": "English",
    "de": "German",
    "es": "Spanish",
    "fr": "French",
    "ja": "Japanese",
}


def missing(talk: Talk, *, hearing_only: bool = False) -> str:
    """Empty if nothing is missing."""
    language = talk.lesson.language
    name = _NAMES.get(language.partition("-")[0], language)
    if talk.engines.stt is None:
        return f"No engine here recognises speech in {name}: the tutor cannot hear you. {_REMEDY}"
    if talk.engines.tts is None and not hearing_only:
        return f"No engine here speaks {name}: the tutor answers in text alone."
    return ""
