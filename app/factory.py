"""create_app: the HTTP side, put together from services that exist already; no I/O."""

import re
from wsgiref.types import WSGIEnvironment

from apiflask import APIFlask
from flask_cors import CORS

from app.routes.assistants import assistant_routes
from app.routes.audit import audit_routes, register_origins
from app.routes.auth import auth_routes
from app.routes.authentication import Guard, init_tokens, signed_in_or_with_api_key
from app.routes.bench import bench_routes
from app.routes.body_limits import body_limit
from app.routes.canned_replies import canned_reply_routes
from app.routes.channels import channel_routes
from app.routes.chat_media import chat_media_routes
from app.routes.chats import chat_routes
from app.routes.conversation_records import conversation_record_routes
from app.routes.conversations import conversation_routes
from app.routes.corrections import correction_routes
from app.routes.dashboard import dashboard_routes
from app.routes.disk_space import refuse_when_full
from app.routes.document_indexing import document_indexing_routes
from app.routes.documentation import register_documentation
from app.routes.documents import document_routes
from app.routes.errors import register_errors
from app.routes.evaluation_cases import evaluation_case_routes
from app.routes.evaluation_runs import evaluation_run_routes
from app.routes.health import health_routes
from app.routes.keys import key_routes
from app.routes.knowledge import knowledge_routes
from app.routes.labels import label_routes
from app.routes.looking_again import announce_changes
from app.routes.members import member_routes
from app.routes.message_search import message_search_routes
from app.routes.messages import message_routes
from app.routes.metrics import metrics_routes, register_metrics
from app.routes.models import model_routes
from app.routes.notes import note_routes
from app.routes.prices import price_routes
from app.routes.prompts import prompt_routes
from app.routes.provider_webhooks import provider_webhook_routes
from app.routes.proxies import trust_proxies
from app.routes.rate_limits import LIMIT_HEADERS, register_rate_limits
from app.routes.request_ids import register_request_ids
from app.routes.requests import ApiRequest, StrictJson
from app.routes.security_headers import register_security_headers
from app.routes.service import service_routes
from app.routes.service_export import service_export_routes
from app.routes.templates import template_routes
from app.routes.thread_shares import register_thread_shares
from app.routes.tracing import register_tracing
from app.routes.unanswered import unanswered_routes
from app.routes.usage import usage_routes
from app.routes.users import user_routes
from app.routes.webhooks import webhook_routes
from app.routes.widget import widget_routes, widget_script_routes
from app.settings import Settings
from app.wiring import Services
from app.wiring.inbox import InboxServices

_FORM_BYTES_BESIDE_FILE = 64 * 1024
# The widget's routes let in the origins that their channel lists.
_NOT_WIDGET = r"/(?!widget/).*"
_EXPOSED_HEADERS = [
    "ETag",
    "Idempotent-Replayed",
    "Link",
    "Location",
    "Retry-After",
    "X-Request-ID",
    *LIMIT_HEADERS,
]


class Application(APIFlask):
    """The WSGI application, which also tells how long a request's body may be before that is read."""

    request_class = ApiRequest
    json_provider_class = StrictJson

    def body_limit(self, environ: WSGIEnvironment) -> int:
        """How many bytes the body of a request with these headers may have."""
        return body_limit(self, environ)


def create_app(settings: Settings, services: Services) -> Application:
    """The WSGI application."""
    app = Application(
        "orquestradora",
        title="Orquestradora",
        version="1",
        docs_path="/docs",
        static_folder=None,  # type: ignore[arg-type]
    )
    app.config["MAX_CONTENT_LENGTH"] = settings.max_upload_bytes + _FORM_BYTES_BESIDE_FILE
    app.url_map.merge_slashes = False
    init_tokens(app, services.people.sessions, services.token_secrets, settings.token_hours)
    register_request_ids(app)
    register_origins(app)
    if services.tracing:
        register_tracing(app, services.tracing)
    if services.metrics.meters:
        register_metrics(app, services.metrics.meters)
    register_security_headers(app)
    register_rate_limits(app, services.rate_limiter)
    register_thread_shares(app, services.thread_share)
    register_errors(app, services.translate)
    refuse_when_full(app, services.require_room)
    register_documentation(app)
    identified = signed_in_or_with_api_key(services.keys)
    people = services.people
    app.register_blueprint(
        auth_routes(
            people.auth,
            people.invitations,
            people.sessions,
            people.password_resets,
            people.password_reset_mail,
        )
    )
    app.register_blueprint(user_routes(people.users, people.password_resets, settings.public_url))
    app.register_blueprint(assistant_routes(services.assistants, identified))
    app.register_blueprint(member_routes(people.members, settings.public_url))
    app.register_blueprint(key_routes(services.keys))
    app.register_blueprint(
        document_routes(services.documents, services.document_changes, services.pages, identified)
    )
    app.register_blueprint(document_indexing_routes(services.document_indexing, identified))
    _register_workshop(app, services)
    app.register_blueprint(knowledge_routes(services.knowledge, identified))
    app.register_blueprint(
        message_routes(
            services.messages,
            services.human_messages,
            services.keys,
            services.channels.replies,
            services.translate,
        )
    )
    app.register_blueprint(chat_routes(services.chats, identified))
    app.register_blueprint(chat_media_routes(services.chat_media, identified))
    _register_inbox(app, services.inbox, identified)
    app.register_blueprint(usage_routes(services.usage.report, identified))
    app.register_blueprint(audit_routes(services.audit))
    app.register_blueprint(price_routes(services.usage.prices))
    app.register_blueprint(model_routes(settings.llm_model, settings.models_to_choose))
    app.register_blueprint(service_routes(services.overview))
    app.register_blueprint(service_export_routes(services.export))
    app.register_blueprint(webhook_routes(services.webhooks.service, services.webhooks.deliveries))
    channels = services.channels
    for of_channels in (
        channel_routes(channels.service, channels.accounts, channels.outbox, channels.clock, settings.public_url),
        template_routes(channels.templates),
        provider_webhook_routes(channels.receiver),
        widget_routes(channels.visitors),
        widget_script_routes(),
    ):
        app.register_blueprint(of_channels)
    app.register_blueprint(health_routes(services.readiness))
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else None
    app.register_blueprint(metrics_routes(services.metrics.render, token))
    app.register_blueprint(dashboard_routes())
    if settings.cors_origins:
        # flask-cors would take `http://[::1]:8080` for a pattern.
        exact = [re.compile(rf"{re.escape(origin)}\Z") for origin in settings.cors_origins]
        CORS(app, resources=_NOT_WIDGET, origins=exact, expose_headers=_EXPOSED_HEADERS)
    if settings.trusted_proxies:
        trust_proxies(app, settings.trusted_proxies)
    return app


def _register_workshop(app: Application, services: Services) -> None:
    """What owners make an assistant better with."""
    workshop = services.workshop
    app.register_blueprint(prompt_routes(services.prompts))
    app.register_blueprint(bench_routes(workshop.bench))
    app.register_blueprint(correction_routes(workshop.corrections))
    app.register_blueprint(evaluation_case_routes(workshop.cases))
    app.register_blueprint(evaluation_run_routes(workshop.runs, workshop.publishing))
    app.register_blueprint(unanswered_routes(workshop.unanswered))


def _register_inbox(app: APIFlask, inbox: InboxServices, identified: Guard) -> None:
    """What operators use."""
    announce_changes(app, inbox.changes)
    app.register_blueprint(conversation_routes(inbox.conversations, inbox.turns, inbox.labels, identified))
    app.register_blueprint(conversation_record_routes(inbox.conversations, inbox.exports, inbox.deletion))
    app.register_blueprint(message_search_routes(inbox.search, identified))
    app.register_blueprint(note_routes(inbox.notes, inbox.presence, identified))
    app.register_blueprint(label_routes(inbox.labels, inbox.conversations, identified))
    app.register_blueprint(canned_reply_routes(inbox.canned_replies, identified))
