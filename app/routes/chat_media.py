"""/chats/media: the files that customers sent."""

import mimetypes
from typing import Any

from apiflask import APIBlueprint
from flask import request, send_file

from app.domain.media import Media
from app.routes.authentication import TOKEN_OR_KEY, Guard, caller
from app.services.chat_media import ChatMedia

# What a browser may show by itself. The type comes from the bytes, and never is one that can hold a script.
_SHOWN = ("image/", "audio/", "video/")
_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_FILE: Any = {
    200: {"description": "The file", "content": {"application/octet-stream": {"schema": {"type": "string"}}}},
    304: {"description": "The file has not changed since it was last downloaded"},
    403: "Forbidden",
}


def chat_media_routes(media: ChatMedia, identified: Guard) -> APIBlueprint:
    """Downloading files."""
    api = APIBlueprint("chat_media", __name__, url_prefix="/chats/media", tag="Media")

    @api.get("/<media_id>")
    @api.doc(
        summary="Download a file that a customer sent",
        description="The `url` of an entry in a chat's `media`.",
        security=TOKEN_OR_KEY,
        responses=_FILE,
    )
    @identified
    def get(media_id: str) -> Any:
        found, path = media.file(caller(), media_id)
        response = send_file(
            path,
            found.content_type,
            as_attachment=not found.content_type.startswith(_SHOWN),
            download_name=_name(found),
            conditional=False,
        )
        response.headers["Content-Security-Policy"] = _POLICY
        # Without ranges, so that the server sends the file by itself, and no thread waits for its reader.
        return response.make_conditional(request)

    return api


def _name(media: Media) -> str:
    return media.filename or f"{media.kind}{mimetypes.guess_extension(media.content_type) or ''}"
