"""Addresses of interfaces, on machines of the test's own: network namespaces."""

import shutil
import subprocess
import sys
from ipaddress import ip_address

import pytest

from app.net.own_addresses import is_outside, is_own

MACHINE = ("unshare", "--map-root-user", "--net")
INTERFACES = """
ip link set lo up
ip address add 93.184.215.14/32 dev lo
ip address add 2606:2800:21f::1/128 dev lo
"""
ANY_ADDRESS_CAN_BE_BOUND = "for one in /proc/sys/net/ipv*/ip_nonlocal_bind; do echo 1 > $one; done"
ASK = """
import sys
from ipaddress import ip_address
from app.net.own_addresses import is_outside
print([address for address in sys.argv[1:] if not is_outside(ip_address(address))])
"""
FETCH = """
from threading import Thread
from http.server import HTTPServer, SimpleHTTPRequestHandler
from app.domain.errors import FetchError
from app.net.outgoing_proxies import Proxies
from app.net.page_fetcher import PageFetcher
server = HTTPServer(("0.0.0.0", 8000), SimpleHTTPRequestHandler)
Thread(target=server.serve_forever, daemon=True).start()
by_name = lambda host, port: ["93.184.215.14"]
through_proxy = Proxies(http="http://127.0.0.1:8000")
for proxies in (Proxies(), through_proxy):
    fetcher = PageFetcher(1000, 5, resolve=by_name, proxies=proxies)
    for host in ("93.184.215.14", "0x5db8d70e", "painel.example.com", "[2606:2800:21f::1]"):
        try:
            fetcher.fetch(f"http://{host}:8000/")
        except FetchError as error:
            print(error.code)
"""


def test_addresses_of_interfaces_are_own() -> None:
    assert is_own(ip_address("127.0.0.1"))
    assert not is_own(ip_address("1.1.1.1"))
    assert not is_own(ip_address("2606:4700:4700::1111"))


def test_the_rest_of_the_public_internet_is_outside() -> None:
    assert is_outside(ip_address("1.1.1.1"))
    assert is_outside(ip_address("2606:4700:4700::1111"))
    assert not is_outside(ip_address("10.0.0.1"))


@pytest.fixture(scope="module", autouse=True)
def _needs_namespaces() -> None:
    if not shutil.which("ip") or subprocess.run([*MACHINE, "true"], check=False).returncode:
        pytest.skip("network namespaces cannot be made here")


@pytest.mark.parametrize("preparation", ["", ANY_ADDRESS_CAN_BE_BOUND])
def test_public_addresses_of_the_machine_are_not_outside(preparation: str) -> None:
    addresses = ("93.184.215.14", "93.184.215.16", "2606:2800:21f::1", "2606:2800:21f::2", "1.1.1.1")

    assert _on_machine(preparation, ASK, *addresses) == ["['93.184.215.14', '2606:2800:21f::1']"]


def test_no_page_is_fetched_from_the_machine_itself_however_it_is_named() -> None:
    assert _on_machine("", FETCH) == ["url_refused"] * 8


def _on_machine(preparation: str, script: str, *arguments: str) -> list[str]:
    """What a Python script prints on a machine with public addresses."""
    shell = f'set -e; {INTERFACES} {preparation}\nexec "$@"'
    command = [*MACHINE, "sh", "-c", shell, "sh", sys.executable, "-c", script, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.splitlines()
