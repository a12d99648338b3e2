"""Tells texts in Shift-JIS, EUC-JP and GBK from those in cp1252, which any bytes could be."""

import re

_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_KANA = re.compile(r"[\u3041-\u30ff]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_SAMPLE = 65536
_SHORTEST_RUN = 4.0


def east_asian_encoding(data: bytes) -> str | None:
    """The encoding of a text that is no UTF, None for one of the West.

    Japanese always has kana, which as cp1252 would be rows of rare signs. In Chinese, bytes above 127 come in
    long runs of pairs; in Portuguese one or two at a time.
    """
    sample = data[:_SAMPLE]
    if _share_of_kana(sample, "cp932") > 0.2:
        return "cp932"
    runs = _HIGH_RUN.findall(sample)
    if not runs or sum(map(len, runs)) / len(runs) < _SHORTEST_RUN:
        return None
    if _share_of_kana(sample, "euc_jp") > 0.2:
        return "euc_jp"
    leads = [byte for run in runs for byte in run[::2]]
    common = sum(0xA1 <= byte <= 0xD7 for byte in leads)
    return "gb18030" if common > 0.8 * len(leads) and _decodes(sample, "gb18030") else None


def _share_of_kana(sample: bytes, encoding: str) -> float:
    if not _decodes(sample, encoding):
        return 0
    text = sample.decode(encoding, "ignore")
    return len(_KANA.findall(text)) / max(1, len(_NOT_ASCII.findall(text)))


def _decodes(sample: bytes, encoding: str) -> bool:
    """Without an error before the last few bytes, as the sample may end inside a character."""
    try:
        sample.decode(encoding)
    except UnicodeDecodeError as error:
        return len(sample) == _SAMPLE and error.start > _SAMPLE - 4
    return True
