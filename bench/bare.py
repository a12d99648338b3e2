"""The least a service could do: Flask and waitress, and one call of the model through the openai client.

Run as `python -m bench.bare --threads 64 --model-url http://127.0.0.1:9001/v1`.
"""

import argparse
import logging
from typing import Any

from flask import Flask, request
from openai import OpenAI
from waitress.server import create_server


def create_app(client: OpenAI) -> Flask:
    """One route, which takes what the service's takes."""
    app = Flask("bare")

    @app.post("/chats/enviarMensagemLLM")
    def answer() -> dict[str, Any]:
        message = request.get_json()["message"]
        completion = client.chat.completions.create(model="stub", messages=[{"role": "user", "content": message}])
        return {"message": message, "response": completion.choices[0].message.content}

    return app


def main() -> None:
    """Serve until ended; the first line says at which port."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--model-url", required=True)
    arguments = parser.parse_args()
    logging.getLogger("waitress").setLevel(logging.ERROR)
    client = OpenAI(base_url=arguments.model_url, api_key="none", max_retries=0)
    limit = 4 * arguments.threads + 100
    server = create_server(
        create_app(client), host="127.0.0.1", port=0, threads=arguments.threads, connection_limit=limit
    )
    print(server.effective_port, flush=True)
    server.run()


if __name__ == "__main__":
    main()
