"""A full room of twelve people, and a thirteenth who is refused."""

from __future__ import annotations

import re
from contextlib import AsyncExitStack

from playwright.async_api import expect

from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import RoomPage, join_room, make_room
from tests.fakes.rtc import Pacer, RestClient, RtcClient, tone_clip
from tests.fakes.server_process import ServerProcess

_SPEAKING_AT_ONCE = 3


async def test_a_full_room_refuses_the_thirteenth_person_with_a_message(
    browsers: BrowserPool, parlor: ServerProcess
) -> None:
    room_id = await make_room(parlor.url)
    async with AsyncExitStack() as stack:
        rest = await stack.enter_async_context(RestClient(parlor.url))
        pacer = await stack.enter_async_context(Pacer())
        for n in range(11):
            client = await stack.enter_async_context(
                RtcClient(parlor.url, await rest.guest(f"Guest {n + 1}"))
            )
            await client.join(room_id, clip=tone_clip(400 + 200 * n))
            if n < _SPEAKING_AT_ONCE:
                await client.set_muted(False)
                assert client.publisher is not None
                pacer.add(client.publisher)
        ann = await join_room(browsers, parlor.url, room_id, "Ann", None)
        await ann.expect_participants("Ann", *(f"Guest {n + 1}" for n in range(11)))
        await expect(ann.page.get_by_text("12 of 12")).to_be_visible()
        await expect(ann.page.locator("li[data-speaking=true]")).to_have_count(_SPEAKING_AT_ONCE)

        await _expect_phone_names_who_speaks_out_of_view(ann)

        late = RoomPage(await browsers.page(None), parlor.url, "Late")
        await late.sign_in()
        await late.page.goto(f"{parlor.url}/rooms/{room_id}")
        await expect(late.page.get_by_role("heading", name="This room is full")).to_be_visible()
        await expect(late.page.get_by_role("link", name="Other rooms at B1")).to_be_visible()
        await late.page.get_by_role("button", name="Tell me when a chair is free").click()

        await ann.leave()
        # The page asks every 5 s.
        await expect(late.page.get_by_text("You can join Test room now.")).to_be_visible(timeout=12_000)
        await late.page.get_by_role("button", name="Join the room").click()
        await expect(late.leave_button).to_be_visible()


async def _expect_phone_names_who_speaks_out_of_view(ann: RoomPage) -> None:
    """On a small phone those who speak are above the visible part of a room scrolled to its end."""
    await ann.page.set_viewport_size({"width": 320, "height": 480})
    await ann.tile("Ann").scroll_into_view_if_needed()
    speakers = ann.page.get_by_role("button", name=re.compile(r"^Speaking: Guest"))
    await expect(speakers).to_be_in_viewport(ratio=1)
    await expect(ann.leave_button).to_be_in_viewport(ratio=1)
    await speakers.click()
    await expect(ann.page.locator("li[data-speaking=true]").first).to_be_in_viewport(ratio=0.9)
