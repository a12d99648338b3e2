"""Every setting, typed, read once from the environment or `.env`; the only reader of the environment."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

CommaSeparated = Annotated[tuple[str, ...], NoDecode]


class SettingsError(Exception):
    """A setting cannot be used; the message is one line that names it."""


class Settings(BaseSettings):
    """The settings of one process; an empty value means the default. `.env.example` says what each does."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    threads: int = Field(64, ge=1, le=1024)
    trusted_proxies: int = Field(0, ge=0, le=10)

    secret_key: SecretStr | None = None
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

    history_turns: int = Field(10, ge=0, le=100)
    context_characters: int = Field(6000, ge=0, le=200_000)

    burst_quiet_seconds: float = Field(0, ge=0, le=30)
    burst_max_seconds: float = Field(20, ge=1, le=120)
    auto_reactivate_hours: float = Field(0, ge=0, le=8760)

    embedding_model: str = "bundled"
    embedding_base_url: str | None = None
    embedding_api_key: SecretStr | None = None

    queue_url: SecretStr | None = None
    index_memory_mb: int = Field(512, ge=16, le=1_000_000)

    max_upload_mb: int = Field(25, ge=1, le=1024)
    max_message_characters: int = Field(4096, ge=1, le=100_000)
    registration: Literal["open", "first", "closed"] = "open"
    admin_emails: CommaSeparated = ()
    cors_origins: CommaSeparated = ()
    token_hours: float = Field(72, gt=0, le=8760)

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"

    @field_validator("llm_fallback_models", "admin_emails", "cors_origins", mode="before")
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

    @field_validator("llm_base_url", "openai_base_url", "embedding_base_url")
    @classmethod
    def _looks_like_http(cls, value: str | None) -> str | None:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value and len(value.get_secret_value()) < 32:
            raise ValueError("must have at least 32 characters")
        return value

    @model_validator(mode="after")
    def _secret_key_with_mongodb(self) -> Self:
        if self.mongodb_uri and not self.secret_key:
            raise ValueError("SECRET_KEY is required with MONGODB_URI (at least 32 characters)")
        return self

    @property
    def max_upload_bytes(self) -> int:
        """The largest file that may be uploaded."""
        return self.max_upload_mb * 1024 * 1024


def load_settings(env_file: str | None = ".env", **overrides: Any) -> Settings:
    """Read the settings; raises `SettingsError` with one line that names what cannot be used."""
    try:
        return Settings(_env_file=env_file, **overrides)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"]).upper()
        problem = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{name}: {problem}" if name else problem) from None
