"""Every route of the service, and what a caller needs for it: a new route needs a row here."""

from dataclasses import dataclass
from enum import Enum, auto

from app.domain.permissions import Action


class Needs(Enum):
    """What is needed where no action at an assistant is."""

    NOTHING = auto()
    PERSON = auto()
    ADMINISTRATOR = auto()


@dataclass(frozen=True)
class Route:
    """A route; `keys`: programs may use it with `X-API-Key`, `people`: with a token.

    `{assistant}`, `{document}`, `{chat}`, `{conversation}`, `{webhook}` and `{delivery}` in `path` and `body` are
    ids of the assistant that is meant, or of what is its own; without a `path` it is the rule. The request is one
    that succeeds.
    """

    method: str
    rule: str
    needs: Action | Needs
    keys: bool = False
    people: bool = True
    path: str = ""
    body: dict[str, object] | None = None
    form: bool = False


_ASSISTANT = "<assistant_id>"
_OF_ASSISTANT = "?assistant_id={assistant}"


def _list(path: str, action: Action) -> Route:
    return Route("GET", path, action, keys=True, path=path + _OF_ASSISTANT)


def _document(method: str, path: str, action: Action, body: dict[str, object] | None = None) -> Route:
    return Route(method, f"{path}/<document_id>", action, keys=True, path=f"{path}/{{document}}", body=body)


def _assistant(
    method: str, path: str, action: Action, body: dict[str, object] | None = None, *, keys: bool = False
) -> Route:
    return Route(method, f"{path}/{_ASSISTANT}", action, keys=keys, path=f"{path}/{{assistant}}", body=body)


def _conversation(
    method: str,
    path: str,
    action: Action,
    body: dict[str, object] | None = None,
    *,
    query: str = "",
    keys: bool = True,
) -> Route:
    rule = f"/conversations/{path}/<conversation_id>"
    whole = f"/conversations/{path}/{{conversation}}{query}"
    return Route(method, rule, action, keys=keys, path=whole, body=body)


def _part(method: str, path: str, query: str, body: dict[str, object] | None = None) -> Route:
    whole = f"/assistants/{path}/{{assistant}}?{query}"
    return Route(method, f"/assistants/{path}/{_ASSISTANT}", Action.OPERATE, keys=True, path=whole, body=body)


def _channel(method: str, path: str, body: dict[str, object] | None = None) -> Route:
    return Route(method, f"{path}/<channel_id>", Action.MANAGE_CHANNELS, path=f"{path}/{{channel}}", body=body)


def _prompts(method: str, name: str, action: Action, body: dict[str, object] | None = None) -> Route:
    of = "assistant" if name in ("get", "update", "versions") else "version"
    return Route(method, f"/prompts/{name}/<{of}_id>", action, path=f"/prompts/{name}/{{{of}}}", body=body)


def _evaluations(method: str, name: str, of: str, body: dict[str, object] | None = None) -> Route:
    path = f"/evaluations/{name}/{{{of}}}"
    return Route(method, f"/evaluations/{name}/<{of}_id>", Action.EVALUATE, path=path, body=body)


def _user(method: str, path: str, body: dict[str, object] | None = None) -> Route:
    return Route(method, f"{path}/<user_id>", Needs.ADMINISTRATOR, path=f"{path}/{{user}}", body=body)


ROUTES = [
    Route("POST", "/auth/register", Needs.NOTHING),
    Route("POST", "/auth/login", Needs.NOTHING),
    Route("POST", "/auth/forgotPassword", Needs.NOTHING),
    Route("POST", "/auth/resetPassword", Needs.NOTHING),
    Route("GET", "/auth/me", Needs.PERSON),
    Route("PUT", "/auth/password", Needs.PERSON, body={"current_password": "x" * 8, "new_password": "y" * 9}),
    Route("POST", "/auth/logout", Needs.PERSON),
    Route("GET", "/users/list", Needs.ADMINISTRATOR),
    _user("PUT", "/users/update", {"blocked": True}),
    _user("DELETE", "/users/delete"),
    _user("POST", "/users/resetLink"),
    Route("GET", "/health", Needs.NOTHING),
    Route("GET", "/ready", Needs.NOTHING),
    Route("GET", "/metrics", Needs.NOTHING),
    Route("GET", "/painel/", Needs.NOTHING),
    Route("GET", "/painel/<path:name>", Needs.NOTHING),
    Route("GET", "/openapi.json", Needs.NOTHING),
    Route("GET", "/docs", Needs.NOTHING),
    Route("GET", "/docs/assets/<path:name>", Needs.NOTHING),
    Route("GET", "/docs/oauth2-redirect", Needs.NOTHING),
    Route("POST", "/assistants/add", Needs.PERSON, body={"name": "Loja"}),
    Route("GET", "/assistants/list", Needs.PERSON, keys=True),
    _assistant("GET", "/assistants/get", Action.READ, keys=True),
    _assistant("PUT", "/assistants/update", Action.CONFIGURE, {"name": "Loja"}),
    _assistant("DELETE", "/assistants/delete", Action.DELETE_ASSISTANT),
    _assistant("POST", "/assistants/search", Action.SEARCH, {"query": "prazo"}, keys=True),
    _assistant("POST", "/assistants/ask", Action.EVALUATE, {"message": "prazo"}),
    _assistant("GET", "/assistants/knowledge", Action.READ_DOCUMENTS, keys=True),
    _assistant("GET", "/assistants/keys", Action.MANAGE_KEYS),
    _assistant("POST", "/assistants/keys", Action.MANAGE_KEYS, {"name": "Site", "scopes": ["read"]}),
    Route(
        "DELETE",
        f"/assistants/keys/{_ASSISTANT}",
        Action.MANAGE_KEYS,
        path="/assistants/keys/{assistant}?key_id={key}",
    ),
    _assistant("PUT", "/assistants/rotateKey", Action.MANAGE_KEYS, {"grace_hours": 1}),
    _assistant("GET", "/assistants/members", Action.MANAGE_MEMBERS),
    _assistant("PUT", "/assistants/members", Action.MANAGE_MEMBERS, {"email": "n@example.com", "role": "viewer"}),
    Route(
        "DELETE",
        f"/assistants/members/{_ASSISTANT}",
        Action.MANAGE_MEMBERS,
        path="/assistants/members/{assistant}?email={member}",
    ),
    _assistant("GET", "/assistants/webhooks", Action.MANAGE_WEBHOOKS),
    _assistant("POST", "/assistants/webhooks", Action.MANAGE_WEBHOOKS, {"url": "https://nowhere.invalid/"}),
    Route(
        "DELETE",
        f"/assistants/webhooks/{_ASSISTANT}",
        Action.MANAGE_WEBHOOKS,
        path="/assistants/webhooks/{assistant}?webhook_id={webhook}",
    ),
    _assistant("GET", "/assistants/webhookDeliveries", Action.MANAGE_WEBHOOKS),
    _assistant("POST", "/assistants/resendWebhook", Action.MANAGE_WEBHOOKS, {"delivery_id": "{delivery}"}),
    Route("GET", "/channels/list", Action.MANAGE_CHANNELS, path="/channels/list" + _OF_ASSISTANT),
    Route(
        "POST",
        "/channels/add",
        Action.MANAGE_CHANNELS,
        body={"assistant_id": "{assistant}", "kind": "telegram", "name": "Loja", "api_key": "k"},
    ),
    Route(
        "POST",
        "/channels/accounts",
        Action.MANAGE_CHANNELS,
        body={"assistant_id": "{assistant}", "kind": "telegram", "api_key": "k"},
    ),
    _channel("GET", "/channels/get"),
    _channel("PUT", "/channels/update", {"name": "Loja"}),
    _channel("POST", "/channels/check"),
    _channel("DELETE", "/channels/delete"),
    _channel("GET", "/channels/qrCode"),
    Route("GET", "/channels/templates/<channel_id>", Action.OPERATE, path="/channels/templates/{channel}"),
    Route(
        "POST",
        "/conversations/sendTemplate/<conversation_id>",
        Action.OPERATE,
        path="/conversations/sendTemplate/{conversation}",
        body={"name": "lembrete", "language": "pt_BR"},
    ),
    Route("GET", "/outbox/list", Action.READ, path="/outbox/list?channel_id={channel}"),
    Route("POST", "/outbox/resend/<part_id>", Action.OPERATE, path="/outbox/resend/{part}"),
    Route("GET", "/webhooks/<webhook_id>", Needs.NOTHING),
    Route("POST", "/webhooks/<webhook_id>", Needs.NOTHING),
    Route("POST", "/webhooks/<webhook_id>/<path:event>", Needs.NOTHING),
    Route("GET", "/widget.js", Needs.NOTHING),
    Route("GET", "/widget/<key>/config", Needs.NOTHING),
    Route("POST", "/widget/<key>/sessions", Needs.NOTHING),
    Route("POST", "/widget/<key>/messages", Needs.NOTHING),
    Route("GET", "/widget/<key>/messages", Needs.NOTHING),
    Route("POST", "/widget/<key>/seen", Needs.NOTHING),
    Route(
        "POST",
        "/chats/enviarMensagemLLM",
        Action.ANSWER,
        keys=True,
        people=False,
        body={"id": "+5513988593464", "message_service": "Whatsapp", "message": "Oi"},
    ),
    Route(
        "POST",
        "/chats/mensagemHumana",
        Action.OPERATE,
        keys=True,
        path="/chats/mensagemHumana" + _OF_ASSISTANT,
        body={"id": "+5513988593464", "message_service": "Whatsapp", "message": "Oi"},
    ),
    Route("GET", "/chats/get/<chat_id>", Action.READ, keys=True, path="/chats/get/{chat}"),
    Route("GET", "/chats/media/<media_id>", Action.READ, keys=True, path="/chats/media/{media}"),
    _list("/chats/list", Action.READ),
    Route("GET", "/chats/search", Action.READ, keys=True, path="/chats/search?q=prazo&assistant_id={assistant}"),
    _list("/chats/listarAtivos", Action.READ),
    _list("/chats/listarInativos", Action.READ),
    *(
        Route("PUT", f"/chats/{switch}/<path:chat_or_channel_id>", Action.OPERATE, path=f"/chats/{switch}/{{chat}}")
        for switch in ("desativar", "ativar")
    ),
    _list("/usage", Action.READ_USAGE),
    Route("GET", "/audit/list", Action.READ_AUDIT, path="/audit/list" + _OF_ASSISTANT),
    Route("GET", "/prices", Needs.ADMINISTRATOR),
    Route("PUT", "/prices", Needs.ADMINISTRATOR, body={"prices": []}),
    Route("GET", "/models", Needs.PERSON),
    Route("GET", "/service/overview", Needs.ADMINISTRATOR),
    Route("GET", "/service/limits", Needs.ADMINISTRATOR),
    Route("GET", "/service/export", Needs.ADMINISTRATOR),
    Route("POST", "/service/export", Needs.ADMINISTRATOR),
    Route("GET", "/service/exportFile", Needs.ADMINISTRATOR),
    Route("DELETE", "/service/export", Needs.ADMINISTRATOR),
    _list("/conversations/list", Action.READ),
    Route(
        "GET",
        "/conversations/get/<conversation_id>",
        Action.READ,
        keys=True,
        path="/conversations/get/{conversation}",
    ),
    Route(
        "GET",
        "/conversations/export/<conversation_id>",
        Action.EXPORT,
        path="/conversations/export/{conversation}",
    ),
    Route(
        "DELETE",
        "/conversations/delete/<conversation_id>",
        Action.DELETE_CONVERSATION,
        path="/conversations/delete/{conversation}",
    ),
    _conversation("POST", "read", Action.OPERATE, {}, keys=False),
    _conversation("PUT", "labels", Action.OPERATE, {"label_ids": []}),
    _conversation("GET", "notes", Action.READ),
    _conversation("POST", "notes", Action.OPERATE, {"text": "Cliente antigo."}),
    # Of somebody else; one's own needs an operator.
    _conversation("DELETE", "notes", Action.CONFIGURE, query="?note_id={note}", keys=False),
    _conversation("GET", "presence", Action.READ, keys=False),
    _conversation("POST", "presence", Action.OPERATE, {"typing": True}, keys=False),
    _assistant("GET", "/assistants/labels", Action.READ, keys=True),
    _assistant("POST", "/assistants/labels", Action.OPERATE, {"name": "VIP", "color": "#ff0000"}, keys=True),
    _part("PUT", "labels", "label_id={label}", {"name": "Outra"}),
    _part("DELETE", "labels", "label_id={label}"),
    _assistant("GET", "/assistants/cannedReplies", Action.READ, keys=True),
    _assistant("POST", "/assistants/cannedReplies", Action.OPERATE, {"shortcut": "oi", "text": "Olá!"}, keys=True),
    _part("PUT", "cannedReplies", "reply_id={reply}", {"text": "Oi!"}),
    _part("DELETE", "cannedReplies", "reply_id={reply}"),
    Route(
        "POST",
        "/documents/add",
        Action.WRITE_DOCUMENTS,
        keys=True,
        body={"assistant_id": "{assistant}", "type": "rag"},
        form=True,
    ),
    Route(
        "POST",
        "/documents/addUrl",
        Action.WRITE_DOCUMENTS,
        keys=True,
        body={"assistant_id": "{assistant}", "url": "https://nowhere.invalid/"},
    ),
    _list("/documents/list", Action.READ_DOCUMENTS),
    _document("GET", "/documents/get", Action.READ_DOCUMENTS),
    _document("PUT", "/documents/update", Action.WRITE_DOCUMENTS, {"enabled": True}),
    _document("GET", "/documents/path/get", Action.READ_DOCUMENTS),
    _document("PUT", "/documents/path/get", Action.READ_DOCUMENTS),
    _document("GET", "/documents/download", Action.READ_DOCUMENTS),
    _document("GET", "/documents/chunks", Action.READ_DOCUMENTS),
    *(
        _document(method, f"/documents/{what}", Action.WRITE_DOCUMENTS)
        for what in ("cancel", "retry")
        for method in ("PUT", "POST")
    ),
    _document("DELETE", "/documents/delete", Action.WRITE_DOCUMENTS),
    Route("POST", "/corrections/add", Action.CORRECT, body={"chat_id": "{chat}", "answer": "Dois dias."}),
    _assistant("GET", "/corrections/get", Action.READ_DOCUMENTS),
    _assistant("GET", "/unanswered/list", Action.READ),
    Route("PUT", "/unanswered/done/<group_id>", Action.CORRECT, path="/unanswered/done/{group}"),
    Route("PUT", "/unanswered/reopen/<group_id>", Action.CORRECT, path="/unanswered/reopen/{group}"),
    _assistant("GET", "/evaluations/cases", Action.EVALUATE),
    _assistant("POST", "/evaluations/cases", Action.EVALUATE, {"question": "Prazo?", "expected": "dois dias"}),
    Route(
        "POST",
        f"/evaluations/importCases/{_ASSISTANT}",
        Action.EVALUATE,
        path="/evaluations/importCases/{assistant}",
        body={},
        form=True,
    ),
    _evaluations("PUT", "updateCase", "case", {"expected": "dois dias"}),
    _evaluations("DELETE", "deleteCase", "case"),
    _assistant("POST", "/evaluations/run", Action.EVALUATE, {}),
    _assistant("GET", "/evaluations/runs", Action.EVALUATE),
    _evaluations("GET", "get", "run"),
    _evaluations("GET", "results", "run"),
    _evaluations("PUT", "verdict", "result", {"verdict": "right"}),
    _evaluations("POST", "cancel", "run"),
    _evaluations("POST", "publish", "run", {}),
    _evaluations("DELETE", "delete", "run"),
    _prompts("GET", "get", Action.READ_DOCUMENTS),
    _prompts("PUT", "update", Action.CONFIGURE, {"text": "Seja breve."}),
    _prompts("GET", "versions", Action.READ_DOCUMENTS),
    _prompts("GET", "version", Action.READ_DOCUMENTS),
    _prompts("GET", "diff", Action.READ_DOCUMENTS),
    _prompts("POST", "restore", Action.CONFIGURE, {}),
    _prompts("PUT", "note", Action.CONFIGURE, {"note": "Natal"}),
]

GUARDED = [route for route in ROUTES if route.needs is not Needs.NOTHING]
