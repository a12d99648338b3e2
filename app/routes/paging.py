"""Pages of lists, newest first."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request
from pydantic import BaseModel

from app.routes.schemas.common import AnswerModel, PageQuery

_WHERE = frozenset({"cursor", "after", "around", "changed_since"})

Item = TypeVar("Item")
Shown = TypeVar("Shown", bound=AnswerModel)


def list_of(model: type[BaseModel]) -> Any:
    """The type of an array of `model`, which APIFlask takes though its annotations do not say so."""
    return list[model]  # type: ignore[valid-type]


def page(
    query: PageQuery,
    read: Callable[[str | None, int], Sequence[Item]],
    show: Callable[[Item], Shown],
    cursor_of: Callable[[Item], str],
) -> tuple[list[Shown], int, dict[str, str]]:
    """One page, with the address of the next one in `Link` (RFC 8288) if there is one.

    `read` takes the id to begin after and how many entries to read; it is asked for one more than is shown.
    """
    items = read(query.cursor, query.limit + 1)
    shown = items[: query.limit]
    headers = {"Link": link_to(cursor_of(shown[-1]))} if len(items) > len(shown) else {}
    return [show(item) for item in shown], 200, headers


def link_to(cursor: str) -> str:
    """The header `Link` to the page of this request's list that begins at `cursor`."""
    return link_with("next", "cursor", cursor)


def link_with(rel: str, name: str, value: str) -> str:
    """A link to another page of this request's list, which begins where `name` says."""
    kept = {one: text for one, text in request.args.items() if one not in _WHERE}
    return f'<{request.base_url}?{urlencode({**kept, name: value})}>; rel="{rel}"'
