"""All data of one user as a ZIP file, made while it is sent: JSON, recordings and pictures."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Any, Protocol
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from server.tutor.ports import Recording

README = """All that Parlor stores about you, as JSON, with times in seconds since 1970 (UTC).

profile.json              your profile
sessions.json             devices on which you are signed in
passkeys.json             your passkeys, without their keys
sign_ins.json             e-mail addresses and providers that open your profile
conversations.json        your talks with the tutor
conversations/ID.json     what was said in one of them, as far as you may read it
recordings/ID.ogg         the sound of the message with that id
corrections.json          the tutor's corrections of your sentences
mistakes.json, words.json what you practise, with its reviews (FSRS), and sentences_of_mistakes.json
practice_days.json        how much you practised on each day, and practice_topics.json what about
heard_sentences_of_classes.json  how far you have come in the courses
learning_settings.json    your goals, and whether the tutor remembers; talk_notes.json what it remembers
achievements.json         what you achieved, with weeks.json
following.json            people whom you follow, with friends_at for friends
followers.json            people who follow you
blocked.json              people whom you blocked; people have the name that you may see
notes_on_people.json      what you wrote about people, for yourself
people_met.json           people who were in a room with you, of the last 30 days
knowledge_bases.json      your collections of documents
documents.json            documents that you gave the tutor, and documents/ID.json their text
passages_of_answers.json  which parts of your documents the tutor's messages drew on
rooms.json                open rooms that you host, and chat.json what you wrote in open rooms
events.json               events that you host, with times_of_events.json
places_at_events.json     your places, with reminders.json
calendar_addresses.json   since when your calendar has an address
notices.json              what you were told, and notice_settings.json how
devices_that_get_messages.json   devices to which notices are sent
reports.json              your reports on others, and decisions.json what moderators decided about you
pictures/                 pictures that you uploaded
"""


class ExportStore(Protocol):
    """All methods raise Unavailable."""

    def parts(self, user_id: str) -> AsyncGenerator[tuple[str, list[dict[str, Any]]]]: ...

    async def recordings(self, user_id: str) -> Sequence[str]: ...

    async def pictures(self, user_id: str) -> Sequence[bytes]: ...


FindRecording = Callable[[str], Awaitable[Recording | None]]


class _Sink:
    """Collects what ZipFile writes until it is sent. It cannot seek, so that ZipFile never looks back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        pass

    def taken(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


async def archive(store: ExportStore, find_recording: FindRecording, user_id: str) -> AsyncGenerator[bytes]:
    """The pieces of the file. Memory holds one part, or one piece of a recording. Raises Unavailable."""
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_DEFLATED) as file:  # type: ignore[call-overload]  # it asks for write and flush only
        file.writestr("README.txt", README)
        async for name, rows in store.parts(user_id):
            await asyncio.to_thread(_add_json, file, name, rows)
            yield sink.taken()
        for number, picture in enumerate(await store.pictures(user_id), 1):
            file.writestr(f"pictures/{number}.webp", picture, ZIP_STORED)
        for message_id in await store.recordings(user_id):
            recording = await find_recording(message_id)
            if recording is None:  # deleted meanwhile
                continue
            with file.open(ZipInfo(f"recordings/{message_id}.ogg"), "w") as entry:
                async for piece in recording.read(0, recording.size):
                    entry.write(piece)
                    yield sink.taken()
    yield sink.taken()


def _add_json(file: ZipFile, name: str, rows: list[dict[str, Any]]) -> None:
    file.writestr(f"{name}.json", json.dumps(rows, ensure_ascii=False, indent=1))
