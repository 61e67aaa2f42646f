from __future__ import annotations

from server.api.avatars.cache import AvatarCache
from server.api.avatars.uploads import Avatars
from tests.fakes.stores import FakeAvatarStore

UPLOADED = "/api/avatars/u/0123456789abcdef-0123456789abcdef0123456789abcdef.webp"


class CountingStore(FakeAvatarStore):
    """`asked`: how often it was asked whether it has a picture."""

    asked = 0

    async def has(self, name: str) -> bool:
        self.asked += 1
        return await super().has(name)


def test_the_pictures_that_nobody_asks_for_go_first() -> None:
    cache = AvatarCache(max_bytes=100)
    cache.put("a", "image/webp", b"x" * 40)
    cache.put("b", "image/webp", b"x" * 40)
    assert cache.get("a") is not None
    cache.put("c", "image/webp", b"x" * 40)
    assert [name for name in "abc" if cache.get(name)] == ["a", "c"]


def test_a_picture_larger_than_the_cache_is_answered_and_not_held() -> None:
    cache = AvatarCache(max_bytes=10)
    assert cache.put("a", "image/webp", b"x" * 11).forms == {"identity": b"x" * 11}
    assert cache.get("a") is None
    cache.put("b", "image/webp", b"x" * 10)
    assert cache.get("b") is not None


async def test_a_removed_upload_is_gone_although_memory_had_it() -> None:
    store, now = FakeAvatarStore(), [0.0]
    avatars = Avatars(store, lambda: now[0])
    name = UPLOADED.rpartition("/")[2].removesuffix(".webp")
    await store.add(name, "ann", b"webp")
    loaded = await avatars.load(UPLOADED)
    assert loaded is not None
    assert loaded.forms["identity"] == b"webp"
    assert await avatars.load(UPLOADED) is loaded
    await store.remove_others("ann", "")
    now[0] = 5.0
    assert await avatars.load(UPLOADED) is None
    await avatars.aclose()


async def test_a_picture_in_memory_is_looked_up_every_five_seconds_at_most() -> None:
    store, now = CountingStore(), [0.0]
    avatars = Avatars(store, lambda: now[0])
    await store.add(UPLOADED.rpartition("/")[2].removesuffix(".webp"), "ann", b"webp")
    for now[0] in (0.0, 1.0, 2.0, 5.9):
        assert await avatars.load(UPLOADED) is not None
    assert store.asked == 1
    now[0] = 6.0
    assert await avatars.load(UPLOADED) is not None
    assert store.asked == 2
    await avatars.aclose()
