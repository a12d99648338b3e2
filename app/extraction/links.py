"""Links in documents: those to elsewhere keep their target, as Markdown; others are but their text."""

_ELSEWHERE = ("http://", "https://", "mailto:", "tel:")


def with_target(text: str, target: str) -> str:
    """The text of a link with its target, unless that is inside the document or is said by the text already."""
    target = target.strip()
    words = text.strip()
    if not words or not target.lower().startswith(_ELSEWHERE) or _is_said(target, words):
        return text
    return text.replace(words, f"[{' '.join(words.split())}]({'%20'.join(target.split())})")


def _is_said(target: str, text: str) -> bool:
    """Whether the text of a link is its target: an address or a telephone number."""
    bare = target.partition(":")[2].strip("/").removeprefix("www.")
    return bare.lower() in text.lower().replace(" ", "") or target.lower().startswith("tel:")
