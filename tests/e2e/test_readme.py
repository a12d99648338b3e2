"""What a new user pastes works."""

import re
import subprocess
from pathlib import Path

from tests.e2e.service import PROJECT, environment, launch

_MARK = "<!-- first conversation"


def first_conversation() -> str:
    readme = (PROJECT / "README.md").read_text()
    block = re.search(rf"{_MARK}.*?```sh\n(.*?)```", readme, re.DOTALL)
    assert block
    return block[1]


def test_the_first_conversation_works_as_pasted(new_place: Path) -> None:
    service = launch(new_place)
    try:
        lines = first_conversation().replace("http://127.0.0.1:8080", service.url)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", lines],
            cwd=new_place,
            env=environment(new_place),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "O prazo de entrega é de 5 dias úteis." in done.stdout
    finally:
        service.stop()


def test_every_setting_stands_in_the_example_and_none_else() -> None:
    from app.settings import Settings

    example = (PROJECT / ".env.example").read_text()
    named = set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
    fallbacks = {"OPENAI_BASE_URL", "OPENAI_API_KEY"}
    assert named == {name.upper() for name in Settings.model_fields} - fallbacks
