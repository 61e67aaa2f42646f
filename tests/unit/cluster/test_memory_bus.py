from __future__ import annotations

from collections.abc import Mapping

from server.cluster import MemoryBus


def test_subscribers_get_the_messages_of_a_topic_in_order() -> None:
    bus, seen = MemoryBus(), []
    bus.subscribe("a", lambda p: seen.append(p["n"]))
    for n in range(3):
        bus.publish("a", {"n": n})
    bus.publish("b", {"n": 9})
    assert seen == [0, 1, 2]


def test_a_message_published_by_a_handler_is_delivered_after_the_current_one() -> None:
    bus, seen = MemoryBus(), []

    def first(payload: object) -> None:
        seen.append(("first", payload))
        if payload == {"n": 0}:
            bus.publish("a", {"n": 1})

    bus.subscribe("a", first)
    bus.subscribe("a", lambda p: seen.append(("second", p)))
    bus.publish("a", {"n": 0})
    assert seen == [("first", {"n": 0}), ("second", {"n": 0}), ("first", {"n": 1}), ("second", {"n": 1})]


def test_one_failing_subscriber_does_not_silence_the_others() -> None:
    bus = MemoryBus()
    seen: list[Mapping[str, object]] = []

    def fails(_payload: object) -> None:
        raise RuntimeError

    bus.subscribe("a", fails)
    bus.subscribe("a", seen.append)
    bus.publish("a", {"n": 1})
    assert seen == [{"n": 1}]


def test_an_ended_subscription_gets_no_more_messages() -> None:
    bus = MemoryBus()
    seen: list[Mapping[str, object]] = []
    end = bus.subscribe("a", seen.append)
    end()
    end()
    bus.publish("a", {"n": 1})
    assert seen == []
