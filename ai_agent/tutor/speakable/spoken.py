"""Text as it is said: numbers, dates, times, money and abbreviations. For the voice only; the page keeps
figures.

English is written out in words. In other languages the voices read numbers themselves, so only what they read
badly is changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ai_agent.providers.ports import primary_tag

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = ((10**9, "billion"), (10**6, "million"), (1_000, "thousand"), (100, "hundred"))
_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth"}
_ORDINALS |= {"nine": "ninth", "twelve": "twelfth"}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_COINS = {
    "$": ("dollar", "cent"),
    "€": ("euro", "cent"),
    "£": ("pound", "penny"),
    "¥": ("yen", ""),
    "₫": ("dong", ""),
}
_UNITS = {
    "km/h": "kilometres an hour",
    "mph": "miles an hour",
    "km": "kilometres",
    "cm": "centimetres",
    "mm": "millimetres",
    "kg": "kilograms",
    "m²": "square metres",
    "°C": "degrees",
    "°F": "degrees Fahrenheit",
    "GB": "gigabytes",
    "MB": "megabytes",
    "ml": "millilitres",
    "%": "percent",
    "min": "minutes",
    "hrs": "hours",
}
_SHORT = {
    "Mr.": "Mister",
    "Mrs.": "Missus",
    "Ms.": "Miss",
    "Dr.": "Doctor",
    "Prof.": "Professor",
    "St.": "Saint",
    "e.g.": "for example",
    "i.e.": "that is",
    "etc.": "and so on",
    "vs.": "versus",
    "approx.": "about",
    "No.": "number",
    "&": "and",
    "w/": "with",
    "w/o": "without",
    "+": "plus",
    "=": "is",
    "…": ",",
}
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SIGNS = {
    "vi": {"%": " phần trăm", "&": "và", "km/h": "ki lô mét một giờ", "°C": " độ C", "v.v.": "vân vân"},
    "es": {"%": " por ciento", "&": "y", "p. ej.": "por ejemplo", "etc.": "etcétera", "°C": " grados"},
    "fr": {"%": " pour cent", "&": "et", "p. ex.": "par exemple", "etc.": "et cetera", "°C": " degrés"},
    "de": {
        "%": " Prozent",
        "&": "und",
        "z. B.": "zum Beispiel",
        "z.B.": "zum Beispiel",
        "usw.": "und so weiter",
    },
    "ja": {"%": "パーセント", "&": "と"},
    "ko": {"%": " 퍼센트", "&": "그리고"},
    "zh": {"%": "百分号", "&": "和"},
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """`text`: for the voice. `shown_end(i)` is where in the shown text the first `i` characters of it end."""

    text: str
    spans: tuple[tuple[int, int], ...]
    """Ends of the pieces, in the spoken and in the shown text."""

    def shown_end(self, end: int) -> int:
        before = (0, 0)
        for spoken_end, shown_end in self.spans:
            if end < spoken_end:
                inside = min(end - before[0], shown_end - before[1])
                is_same = spoken_end - before[0] == shown_end - before[1]
                return before[1] + inside if is_same else before[1]
            before = (spoken_end, shown_end)
        return before[1]


def spoken(text: str, language: str) -> Spoken:
    """`text`: a sentence. `language`: BCP 47."""
    tag = primary_tag(language).lower()
    rules = _ENGLISH if tag == "en" else _others(tag)
    pieces: list[str] = []
    spans: list[tuple[int, int]] = []
    at = length = 0
    for found in rules.finditer(text):
        said = (
            _said(found)
            if tag == "en"
            else _SIGNS.get(tag, {}).get(found[0], " ".join(re.sub(r"\D", "", found[0])))
        )
        for piece, end in ((text[at : found.start()], found.start()), (said, found.end())):
            if piece or end > at:
                pieces.append(piece)
                length += len(piece)
                spans.append((length, end))
        at = found.end()
    pieces.append(text[at:])
    spans.append((length + len(text) - at, len(text)))
    return Spoken("".join(pieces), tuple(spans))


def cardinal(number: int) -> str:
    """In words: 121 is "one hundred and twenty-one". Below a thousand billion."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        ones = number % 10
        return _TENS[number // 10] + (f"-{_ONES[ones]}" if ones else "")
    size, name = next((size, name) for size, name in _SCALES if number >= size)
    count, rest = divmod(number, size)
    joint = " and " if rest and (size == 100 or rest < 100) else " "
    return f"{cardinal(count)} {name}" + (f"{joint}{cardinal(rest)}" if rest else "")


def ordinal(number: int) -> str:
    head, dash, last = cardinal(number).rpartition("-")
    if not dash:
        head, dash, last = cardinal(number).rpartition(" ")
    if last not in _ORDINALS:
        last = last[:-1] + "ieth" if last.endswith("y") else last + "th"
        return head + dash + last
    return head + dash + _ORDINALS[last]


def year(number: int) -> str:
    """1999 is "nineteen ninety-nine", 2005 "two thousand and five"."""
    high, low = divmod(number, 100)
    if high % 10 == 0 and low < 10:
        return cardinal(number)
    if low == 0:
        return f"{cardinal(high)} hundred"
    return f"{cardinal(high)} {'oh ' if low < 10 else ''}{cardinal(low)}"


def _amount(text: str) -> str:
    whole, _, part = text.replace(",", "").partition(".")
    if len(whole) > 12:
        return " ".join(_ONES[int(digit)] for digit in whole)
    return cardinal(int(whole)) + (" point " + " ".join(_ONES[int(digit)] for digit in part) if part else "")


def _money(found: re.Match[str]) -> str:
    coin, cent = _COINS[found["coin"]]
    whole, _, part = found["price"].replace(",", "").partition(".")
    if scale := found["scale"]:
        return f"{_amount(found['price'])} {scale.strip()} {coin}s"
    plural = "" if whole == "1" or coin in {"yen", "dong"} else "s"
    said = f"{cardinal(int(whole))} {coin}{plural}"
    if len(part) != 2 or part == "00":
        return said
    cents = "pence" if cent == "penny" else f"{cent}s"
    return f"{cardinal(int(part))} {cents}" if whole == "0" else f"{said} {cardinal(int(part))}"


def _time(found: re.Match[str]) -> str:
    hour, minute = int(found["hour"]), found["minute"]
    half = (found["half"] or "").strip().replace(".", "").lower()
    said = "noon" if (hour, minute, half) == (12, "00", "pm") else cardinal(hour)
    if minute == "00":
        said += "" if half or said == "noon" else " o'clock" if hour <= 12 else " hundred"
    elif minute:
        said += f" oh {cardinal(int(minute))}" if minute[0] == "0" else f" {cardinal(int(minute))}"
    return said + (f" {half[0]} {half[1]}" if half and said != "noon" else "")


def _date(found: re.Match[str]) -> str:
    try:
        day = date.fromisoformat(found[0])
    except ValueError:
        return found[0]
    return f"{_MONTHS[day.month - 1]} {ordinal(day.day)}, {year(day.year)}"


def _phone(found: re.Match[str]) -> str:
    """Digit by digit, with a pause between the groups."""
    groups = re.findall(r"\d+", found[0])
    return ", ".join(" ".join(_ONES[int(digit)] for digit in group) for group in groups)


def _unit(found: re.Match[str]) -> str:
    name = _UNITS[found["unit"]]
    if found["many"] == "1":
        name = name.replace("kilometres", "kilometre").removesuffix("s")
    return f"{_amount(found['many'])} {name}"


_WRITERS: dict[str, Callable[[re.Match[str]], str]] = {
    "money": _money,
    "time": _time,
    "date": _date,
    "oclock": lambda found: f"{cardinal(int(found['full']))} {found['meridiem'].lower()} m",
    "span": lambda found: f"{year(int(found['since']))} to {year(int(found['until']))}",
    "phone": _phone,
    "units": _unit,
    "domain": lambda found: found[0].replace(".", " dot "),
    "nth": lambda found: ordinal(int(re.sub(r"\D", "", found[0]))),
    "decade": lambda found: _decade(int(found[0][:4])),
    "years": lambda found: year(int(found[0])),
    "range": lambda found: f"{_amount(found['low'])} to {_amount(found['high'])}",
    "short": lambda found: _SHORT[found[0]],
    "either": lambda found: found[0].replace("/", " or "),
    "number": lambda found: _amount(found[0]),
}


def _decade(number: int) -> str:
    said = year(number)
    return said[:-1] + "ies" if said.endswith("y") else said + "s"


def _said(found: re.Match[str]) -> str:
    return _WRITERS[next(name for name in _WRITERS if found[name] is not None)](found)


def _any(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_ENGLISH = re.compile(
    rf"(?P<money>(?P<coin>[{''.join(_COINS)}])\s?(?P<price>{_NUMBER})(?P<scale>\s(?:thousand|million|billion))?)"
    r"|(?P<date>\b\d{4}-\d{2}-\d{2}\b)"
    r"|(?P<time>\b(?P<hour>[01]?\d|2[0-3])(?::(?P<minute>[0-5]\d))(?P<half>\s?(?:[ap]m\b|[ap]\.m\.))?(?![\d:]))"
    r"|(?P<oclock>\b(?P<full>[1-9]|1[0-2])\s?(?P<meridiem>[ap])(?:m\b|\.m\.))"
    r"|(?P<span>\b(?P<since>(?:1[1-9]|20)\d\d)\s?[-–]\s?(?P<until>(?:1[1-9]|20)\d\d)\b)"
    r"|(?P<phone>(?<![\w.,])\+?(?=(?:[ -]?\d){6,})\d{2,5}(?:[ -]\d{2,4}){1,4}(?![\w%])|\b0\d{5,}\b"
    r"|(?<=[Cc]all )\d{3,5}\b|(?<=[Dd]ial )\d{3,5}\b|(?<=line, )\d{3,5}\b)"
    rf"|(?P<units>(?<![\w.,])(?P<many>{_NUMBER})\s?(?P<unit>{_any(_UNITS)})(?!\w))"
    r"|(?P<domain>\b(?:[a-z0-9-]+\.)+(?:com|org|net|io)\b)"
    r"|(?P<nth>\b\d{1,3}(?:st|nd|rd|th)\b)"
    r"|(?P<decade>\b(?:1[1-9]|20)\d0s\b)"
    r"|(?P<years>(?<![\d.,$])(?:1[1-9]\d\d|20\d\d)(?![\d%]|,\d|\.\d))"
    rf"|(?P<range>(?<![\w.,])(?P<low>\d+)\s?[-–]\s?(?P<high>\d+)(?![\w%-]))"
    rf"|(?P<short>(?<![\w.])(?:{_any(_SHORT)})(?!\w))"
    r"|(?P<either>\b(?:he/she|she/he|his/her|her/his|him/her|and/or|yes/no)\b)"
    rf"|(?P<number>(?<![\w.,])(?:{_NUMBER})(?![\w]))"
)


def _others(tag: str) -> re.Pattern[str]:
    signs = _SIGNS.get(tag, {})
    known = f"{_any(signs)}|" if signs else ""
    return re.compile(rf"{known}(?<![\w.,])\+?\d{{2,5}}(?:[ -]\d{{2,4}}){{2,4}}(?!\w)")
