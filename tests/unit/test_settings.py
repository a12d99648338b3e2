"""The settings, from the environment and `.env`."""

import re
from pathlib import Path

import pytest

from app.settings import NO_OUTGOING_PROXY, Rate, Settings, SettingsError, load_settings, log_format_alone

SECRET = "x" * 32


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_defaults_are_the_contracts() -> None:
    settings = load_settings()

    assert (settings.host, settings.port, settings.threads) == ("127.0.0.1", 8080, 64)
    assert (settings.mongodb_uri, settings.mongodb_db, settings.secret_key) == (None, None, None)
    assert (settings.data_dir, settings.documents_dir) == (Path("data"), Path("documents"))
    assert (settings.llm_model, settings.llm_base_url, settings.llm_api_key) == (None, None, None)
    assert (settings.llm_fallback_models, settings.allowed_models) == ((), ())
    assert settings.usage_timezone == "America/Sao_Paulo"
    assert (settings.llm_timeout_seconds, settings.llm_max_output_tokens) == (30, 600)
    assert settings.llm_temperature == 0.2
    assert (settings.history_turns, settings.context_characters) == (10, 6000)
    assert (settings.burst_quiet_seconds, settings.burst_max_seconds) == (0, 20)
    assert settings.auto_reactivate_hours == 0
    assert (settings.embedding_model, settings.embedding_base_url) == ("bundled", None)
    assert (settings.max_upload_mb, settings.max_message_characters) == (25, 4096)
    assert settings.max_upload_bytes == 25 * 1024 * 1024
    assert (settings.registration, settings.admin_emails, settings.cors_origins) == ("open", (), ())
    assert settings.token_hours == 72
    assert (settings.rate_limit_messages, settings.rate_limit_reads) == (Rate(300, 60), Rate(1200, 60))
    assert settings.public_url is None
    assert (settings.log_level, settings.log_format) == ("INFO", "text")


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("PORT=1111\nTHREADS=7\n# a comment\nUNKNOWN=x\n")
    monkeypatch.setenv("PORT", "2222")

    settings = load_settings()

    assert (settings.port, settings.threads) == (2222, 7)


def test_an_empty_value_means_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("LLM_MODEL=\nPORT=\nADMIN_EMAILS=\n")
    monkeypatch.setenv("THREADS", "")

    settings = load_settings()

    assert (settings.llm_model, settings.port, settings.admin_emails, settings.threads) == (None, 8080, (), 64)


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("http://proxy:3128", "http://proxy:3128"),
        ("https://ana:senha@proxy:3128/", "https://ana:senha@proxy:3128/"),
        ("proxy:3128", "http://proxy:3128"),
    ],
)
@pytest.mark.parametrize("name", ["OUTGOING_PROXY", "HTTPS_PROXY", "http_proxy"])
def test_a_proxy_is_taken_as_curl_does(name: str, value: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)

    secret = getattr(load_settings(), name.lower())

    assert secret.get_secret_value() == url
    assert "senha" not in repr(secret)


@pytest.mark.parametrize("value", ["socks5://proxy:1080", "http://", "http://pro xy:3128", "http://proxy:99999"])
@pytest.mark.parametrize("name", ["OUTGOING_PROXY", "HTTPS_PROXY", "HTTP_PROXY"])
def test_a_proxy_that_cannot_be_used_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as refused:
        load_settings()

    assert str(refused.value) == f"{name}: must be http://host:port or https://host:port"


def test_no_proxy_at_all_is_said_of_outgoing_proxy_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTGOING_PROXY", "None")
    monkeypatch.setenv("NO_PROXY", "localhost, .example.com")
    settings = load_settings()

    assert settings.outgoing_proxy is not None
    assert settings.outgoing_proxy.get_secret_value() == NO_OUTGOING_PROXY
    assert settings.no_proxy == ("localhost", ".example.com")


def test_only_a_model_sees_pictures() -> None:
    assert not load_settings(None, llm_vision=True).sees_images
    assert not load_settings(None, llm_model="gpt-5-mini").sees_images
    assert load_settings(None, llm_model="gpt-5-mini", llm_vision=True).sees_images


def test_lists_are_split_at_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_EMAILS", " a@example.com, b@example.com,, ")
    monkeypatch.setenv("CORS_ORIGINS", "https://a.example.com,http://localhost:5173, http://[::1]:8080")

    settings = load_settings()

    assert settings.admin_emails == ("a@example.com", "b@example.com")
    assert settings.cors_origins == ("https://a.example.com", "http://localhost:5173", "http://[::1]:8080")


@pytest.mark.parametrize(
    ("value", "rate"),
    [
        ("5/second", Rate(5, 1)),
        (" 10/hour ", Rate(10, 3600)),
        ("100000/day", Rate(100_000, 86_400)),
        ("0", Rate(0, 1)),
    ],
)
def test_a_rate_is_a_number_per_time(value: str, rate: Rate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RATE_LIMIT_SEARCH", value)

    assert load_settings().rate_limit_search == rate


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=1111\nADMIN_EMAILS=joão@example.com\n", encoding="utf-8-sig")

    settings = load_settings()

    assert (settings.port, settings.admin_emails) == (1111, ("joão@example.com",))


@pytest.mark.parametrize(("encoding", "line"), [("cp1252", 2), ("utf-16", 1)])
def test_a_file_in_another_encoding_is_named_with_the_line(tmp_path: Path, encoding: str, line: int) -> None:
    (tmp_path / ".env").write_text("PORT=1111\n# não\n", encoding=encoding)

    with pytest.raises(SettingsError, match=rf"\.env: line {line} is not UTF-8"):
        load_settings()


def test_a_line_of_the_file_that_sets_nothing_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".env").write_text("PORT=1111\nTHREADS 7\n")

    with pytest.raises(SettingsError, match=r"\.env: line 2 is not of the form NAME=value\."):
        load_settings()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"LOG_FORMAT=json\nPORT=x\n", "json"),
        (b"LOG_FORMAT=xml\n", "text"),
        (b"PORT=x\n", "text"),
        (b"LOG_FORMAT=json\n# n\xe3o\n", "text"),
    ],
)
def test_the_format_of_the_log_is_known_when_nothing_else_is(tmp_path: Path, content: bytes, expected: str) -> None:
    (tmp_path / ".env").write_bytes(content)

    assert log_format_alone() == expected


def test_the_format_of_the_log_is_known_beside_an_unreadable_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_bytes(b"# n\xe3o\n")
    monkeypatch.setenv("LOG_FORMAT", "json")

    assert log_format_alone() == "json"


def test_the_level_of_the_log_may_be_written_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "debug")

    assert load_settings().log_level == "DEBUG"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "70000"),
        ("THREADS", "0"),
        ("SECRET_KEY", "too short"),
        ("MONGODB_URI", "http://example.com"),
        ("MONGODB_DB", "a/b"),
        ("LLM_TIMEOUT_SECONDS", "0"),
        ("LLM_TEMPERATURE", "warm"),
        ("LLM_BASE_URL", "example.com"),
        ("LLM_BASE_URL", "http://"),
        ("LLM_BASE_URL", "https://[::1"),
        ("OPENAI_BASE_URL", "ftp://example.com"),
        ("EMBEDDING_BASE_URL", "example.com"),
        ("HISTORY_TURNS", "-1"),
        ("BURST_QUIET_SECONDS", "-0.1"),
        ("BURST_QUIET_SECONDS", "30.1"),
        ("BURST_QUIET_SECONDS", "nan"),
        ("BURST_MAX_SECONDS", "0.9"),
        ("BURST_MAX_SECONDS", "121"),
        ("AUTO_REACTIVATE_HOURS", "never"),
        ("AUTO_REACTIVATE_HOURS", "-1"),
        ("AUTO_REACTIVATE_HOURS", "8761"),
        ("MAX_UPLOAD_MB", "2.5"),
        ("REGISTRATION", "maybe"),
        ("ADMIN_EMAILS", "foo"),
        ("ADMIN_EMAILS", "ana@example.com; bia@example.com"),
        ("RATE_LIMIT_MESSAGES", "many"),
        ("RATE_LIMIT_MESSAGES", "0/minute"),
        ("RATE_LIMIT_MESSAGES", "-1/minute"),
        ("RATE_LIMIT_MESSAGES", "100001/second"),
        ("RATE_LIMIT_SEARCH", "10/fortnight"),
        ("RATE_LIMIT_UPLOADS", "10/minute;100/hour"),
        ("RATE_LIMIT_REGISTER", "1.5/minute"),
        ("RATE_LIMIT_READS", "300"),
        ("CORS_ORIGINS", "dashboard.example.com"),
        ("CORS_ORIGINS", "https://dashboard.example.com/"),
        ("CORS_ORIGINS", "https://dashboard.example.com/painel"),
        ("CORS_ORIGINS", "https://a.example.com,ftp://b.example.com"),
        ("CORS_ORIGINS", "https://*.example.com"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "null"),
        ("CORS_ORIGINS", "https://Dashboard.example.com"),
        ("CORS_ORIGINS", "https://dashboard.example.com:443"),
        ("CORS_ORIGINS", "https://painel.exámple.com"),
        ("TOKEN_HOURS", "-1"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as refused:
        load_settings()

    assert str(refused.value).startswith(f"{name}: ")
    assert "\n" not in str(refused.value)


def test_mongodb_wants_a_secret_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGODB_URI", "mongodb://localhost")
    with pytest.raises(SettingsError, match="SECRET_KEY is required with MONGODB_URI"):
        load_settings()

    monkeypatch.setenv("SECRET_KEY", SECRET)
    assert load_settings().secret_key is not None


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    uri = "mongodb://user:password@localhost"
    for name, value in {"SECRET_KEY": SECRET, "MONGODB_URI": uri, "LLM_API_KEY": "sk-key"}.items():
        monkeypatch.setenv(name, value)

    shown = repr(load_settings())

    assert not any(secret in shown for secret in (SECRET, "password", "sk-key"))


@pytest.mark.parametrize("value", ["short-secret", "sk-key with ftp"])
def test_a_refused_secret_is_not_repeated(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SECRET_KEY", value)

    with pytest.raises(SettingsError) as refused:
        load_settings()

    assert value not in str(refused.value)


@pytest.mark.parametrize("file", [".env.example", "docs/settings.md"])
def test_every_setting_is_explained(file: str) -> None:
    explained = set(re.findall(r"[A-Z][A-Z_]+", (Path(__file__).parents[2] / file).read_text()))

    assert {name.upper() for name in Settings.model_fields} - explained == set()


@pytest.mark.parametrize(
    ("url", "mail_from", "sender"),
    [
        ("smtp://mail.example.com", "", "nao-responda@api.example.com"),
        ("smtps://ana:senha@mail.example.com:465", "", "nao-responda@api.example.com"),
        ("smtp+starttls://ana%40example.com:senha@mail", "", "ana@example.com"),
        ("smtp+starttls://ana%40example.com:senha@mail", "bot@example.com", "bot@example.com"),
    ],
)
def test_mails_are_from_somebody(url: str, mail_from: str, sender: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", url)
    monkeypatch.setenv("PUBLIC_URL", "https://api.example.com")
    monkeypatch.setenv("MAIL_FROM", mail_from)

    settings = load_settings()

    assert settings.mail_sender == sender
    assert "senha" not in repr(settings)


@pytest.mark.parametrize("url", ["mail.example.com", "http://mail.example.com", "smtp://", "smtp://mail:99999"])
def test_a_mail_server_that_cannot_be_used_is_named(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", url)
    monkeypatch.setenv("PUBLIC_URL", "https://api.example.com")

    with pytest.raises(SettingsError, match=r"^SMTP_URL: must be smtp"):
        load_settings()


def test_mails_need_to_know_where_people_reach_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", "smtp://mail.example.com")

    with pytest.raises(SettingsError, match="PUBLIC_URL is required with SMTP_URL"):
        load_settings()


def test_a_sender_is_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_FROM", "Assistentes")

    with pytest.raises(SettingsError, match=r"^MAIL_FROM: Assistentes is not an e-mail address"):
        load_settings()


def test_which_models_may_be_chosen() -> None:
    own = {"llm_model": "gpt-5-mini", "llm_fallback_models": ("gpt-5",)}

    assert load_settings(None).models_to_choose == set()
    assert load_settings(None, **own).models_to_choose == {"gpt-5-mini", "gpt-5"}
    assert load_settings(None, **own, allowed_models=("llama",)).models_to_choose == {"llama"}


@pytest.mark.parametrize("zone", ["Brasilia", "America/Nowhere", "../etc/passwd", "America/Sao_Paulo\0", "America"])
def test_a_time_zone_that_there_is_not(zone: str) -> None:
    with pytest.raises(SettingsError, match=r"^USAGE_TIMEZONE: must be the name of a time zone"):
        load_settings(None, usage_timezone=zone)
