"""Whatever is encrypted in the database is where `python -m app rekey` looks for it."""

from typing import Any

from app.repositories.stored_secrets import ENCRYPTED, encrypted_values
from tests.api.house import Caller, House


def test_encrypted_values_are_in_the_collections_that_rekey_reads(
    house: House, ana: Caller, assistant: dict[str, Any]
) -> None:
    assistant_id = assistant["_id"]
    made = [
        ana.post(f"/assistants/keys/{assistant_id}", {"name": "site", "scopes": ["read"]}),
        ana.post(
            f"/assistants/webhooks/{assistant_id}",
            {"url": "https://example.com/hook", "events": ["message.answered"]},
        ),
        ana.put(f"/assistants/members/{assistant_id}", {"email": "novo@example.com", "role": "viewer"}),
    ]
    assert {response.status_code for response in made} <= {200, 201}

    found = {
        name: {path for row in house.database[name].find() for path, _ in encrypted_values(row)}
        for name in house.database.list_collection_names()
    }

    assert {name for name, paths in found.items() if paths} <= set(ENCRYPTED)
    assert {"key_encrypted", "webhooks.0.secret_encrypted"} <= found["assistants"]
