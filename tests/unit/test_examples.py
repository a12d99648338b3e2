"""The Dockerfile and the files in `examples/` that configure other programs: they name what there is."""

import configparser
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.settings import Settings, load_settings

PROJECT = Path(__file__).parents[2]
EXAMPLES = PROJECT / "examples"
SETTINGS = {name.upper() for name in Settings.model_fields}
FROM_THE_OPERATOR = {"SECRET_KEY": "x" * 32, "DOMAIN": "api.example.com"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((EXAMPLES / "compose.yaml").read_text()))


def substituted(value: str) -> str:
    """As compose does it: `${NAME:-default}` and `${NAME:?message}`."""

    def replace(found: re.Match[str]) -> str:
        return FROM_THE_OPERATOR[found[1]] if found[2] == "?" else found[3]

    return re.sub(r"\$\{([A-Z_]+):([?-])([^}]*)\}", replace, value)


def test_compose_gives_the_service_settings_that_it_knows_and_takes(
    compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    service = compose["services"]["orquestradora"]
    assert set(service["environment"]) <= SETTINGS
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    for name, value in service["environment"].items():
        monkeypatch.setenv(name, substituted(value))

    settings = load_settings(str(PROJECT / ".env.example"))

    assert (EXAMPLES / service["env_file"]).resolve() == PROJECT / ".env"
    assert (settings.host, settings.port, settings.trusted_proxies) == ("0.0.0.0", 8080, 1)
    image = dict(re.findall(r"(\w+_DIR)=(\S+)", (PROJECT / "Dockerfile").read_text()))
    assert image == {"DATA_DIR": str(settings.data_dir), "DOCUMENTS_DIR": str(settings.documents_dir)}
    mounted = {volume.split(":")[1] for volume in service["volumes"]}
    assert mounted == set(image.values())


def test_compose_names_services_volumes_and_files_that_there_are(compose: dict[str, Any]) -> None:
    services = compose["services"]
    used = [volume for service in services.values() for volume in service.get("volumes", [])]
    sources = {volume.split(":")[0] for volume in used}

    assert {name for name in sources if not name.startswith(".")} == set(compose["volumes"])
    assert all((EXAMPLES / name).is_file() for name in sources if name.startswith("."))
    assert {name for service in services.values() for name in service.get("depends_on", {})} <= set(services)
    assert (EXAMPLES / services["orquestradora"]["build"] / "Dockerfile").is_file()


def test_compose_shows_the_world_nothing_but_the_proxy(compose: dict[str, Any]) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["caddy"]


def test_what_others_wait_for_has_a_health_check(compose: dict[str, Any]) -> None:
    checked = {name for name, service in compose["services"].items() if "healthcheck" in service}
    waited_for = {name for service in compose["services"].values() for name in service.get("depends_on", {})}

    assert waited_for - checked == {"orquestradora"}  # which has the image's
    assert "HEALTHCHECK" in (PROJECT / "Dockerfile").read_text()


def test_a_stop_is_given_the_time_of_the_longest_answer(compose: dict[str, Any]) -> None:
    settings = Settings.model_fields
    longest = settings["burst_max_seconds"].default + settings["llm_timeout_seconds"].default + 10
    unit = (EXAMPLES / "orquestradora.service").read_text()

    assert int(compose["services"]["orquestradora"]["stop_grace_period"].removesuffix("s")) > longest
    assert int(re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)[0]) > longest


def test_the_image_is_no_root_and_copies_what_there_is() -> None:
    lines = (PROJECT / "Dockerfile").read_text().splitlines()
    instructions = [line.split() for line in lines if re.match("[A-Z]+ ", line)]
    copied = [word for name, *words in instructions if name == "COPY" for word in words[:-1]]
    named = {pair.split("=")[0] for name, *words in instructions if name == "ENV" for pair in words}
    ignored = (PROJECT / ".dockerignore").read_text().splitlines()

    assert ["USER", "orquestradora"] in instructions
    assert all((PROJECT / name).exists() and f"!{name}" in ignored for name in copied)
    assert named <= SETTINGS
    assert sum(name in {"RUN", "COPY"} for name, *_ in instructions) <= 5


def test_the_unit_starts_the_service_and_stops_it_alone() -> None:
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(EXAMPLES / "orquestradora.service")
    service = unit["Service"]

    assert (PROJECT / service["ExecStart"].split()[1]).is_file()
    assert {pair.split("=")[0] for pair in service["Environment"].split()} <= SETTINGS
    assert service["KillMode"] == "mixed"
    assert service["User"] != "root"


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"])
def test_nginx_sends_what_the_service_believes(name: str) -> None:
    assert f"proxy_set_header {name} " in (EXAMPLES / "nginx.conf").read_text()


def test_proxies_take_whole_uploads_and_pass_streams_on() -> None:
    nginx = (EXAMPLES / "nginx.conf").read_text()
    largest = re.findall(r"client_max_body_size (\d+)m;", nginx)

    assert int(largest[0]) > Settings.model_fields["max_upload_mb"].default
    assert "proxy_buffering off;" in nginx
    assert "flush_interval -1" in (EXAMPLES / "Caddyfile").read_text()


def test_nginx_bounds_each_address_and_slow_clients_and_stores_no_bodies() -> None:
    nginx = (EXAMPLES / "nginx.conf").read_text()
    zone = re.findall(r"limit_conn_zone \$binary_remote_addr zone=(\w+):", nginx)

    assert re.search(rf"limit_conn {zone[0]} \d+;", nginx)
    assert {"client_header_timeout 20s;", "client_body_timeout 20s;", "send_timeout 20s;"} <= {
        line.strip() for line in nginx.splitlines()
    }
    assert "proxy_request_buffering off;" in nginx


def test_caddy_bounds_slow_clients_and_bodies() -> None:
    caddy = (EXAMPLES / "Caddyfile").read_text()
    largest = re.findall(r"max_size (\d+)MB", caddy)

    assert "read_header 20s" in caddy
    assert int(largest[0]) > Settings.model_fields["max_upload_mb"].default
