"""Whether this service can be reached at the address that it gives to others."""

from app.domain.channels import ProviderError
from app.net.provider_client import ProviderClient

_NO_ANSWER = "The service does not answer there."


class OwnAddress:
    """Asks the service itself, as a provider would."""

    def __init__(self, client: ProviderClient) -> None:
        self._client = client

    def problem(self, base: str) -> str | None:
        """Why the service cannot be reached at `base`; None if it can."""
        try:
            response = self._client.request("GET", f"{base}/health")
        except ProviderError as error:
            return _NO_ANSWER if error.code in {"unreachable", "no_answer"} else error.message
        return None if response.status == 200 else f"Something else answers there, with status {response.status}."
