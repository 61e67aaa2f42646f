"""The per-packet path in C, with a thread of its own: optional, and chosen by a setting."""

from server.sfu.fastpath.forwarder import FastForwarder as FastForwarder
from server.sfu.fastpath.forwarder import is_built as is_built
