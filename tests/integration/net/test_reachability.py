"""Whether the service is reached at its own address."""

from app.net.provider_client import ProviderClient
from app.net.reachability import OwnAddress
from tests.e2e.service import free_port


def test_what_is_wrong_is_said_of_the_address_and_not_of_a_provider() -> None:
    nobody = f"http://127.0.0.1:{free_port()}"

    refused = OwnAddress(ProviderClient()).problem(nobody)
    unanswered = OwnAddress(ProviderClient(allow_private=True)).problem(nobody)

    assert refused == "The URL has to begin with https://, unless ALLOW_PRIVATE_CHANNELS is set."
    assert unanswered == "The service does not answer there."
