"""Every setting, typed, read once from the environment or `.env`; the only reader of the environment."""

import logging
import re
from collections.abc import Set
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from email_validator import EmailNotValidError, validate_email
from pydantic import (
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_ORIGIN = re.compile(r"https?://([a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")
_SMTP_SCHEMES = {"smtp", "smtp+starttls", "smtps"}
_USUAL_PORTS = {"http": ":80", "https": ":443"}

NO_OUTGOING_PROXY = "none"
"""What OUTGOING_PROXY says where the proxies of the environment are not to be used."""

_RATE = re.compile(r"([0-9]{1,6})/(second|minute|hour|day)")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_MOST_REQUESTS = 100_000

CommaSeparated = Annotated[tuple[str, ...], NoDecode]


class Rate(NamedTuple):
    """At most `amount` requests within `seconds`; an amount of 0: no limit."""

    amount: int
    seconds: int


def _read_rate(value: Any) -> Any:
    if isinstance(value, Rate):
        return value
    if value == "0":
        return Rate(0, 1)
    found = _RATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or not 1 <= int(found[1]) <= _MOST_REQUESTS:
        raise ValueError("must be like 300/minute (or second, hour, day; up to 100000), or 0 for no limit")
    return Rate(int(found[1]), _SECONDS[found[2]])


RateSetting = Annotated[Rate, NoDecode, BeforeValidator(_read_rate)]


class SettingsError(Exception):
    """A setting cannot be used; the message is one line that names it."""


class Settings(BaseSettings):
    """The settings of one process; an empty value means the default. `.env.example` says what each does."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8-sig",  # with or without a byte order mark
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    threads: int = Field(64, ge=1, le=1024)
    trusted_proxies: int = Field(0, ge=0, le=10)

    secret_key: SecretStr | None = None
    secret_keys_old: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    mongodb_uri: SecretStr | None = None
    mongodb_db: str | None = Field(None, min_length=1, max_length=38, pattern=r"^[A-Za-z0-9_-]+$")
    data_dir: Path = Path("data")
    documents_dir: Path = Path("documents")

    llm_model: str | None = None
    llm_base_url: str | None = None
    llm_api_key: SecretStr | None = None
    openai_base_url: str | None = None
    openai_api_key: SecretStr | None = None
    llm_fallback_models: CommaSeparated = ()
    llm_timeout_seconds: float = Field(30, gt=0, le=600)
    llm_max_output_tokens: int = Field(600, ge=1, le=100_000)
    llm_temperature: float = Field(0.2, ge=0, le=2)
    allowed_models: CommaSeparated = ()
    llm_vision: bool = False

    stt_model: str | None = None
    stt_base_url: str | None = None
    stt_api_key: SecretStr | None = None

    history_turns: int = Field(10, ge=0, le=100)
    context_characters: int = Field(6000, ge=0, le=200_000)

    burst_quiet_seconds: float = Field(0, ge=0, le=30)
    burst_max_seconds: float = Field(20, ge=1, le=120)
    conversation_queue: int = Field(20, ge=1, le=1000)
    auto_reactivate_hours: float = Field(0, ge=0, le=8760)

    embedding_model: str = "bundled"
    embedding_base_url: str | None = None
    embedding_api_key: SecretStr | None = None

    outgoing_proxy: SecretStr | None = None
    http_proxy: SecretStr | None = None
    https_proxy: SecretStr | None = None
    no_proxy: CommaSeparated = ()
    allow_private_webhooks: bool = False
    allow_private_channels: bool = False

    queue_url: SecretStr | None = None
    index_memory_mb: int = Field(512, ge=16, le=1_000_000)

    max_upload_mb: int = Field(25, ge=1, le=1024)
    media_max_mb: int = Field(25, ge=1, le=100)
    max_message_characters: int = Field(4096, ge=1, le=100_000)
    registration: Literal["open", "first", "closed"] = "open"
    admin_emails: CommaSeparated = ()
    cors_origins: CommaSeparated = ()
    public_url: str | None = None
    smtp_url: SecretStr | None = None
    mail_from: str | None = None
    token_hours: float = Field(72, gt=0, le=8760)

    rate_limit_messages: RateSetting = Rate(300, 60)
    rate_limit_search: RateSetting = Rate(120, 60)
    rate_limit_uploads: RateSetting = Rate(300, 60)
    rate_limit_register: RateSetting = Rate(30, 60)
    rate_limit_reads: RateSetting = Rate(1200, 60)
    rate_limit_visitors: RateSetting = Rate(120, 60)
    rate_limit_visitor_messages: RateSetting = Rate(20, 60)

    quota_assistants: int = Field(0, ge=0, le=1_000_000)
    quota_documents: int = Field(0, ge=0, le=1_000_000)
    quota_megabytes: int = Field(0, ge=0, le=1_000_000_000)
    quota_media_megabytes: int = Field(10_240, ge=0, le=1_000_000_000)

    usage_timezone: str = "America/Sao_Paulo"
    otel_exporter_otlp_endpoint: str | None = None
    metrics_token: SecretStr | None = Field(None, min_length=16)
    audit_days: int = Field(365, ge=0, le=36_500)

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"

    @field_validator(
        "secret_keys_old",
        "llm_fallback_models",
        "allowed_models",
        "no_proxy",
        "admin_emails",
        "cors_origins",
        mode="before",
    )
    @classmethod
    def _split_at_commas(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return tuple(part.strip() for part in value.split(",") if part.strip())

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @field_validator("mongodb_uri")
    @classmethod
    def _looks_like_mongodb(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith(("mongodb://", "mongodb+srv://")):
            raise ValueError("must start with mongodb:// or mongodb+srv://")
        return value

    @field_validator("queue_url")
    @classmethod
    def _looks_like_redis(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must start with redis://, rediss:// or unix://")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _looks_like_smtp(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not _is_url(value.get_secret_value(), _SMTP_SCHEMES):
            raise ValueError(
                "must be smtp://, smtp+starttls:// or smtps://, then user:password@ if need be, and a host"
            )
        return value

    @field_validator("mail_from")
    @classmethod
    def _is_email(cls, value: str | None) -> str | None:
        return value and _email(value)

    @field_validator("outgoing_proxy", "http_proxy", "https_proxy")
    @classmethod
    def _is_proxy(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        """As curl takes it: a proxy without a scheme is asked by http."""
        text = value.get_secret_value().strip() if value else ""
        if not text or (info.field_name == "outgoing_proxy" and text.lower() == NO_OUTGOING_PROXY):
            return SecretStr(text.lower()) if text else None
        url = text if "://" in text else f"http://{text}"
        if not _is_http(url) or " " in url:
            raise ValueError("must be http://host:port or https://host:port")
        return SecretStr(url)

    @field_validator(
        "llm_base_url",
        "openai_base_url",
        "embedding_base_url",
        "stt_base_url",
        "public_url",
        "otel_exporter_otlp_endpoint",
    )
    @classmethod
    def _looks_like_http(cls, value: str | None) -> str | None:
        if value and not _is_http(value):
            raise ValueError("must start with http:// or https://, and name a host")
        return value

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            if not _is_origin(value):
                raise ValueError(f"{value} is not an origin such as https://dashboard.example.com: no path, no *")
        return values

    @field_validator("admin_emails")
    @classmethod
    def _are_emails(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_email(value) for value in values)

    @field_validator("usage_timezone")
    @classmethod
    def _is_time_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ValueError, OSError, ZoneInfoNotFoundError):
            raise ValueError("must be the name of a time zone, such as America/Sao_Paulo or UTC") from None
        return value

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value and len(value.get_secret_value()) < 32:
            raise ValueError("must have at least 32 characters")
        return value

    @field_validator("secret_keys_old")
    @classmethod
    def _each_long_enough(cls, values: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if any(len(value.get_secret_value()) < 32 for value in values):
            raise ValueError("each must have at least 32 characters; between two is a comma")
        return values

    @model_validator(mode="after")
    def _secret_key_with_mongodb(self) -> Self:
        if self.mongodb_uri and not self.secret_key:
            raise ValueError("SECRET_KEY is required with MONGODB_URI (at least 32 characters)")
        return self

    @model_validator(mode="after")
    def _public_url_with_smtp(self) -> Self:
        if self.smtp_url and not self.public_url:
            raise ValueError("PUBLIC_URL is required with SMTP_URL: mails have links to it")
        return self

    @property
    def mail_sender(self) -> str:
        """Whom mails are from: MAIL_FROM, SMTP_URL's user if that is an address, or one at PUBLIC_URL's host."""
        user = unquote(urlsplit(self.smtp_url.get_secret_value()).username or "") if self.smtp_url else ""
        host = urlsplit(self.public_url or "").hostname or "localhost"
        return self.mail_from or (user if "@" in user else f"nao-responda@{host}")

    @property
    def service_models(self) -> tuple[str, ...]:
        """The models that answer where an assistant names none: the first, then the fallbacks; () without any."""
        return (self.llm_model, *self.llm_fallback_models) if self.llm_model else ()

    @property
    def models_to_choose(self) -> frozenset[str]:
        """The models an assistant may choose: ALLOWED_MODELS, or the service's own."""
        return frozenset(self.allowed_models or self.service_models)

    @property
    def sees_images(self) -> bool:
        """Whether customers' pictures are shown to the model."""
        return self.llm_vision and self.llm_model is not None

    @property
    def media_dir(self) -> Path:
        """Where the files of customers are kept."""
        return self.data_dir / "media"

    @property
    def media_max_bytes(self) -> int:
        """The largest file of a customer that is kept."""
        return self.media_max_mb * 1024 * 1024

    @property
    def max_upload_bytes(self) -> int:
        """The largest file that may be uploaded."""
        return self.max_upload_mb * 1024 * 1024


class _LogSettings(BaseSettings):
    """How to say that the settings cannot be used."""

    model_config = SettingsConfigDict(env_file_encoding="utf-8-sig", extra="ignore")

    log_format: str = "text"


def load_settings(env_file: str | None = ".env", **overrides: Any) -> Settings:
    """Read the settings; raises `SettingsError` with one line that names what cannot be used."""
    unread = _UnreadLines()
    logging.getLogger("dotenv").addHandler(unread)
    try:
        settings = Settings(_env_file=env_file, **overrides)
    except ValidationError as error:
        raise SettingsError(_first_problem(error)) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError(f"{env_file}: line {line} is not UTF-8; save the file with that encoding.") from None
    except OSError as error:
        raise SettingsError(f"{env_file}: {error.strerror}.") from None
    finally:
        logging.getLogger("dotenv").removeHandler(unread)
    if unread.lines:
        raise SettingsError(f"{env_file}: line {unread.lines[0]} is not of the form NAME=value.")
    return settings


def log_format_alone(env_file: str | None = ".env") -> Literal["text", "json"]:
    """LOG_FORMAT alone, for when the other settings cannot be used: text where it cannot be read either."""
    for file in (env_file, None):
        try:
            return "json" if _LogSettings(_env_file=file).log_format == "json" else "text"
        except (ValidationError, ValueError, OSError):
            continue
    return "text"


class _UnreadLines(logging.Handler):
    """Collects the lines of `.env` that python-dotenv warns of instead of reading them."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[Any] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.extend(record.args or ())


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    name = ".".join(str(part) for part in first["loc"]).upper()
    problem = first["msg"].removeprefix("Value error, ")
    return f"{name}: {problem}" if name else problem


def _is_http(url: str) -> bool:
    return _is_url(url, {"http", "https"})


def _is_url(url: str, schemes: Set[str]) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _email(value: str) -> str:
    try:
        validate_email(value, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        raise ValueError(f"{value} is not an e-mail address") from None
    return value


def _is_origin(text: str) -> bool:
    """Whether a browser could send this as `Origin` (RFC 6454, 6.2), which leaves out a scheme's usual port."""
    return _ORIGIN.fullmatch(text) is not None and not text.endswith(_USUAL_PORTS[text.partition(":")[0]])
