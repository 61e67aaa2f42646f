"""Draws a face from a seed, as SVG. The same seed always gives the same face."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

# (background, shade behind the head, head): pastel with a warm head, readable in light and dark themes.
_PALETTES = (
    ("#ffd8a8", "#ffa94d", "#fff4e6"),
    ("#b2f2bb", "#51cf66", "#fff3bf"),
    ("#a5d8ff", "#4dabf7", "#ffe8cc"),
    ("#d0bfff", "#9775fa", "#fff0f6"),
    ("#fcc2d7", "#f783ac", "#fff9db"),
    ("#99e9f2", "#3bc9db", "#ffe3e3"),
    ("#ffec99", "#fcc419", "#e7f5ff"),
    ("#96f2d7", "#38d9a9", "#f8f0fc"),
    ("#ffc9c9", "#ff8787", "#ebfbee"),
    ("#bac8ff", "#748ffc", "#fff4e6"),
)
_INK = "#343a40"
_HAIR = ("#343a40", "#5c3d2e", "#8d5524", "#e8590c", "#f08c00", "#495057", "#862e9c", "#1864ab")

_EYES = (
    '<circle cx="40" cy="54" r="4"/><circle cx="60" cy="54" r="4"/>',
    '<ellipse cx="40" cy="54" rx="3.5" ry="5"/><ellipse cx="60" cy="54" rx="3.5" ry="5"/>',
    '<path d="M35 55q5-6 10 0M55 55q5-6 10 0" class="l"/>',
    '<path d="M35 53q5 5 10 0" class="l"/><circle cx="60" cy="54" r="4"/>',
    '<circle cx="40" cy="54" r="4"/><circle cx="60" cy="54" r="4"/>'
    '<circle cx="40" cy="54" r="9" class="l"/><circle cx="60" cy="54" r="9" class="l"/>'
    '<path d="M49 54h2" class="l"/>',
)
_MOUTHS = (
    '<path d="M42 68q8 8 16 0" class="l"/>',
    '<path d="M41 67h18q-1 10-9 10t-9-10z"/>',
    '<path d="M44 70h12" class="l"/>',
    '<circle cx="50" cy="70" r="4"/>',
    '<path d="M43 68q4 5 7 0q3 5 7 0" class="l"/>',
    '<path d="M43 70q9 4 14-4" class="l"/>',
)
_HAIRSTYLES = (
    "",
    '<path d="M23 52q-1-30 27-30t27 30q-6-16-27-16t-27 16z"/>',
    '<path d="M24 50q0-28 26-28 14 0 20 8-20 2-28 10-8 4-18 10z"/>',
    '<path d="M22 78q-4-56 28-56t28 56q-8-4-7-30-10-2-14-10-10 10-28 10 1 26-7 30z"/>',
    '<circle cx="50" cy="19" r="9"/><path d="M24 50q1-28 26-28t26 28q-8-14-26-14t-26 14z"/>',
    '<circle cx="32" cy="32" r="9"/><circle cx="44" cy="26" r="10"/><circle cx="57" cy="26" r="10"/>'
    '<circle cx="68" cy="32" r="9"/>',
    '<path d="M28 36l2-18 14 10zM72 36l-2-18-14 10z"/>',
    '<path d="M26 40l6-14 6 10 6-14 6 13 6-13 6 14 6-10 6 14q-24-12-48 0z"/>',
)
_CHEEKS = (
    "",
    '<g fill="#ff8787" opacity=".45"><circle cx="32" cy="64" r="5"/><circle cx="68" cy="64" r="5"/></g>',
)


def draw(seed: str) -> str:
    pick = _Picker(seed)
    back, shade, head = pick.one(_PALETTES)
    tilt = pick.number(17) - 8
    x, y = 20 + pick.number(61), 15 + pick.number(31)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="256" height="256">'
        f"<style>.l{{fill:none;stroke:{_INK};stroke-width:3;stroke-linecap:round;stroke-linejoin:round}}</style>"
        f'<rect width="100" height="100" fill="{back}"/>'
        f'<circle cx="{x}" cy="{y}" r="42" fill="{shade}" opacity=".35"/>'
        f'<path d="M14 104q4-26 36-26t36 26z" fill="{shade}"/>'
        f'<g transform="rotate({tilt} 50 56)">'
        f'<rect x="24" y="28" width="52" height="58" rx="{22 + pick.number(5)}" fill="{head}"/>'
        f'<g fill="{pick.one(_HAIR)}">{pick.one(_HAIRSTYLES)}</g>'
        f"{pick.one(_CHEEKS)}"
        f'<g fill="{_INK}">{pick.one(_EYES)}{pick.one(_MOUTHS)}</g>'
        "</g></svg>"
    )


class _Picker:
    """Makes choices from the bytes of the seed's digest, one byte a choice."""

    def __init__(self, seed: str) -> None:
        self._bytes = iter(hashlib.sha256(seed.encode()).digest())

    def number(self, below: int) -> int:
        return next(self._bytes) % below

    def one(self, choices: Sequence[T]) -> T:
        return choices[self.number(len(choices))]
