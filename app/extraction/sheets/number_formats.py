"""Numbers and dates as a Brazilian sees them in a cell, by the number format of the cell (ECMA-376, 18.8.31)."""

import math
import re
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

_WHOLE = dict.fromkeys((3, 37, 38, 41, 42), "#,##0")
_EXACT = dict.fromkeys((4, 39, 40, 43, 44), "#,##0.00")
_DATES = dict.fromkeys((14, 15, 16), "dd/mm/yyyy") | {17: "mm/yyyy", 22: "dd/mm/yyyy h:mm"}
_TIMES = dict.fromkeys((18, 20), "h:mm") | dict.fromkeys((19, 21), "h:mm:ss") | {46: "[h]:mm:ss"}
BUILT_IN = {1: "0", 2: "0.00", 9: "0%", 10: "0.00%"} | _WHOLE | _EXACT | _DATES | _TIMES
"""The formats that files name by number only; all others are 0, "General"."""

_SECTION = re.compile(r'(?:"[^"]*"|\\.|[^;"\\])*')
_MARKS = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.')
_NUMBER = re.compile(r"[#0][#0,]*(?:\.[#0]+)?")
_THOUSANDTHS = re.compile(r"(?<=[#0]),+(?![#0])")
_SCIENTIFIC = re.compile(r"[#0,]+(?:\.([#0]+))?[eE][+-]0+")
_UNCOMMON = re.compile(r"[eE][+-]|[@/]|\.(?![#0])")
_CURRENCY = re.compile(r"(R\$|US\$|[$€£])(?=\d)")
_PRIVATE = 0xE000
_ASIDE = range(_PRIVATE, _PRIVATE + 255)
_MIDNIGHT = time()
_LARGEST_EXACT = 1e15
_SMALLEST_FIXED = 1e-6
_SMALLEST_ROUNDED = 1e-4
_MOST_DECIMALS = 9
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - sheets know no time zones


def shown(value: float, code: str, days_later: int = 0) -> str:
    """The number as the format shows it, as it is where the format is not common; dates begin `days_later`."""
    section = _section(code)
    if value < 0 and "(" in (negative := _section(code[len(section) + 1 :])):
        return shown(-value, negative)  # losses are in brackets
    bare = _MARKS.sub("", section).lower()
    if bare in {"", "general", "standard", "@"}:
        return plain(value)
    try:
        if re.search("[dmyhs]", bare):
            return _date(value + days_later, section, bare)
        return _number(value, section)
    except (InvalidOperation, OverflowError, ValueError):
        return plain(value)


def plain(value: float) -> str:
    """As the format "General" shows it: what is no whole number in 11 characters, or with an exponent."""
    if not math.isfinite(value):
        return str(value)
    size = abs(value)
    if size < _LARGEST_EXACT and value == int(value):
        return str(int(value))
    if _SMALLEST_FIXED <= size < _LARGEST_EXACT:
        decimals = max(0, min(_MOST_DECIMALS, _MOST_DECIMALS + 1 - len(str(int(size)))))
        fixed = _without_zeros(brazilian(Decimal(repr(value)), decimals, thousands=False))
        if size >= _SMALLEST_ROUNDED or float(fixed.replace(",", ".")) == value:
            return fixed
    mantissa, _, exponent = f"{value:.5E}".partition("E")
    return f"{_without_zeros(mantissa.replace('.', ','))}E{exponent}"


def in_words(value: bool) -> str:
    """A truth value."""
    return "VERDADEIRO" if value else "FALSO"


def brazilian(value: Decimal, decimals: int, thousands: bool) -> str:
    """1.499,90"""
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{rounded:,f}" if thousands else f"{rounded:f}"
    return text.translate({ord(","): ".", ord("."): ","})


def _without_zeros(number: str) -> str:
    return number.rstrip("0").rstrip(",") if "," in number else number


def _section(code: str) -> str:
    """The first of a format: the one for what is more than zero. Excel allows 255 characters."""
    match = _SECTION.match(code[:255])
    return match[0] if match else ""


def _number(value: float, section: str) -> str:
    """The digits take the place of the format's, other signs in it stay."""
    literals: list[str] = []

    def put_aside(mark: re.Match[str]) -> str:
        literals.append(mark[1] or mark[2] or mark[3] or "")
        return chr(_PRIVATE + len(literals) - 1)

    text = _MARKS.sub(put_aside, section).replace("?", "#")
    if scientific := _SCIENTIFIC.fullmatch(text.strip()):
        return f"{value:.{len(scientific[1] or '')}E}".replace(".", ",")
    scale = sum(map(len, _THOUSANDTHS.findall(text)))
    text = _THOUSANDTHS.sub("", text)
    patterns = _NUMBER.findall(text)
    if _UNCOMMON.search(text) or not patterns:
        return plain(value)
    number = abs(Decimal(repr(value))).scaleb(-3 * scale) * (100 if "%" in text else 1)
    digits = iter(_digits(number, patterns))
    text = _NUMBER.sub(lambda _: next(digits), text)
    text = "".join(literals[ord(sign) - _PRIVATE] if ord(sign) in _ASIDE else sign for sign in text)
    return ("-" if value < 0 else "") + _CURRENCY.sub(r"\1 ", " ".join(text.split()))


def _digits(number: Decimal, patterns: list[str]) -> list[str]:
    """Those for each pattern: there is more than one in masks like 00000-000."""
    if len(patterns) == 1:
        whole, _, decimals = patterns[0].partition(".")
        text = brazilian(number, len(decimals), "," in whole)
        optional = len(decimals) - len(decimals.rstrip("#"))
        text = re.sub(rf"0{{0,{optional}}}$", "", text).removesuffix(",") if optional else text
        least = whole.count("0") + len(text.partition(",")[2]) + ("," in text)
        return [text if "," in whole else text.zfill(least)]
    if set("".join(patterns)) != {"0"} or number != int(number):
        raise ValueError("no common format")
    rest = str(int(number)).zfill(len("".join(patterns)))
    groups: list[str] = []
    for pattern in reversed(patterns[1:]):
        groups.append(rest[-len(pattern) :])
        rest = rest[: -len(pattern)]
    return [rest, *reversed(groups)]


def _date(value: float, section: str, bare: str) -> str:
    if "[h" in section.lower():
        minutes, seconds = divmod(round(value * 86400), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if "s" in bare else "")
    moment = _EPOCH + timedelta(seconds=round(value * 86400))
    clock = f"{moment:%H:%M:%S}" if "s" in bare else f"{moment:%H:%M}"
    if not re.search("[dy]", bare) and re.search("[hs]", bare):
        return clock
    date = f"{moment:%d/%m/%Y}" if "d" in bare else f"{moment:%m/%Y}"
    return f"{date} {clock}" if re.search("[hs]", bare) and moment.time() != _MIDNIGHT else date
