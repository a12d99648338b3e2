"""Text of web pages, in which line breaks are but spaces."""

import re

_TAG = re.compile(r"(<[^<>]*>)")
_BREAKS = re.compile(r"[ \t]*[\r\n][ \t\r\n]*")
_SHOWN_BREAKS = re.compile(r"\bpre-(?:wrap|line)\b", re.IGNORECASE)
_VERBATIM = ("<pre", "<textarea")
_END_OF_VERBATIM = ("</pre", "</textarea")


def without_line_breaks(page: str) -> str:
    """The page with spaces for the line breaks in its texts, except where these are shown."""
    if _SHOWN_BREAKS.search(page):
        return page
    parts = _TAG.split(page)
    verbatim = False
    for number, part in enumerate(parts):
        if number % 2:
            tag = part[:12].lower()
            verbatim = tag.startswith(_VERBATIM) or (verbatim and not tag.startswith(_END_OF_VERBATIM))
        elif not verbatim:
            parts[number] = _BREAKS.sub(" ", part)
    return "".join(parts)
