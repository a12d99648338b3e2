"""What reaches out of the process: database, embedding model, language model, disk, time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pymongo.database import Database
from pymongo.monitoring import CommandListener

from app.archive import ArchiveError, has_unfinished_import
from app.domain.channels import ChannelKind
from app.domain.embeddings import EmbeddingSetting
from app.domain.rows import Row
from app.knowledge.embedding import Embedder, open_embedder
from app.knowledge.extractive import ExtractiveAnswerer
from app.knowledge.index.process_folders import own_folder
from app.llm.config import ModelConfig
from app.llm.language_model import LanguageModel
from app.llm.transcription import Transcriber
from app.net.client import open_client
from app.net.outgoing_proxies import DIRECT, Proxies
from app.net.page_fetcher import PageFetcher
from app.net.provider_client import ProviderClient
from app.repositories.dialect import Dialect
from app.repositories.own_writes import OwnWrites
from app.security.keys import KeyVault
from app.security.passwords import PasswordHasher
from app.security.secret import load_or_create_secret
from app.services import handover_intent
from app.services.channels.provider import Provider
from app.services.ports import Clock
from app.services.ports.accounts import Passwords
from app.services.ports.conversations import Answerer
from app.services.ports.media import Transcribes
from app.settings import NO_OUTGOING_PROXY, Settings
from app.storage.folders import check_writable, close_to_others
from app.wiring.channel_providers import channel_providers
from app.wiring.database import OpenDatabase, database_failures_explained, open_database, reveal
from app.wiring.tracing import TracingEngine, tracing_of

_EMBEDDING_TIMEOUT_SECONDS = 30
_PAGE_SECONDS = 20


@dataclass(frozen=True)
class Engines:
    """Tests put stand-ins here. `sole_owner`: no other process works on this database; `writes` are all to it.

    `prompt` is the same database, for what rather fails than waits; None: that waits too.
    """

    database: Database[Row]
    dialect: Dialect
    embedder: Embedder
    embedding: EmbeddingSetting
    open_embedder: Callable[[EmbeddingSetting], Embedder]
    answerer: Answerer
    fetcher: PageFetcher
    passwords: Passwords
    clock: Clock
    secret: str
    index_folder: Path
    sole_owner: bool = False
    writes: OwnWrites | None = None
    prompt: Database[Row] | None = None
    old_secrets: tuple[str, ...] = ()
    tracing: TracingEngine = field(default_factory=TracingEngine)
    providers: Mapping[ChannelKind, Provider] = field(default_factory=dict)
    transcriber: Transcribes | None = None


@contextmanager
def open_engines(settings: Settings, *, beside_service: bool = False) -> Iterator[Engines]:
    """Open them, and close them in reverse.

    `beside_service`: a command that may share the embedded database of a service that is running. A failure of the
    database within the block becomes an `UnavailableError` that an operator can act on.
    """
    for folder, setting in _folders(settings):
        check_writable(folder, setting)
    with database_failures_explained(), ExitStack() as closing:
        tracing = tracing_of(settings, closing)
        # The database takes its second to start while this process loads its models.
        with ThreadPoolExecutor(1) as beside:
            opening = beside.submit(open_whole_database, settings, closing, beside_service, tracing.listeners)
            embedding, opener = embedding_of(settings), embedder_opener(settings)
            embedder, answerer = opener(embedding), _open_answerer(settings, closing)
            if not beside_service:
                handover_intent.prepare()
            opened = opening.result()
        yield Engines(
            database=opened.database,
            dialect=opened.dialect,
            embedder=embedder,
            embedding=embedding,
            open_embedder=opener,
            answerer=answerer,
            fetcher=PageFetcher(settings.max_upload_bytes, _PAGE_SECONDS, proxies=proxies_of(settings)),
            passwords=PasswordHasher(),
            clock=lambda: datetime.now(UTC),
            secret=secret_of(settings),
            index_folder=closing.enter_context(own_folder(settings.data_dir / "index")),
            sole_owner=opened.sole_owner,
            writes=opened.writes,
            prompt=opened.prompt,
            old_secrets=old_secrets_of(settings),
            tracing=tracing,
            providers=channel_providers(provider_client(settings), settings.media_max_bytes),
            transcriber=_open_transcriber(settings, closing),
        )


def provider_client(settings: Settings) -> ProviderClient:
    """What asks the providers of channels."""
    return ProviderClient(allow_private=settings.allow_private_channels, proxies=proxies_of(settings))


def close_folders(settings: Settings) -> None:
    """Take other users' rights to the service's folders away, and say so; once nothing else can go wrong."""
    for folder, setting in _folders(settings):
        close_to_others(folder, setting)


def _folders(settings: Settings) -> tuple[tuple[Path, str], ...]:
    return (settings.data_dir, "DATA_DIR"), (settings.documents_dir, "DOCUMENTS_DIR")


def open_whole_database(
    settings: Settings, closing: ExitStack, beside_service: bool, listeners: Sequence[CommandListener] = ()
) -> OpenDatabase:
    """The database of the settings; raises `ArchiveError` where an import into it was cut off."""
    opened = open_database(settings, closing, beside_service=beside_service, listeners=listeners)
    if has_unfinished_import(opened.database):
        raise ArchiveError("An import into this database was cut off; import the same file again.")
    return opened


def secret_of(settings: Settings) -> str:
    """SECRET_KEY, or the one made at the first start of the embedded database."""
    return reveal(settings.secret_key) or load_or_create_secret(settings.data_dir / "secret_key")


def old_secrets_of(settings: Settings) -> tuple[str, ...]:
    """What SECRET_KEY was before."""
    return tuple(old.get_secret_value() for old in settings.secret_keys_old)


def vault_of(settings: Settings) -> KeyVault:
    """What encrypts secrets in the database under SECRET_KEY."""
    return KeyVault(secret_of(settings), old_secrets_of(settings))


def embedding_of(settings: Settings) -> EmbeddingSetting:
    """What the settings say of the embedding model."""
    return EmbeddingSetting(
        settings.embedding_model,
        settings.embedding_base_url or settings.openai_base_url,
        reveal(settings.embedding_api_key or settings.openai_api_key),
    )


def proxies_of(settings: Settings) -> Proxies:
    """What goes out through which proxy: OUTGOING_PROXY, or else the usual variables of the environment."""
    own = reveal(settings.outgoing_proxy)
    if own == NO_OUTGOING_PROXY:
        return DIRECT
    http, https = reveal(settings.http_proxy), reveal(settings.https_proxy)
    return Proxies(own or http, own or https, settings.no_proxy)


def embedder_opener(settings: Settings) -> Callable[[EmbeddingSetting], Embedder]:
    """Opens the model of these settings as well as that of earlier ones."""

    def opened(setting: EmbeddingSetting) -> Embedder:
        return open_embedder(
            setting.model,
            setting.base_url,
            setting.api_key,
            settings.data_dir,
            _EMBEDDING_TIMEOUT_SECONDS,
            question_timeout=min(_EMBEDDING_TIMEOUT_SECONDS, settings.llm_timeout_seconds / 2),
            proxies=proxies_of(settings),
        )

    return opened


def _open_transcriber(settings: Settings, closing: ExitStack) -> Transcriber | None:
    if settings.stt_model is None:
        return None
    return Transcriber(
        settings.stt_model,
        settings.stt_base_url or settings.openai_base_url,
        reveal(settings.stt_api_key or settings.openai_api_key),
        closing.enter_context(open_client(proxies_of(settings))),
    )


def _open_answerer(settings: Settings, closing: ExitStack) -> Answerer:
    if settings.llm_model is None:
        return ExtractiveAnswerer()
    config = ModelConfig(
        model=settings.llm_model,
        base_url=settings.llm_base_url,
        api_key=reveal(settings.llm_api_key),
        openai_base_url=settings.openai_base_url,
        openai_api_key=reveal(settings.openai_api_key),
        fallback_models=settings.llm_fallback_models,
        timeout_seconds=settings.llm_timeout_seconds,
        max_output_tokens=settings.llm_max_output_tokens,
        temperature=settings.llm_temperature,
        sees_images=settings.llm_vision,
    )
    return LanguageModel(config, closing.enter_context(open_client(proxies_of(settings))))
