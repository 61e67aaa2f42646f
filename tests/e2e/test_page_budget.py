"""How much the server sends for the first visit of a page. `tests/bench/pages.py` has the times."""

from __future__ import annotations

import pytest

from tests.e2e.browsers import BrowserPool
from tests.e2e.page_load import LoadMeter
from tests.fakes.server_process import ServerProcess

LANDING_KB = 250


@pytest.mark.parametrize("locale", ["en-GB", "vi-VN"])
async def test_the_landing_page_fits_its_budget(
    browsers: BrowserPool, parlor: ServerProcess, locale: str
) -> None:
    page = await browsers.page(None, locale=locale)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    load = await (await LoadMeter.attach(page)).visit(parlor.url, "input")
    assert load.kilobytes <= LANDING_KB, load.by_kind
    assert load.layout_shift < 0.1, "the first picture and the page differ"
    assert said == [], "for example a violation of the content security policy"
