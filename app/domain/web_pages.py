"""Web pages that become documents."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """What was at a URL.

    `url` is the one asked for, `final_url` where its redirects led. `content` is never empty; text is UTF-8
    where the server said how it was encoded. `content_type` is in lower case, without parameters. `filename`
    depends on `url` and the type alone, so that a page fetched again has the same.
    """

    url: str
    final_url: str
    content: bytes
    content_type: str
    filename: str
