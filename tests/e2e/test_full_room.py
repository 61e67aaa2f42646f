"""Twelve people in one room, and the thirteenth."""

from __future__ import annotations

from contextlib import AsyncExitStack

from playwright.async_api import expect

from tests.e2e.browsers import Chromiums
from tests.e2e.room_page import RoomPage, make_room, sit_down
from tests.fakes.rtc import Pacer, RestClient, RtcClient, tone_clip
from tests.fakes.server_process import ServerProcess

_SPEAKING_AT_ONCE = 3


async def test_twelve_fit_and_the_thirteenth_is_told_in_words(
    people: Chromiums, parlor: ServerProcess
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
        ann = await sit_down(people, parlor.url, room_id, "Ann", None)
        await ann.sees("Ann", *(f"Guest {n + 1}" for n in range(11)))
        await expect(ann.page.get_by_text("12 of 12")).to_be_visible()
        await expect(ann.page.locator("li[data-speaking=true]")).to_have_count(_SPEAKING_AT_ONCE)

        late = RoomPage(await people.page(None), parlor.url, "Late")
        await late.sign_in()
        await late.knock(room_id)
        await expect(late.page.get_by_role("heading", name="This room is full")).to_be_visible()
        await expect(late.page.get_by_role("link", name="Find another room")).to_be_visible()

        await ann.leave()
        await late.page.get_by_role("button", name="Try again").click()
        await expect(late.leave_button).to_be_visible()
