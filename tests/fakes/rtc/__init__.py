"""A WebRTC client for tests and load, so cheap that dozens of sending clients fit in one process.

It uses the public protocol like any client, but has no decoder, encoder or jitter buffer: frames are encoded
once, packets are counted, timed, and kept only on demand.
"""

from tests.fakes.rtc.client import RtcClient
from tests.fakes.rtc.clips import Clip, silence_clip, speech_clip, tone_clip
from tests.fakes.rtc.link import MediaLink
from tests.fakes.rtc.pacer import Pacer
from tests.fakes.rtc.publisher import Publisher
from tests.fakes.rtc.receiver import Receiver, SlotLog
from tests.fakes.rtc.rest import RestClient

__all__ = [
    "Clip",
    "MediaLink",
    "Pacer",
    "Publisher",
    "Receiver",
    "RestClient",
    "RtcClient",
    "SlotLog",
    "silence_clip",
    "speech_clip",
    "tone_clip",
]
