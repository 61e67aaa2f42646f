"""Reminders by e-mail: from a plan to the mail that an SMTP server received."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.fakes.mailbox import mailbox
from tests.fakes.rtc import RestClient
from tests.fakes.server_database import ServerDatabase
from tests.fakes.server_process import ServerProcess

HANOI = "Asia/Ho_Chi_Minh"


async def test_a_reminder_is_mailed_once_in_the_readers_language_and_time(tmp_path: Path) -> None:
    start = (datetime.now(UTC) + timedelta(hours=3)).replace(minute=0, second=0, microsecond=0)
    wanted = {"name": "Tea club", "level": "B1", "localStart": f"{start:%Y-%m-%dT%H:%M}", "timeZone": "UTC"}
    with socket.socket() as free:  # links in e-mails need the port before the server starts
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    page = f"http://localhost:{port}"
    async with mailbox() as box:
        mail_settings = {"SMTP_URL": box.url, "MAIL_FROM": "parlor@example.org"}
        settings = {**mail_settings, "PORT": port, "PUBLIC_URL": page}
        async with ServerProcess(tmp_path / "data", settings) as server:
            database = ServerDatabase(server)
            async with RestClient(page) as rest:
                tokens = {name: await rest.guest(name) for name in ("Host", "Mai", "Ben")}
                for name, token in tokens.items():
                    me = (await rest.request("GET", "/api/users/me", token))["id"]
                    database.keep(me, f"{name.lower()}@example.org")
                await rest.request("PATCH", "/api/users/me", tokens["Mai"], {"timeZone": HANOI})
                event = await rest.request("POST", "/api/events", tokens["Host"], wanted)
                place = {"occurrenceId": event["occurrences"][0]["id"]}
                path = f"/api/events/{event['id']}/registration"
                await rest.request("POST", path, tokens["Mai"], {**place, "language": "vi"})
                await rest.request("POST", path, tokens["Ben"], place)
                await rest.request("PATCH", "/api/notices/settings", tokens["Ben"], {"mail": False})
            database.remind()
            mails = {mail["To"]: mail for mail in [await box.next(), await box.next()]}
            # Ben wants no mails.
            assert set(mails) == {"host@example.org", "mai@example.org"}
            mail = mails["mai@example.org"]
            assert (mail["Subject"], mail["From"]) == ("Sắp bắt đầu: Tea club", "parlor@example.org")
            text = mail.get_content()
            assert f"{start.astimezone(ZoneInfo(HANOI)):%H:%M}" in text
            assert f"{page}/schedule/{event['id']}?at={place['occurrenceId']}" in text
            assert f"{page}/notices" in text
            assert mails["host@example.org"]["Subject"] == "Soon: Tea club"
            assert box.mails.empty()
            assert server.complaints() == []
