"""The encoding a server names for a text, which the file itself may not tell."""

import codecs

# UTF-8 and cp1252 are recognised without being told. Of Python's codecs some are no encodings of text, and some
# take time that grows with the square of the length; these are what browsers know.
_TOLD = ("iso8859-", "cp125", "cp866", "koi8-", "mac-", "shift_jis", "euc_", "gb", "big5", "iso2022_jp", "utf-16")
_RECOGNISED = {"iso8859-1", "cp1252"}


def as_utf8(content: bytes, parameters: str) -> bytes:
    """Text in UTF-8 if the parameters of its media type name another encoding, else as it is.

    A byte order mark knows better than a server.
    """
    _, _, charset = parameters.partition("charset=")
    name = _codec(charset.partition(";")[0].strip(" \"'"))
    if content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or name is None:
        return content
    return content.decode(name, "replace").encode()


def _codec(charset: str) -> str | None:
    try:
        name = codecs.lookup(charset).name
    except (LookupError, UnicodeError, ValueError):
        return None
    return name if name.startswith(_TOLD) and name not in _RECOGNISED else None
