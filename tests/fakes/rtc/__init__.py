"""A WebRTC client for tests and load: cheap enough that dozens of talking ones fit in one process.

It speaks the public wire contract like any client, but has no decoder, no encoder and no jitter buffer:
frames are encoded once, packets are only counted, timed and kept on demand.
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
