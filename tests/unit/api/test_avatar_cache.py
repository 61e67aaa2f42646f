from __future__ import annotations

from server.api.avatars.cache import AvatarCache
from server.api.avatars.uploads import Avatars
from tests.fakes.stores import FakeAvatarStore

UPLOADED = "/api/avatars/u/0123456789abcdef-0123456789abcdef0123456789abcdef.webp"


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
    store = FakeAvatarStore()
    avatars = Avatars(store)
    name = UPLOADED.rpartition("/")[2].removesuffix(".webp")
    await store.add(name, "ann", b"webp")
    loaded = await avatars.load(UPLOADED)
    assert loaded is not None
    assert loaded.forms["identity"] == b"webp"
    assert await avatars.load(UPLOADED) is loaded
    await store.remove_others("ann", "")
    assert await avatars.load(UPLOADED) is None
    await avatars.aclose()
