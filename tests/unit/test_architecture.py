"""Who may import whom, of ours: the table of the architecture."""

import ast
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
EVERYTHING_BELOW = {
    *("domain", "settings", "net", "security", "storage", "llm", "jobs", "knowledge", "extraction"),
    *("repositories", "archive", "embedded_database", "services", "tracing", "channels"),
}
MAY_IMPORT = {
    "domain": set(),
    "settings": set(),
    "logs": set(),
    "lifecycle": set(),
    "memory": set(),
    "outage_log": set(),
    "private_files": set(),
    "net": {"domain"},
    "security": {"domain", "net"},
    "storage": {"domain", "net"},
    "llm": {"domain", "net"},
    "jobs": {"domain", "net"},
    "knowledge": {"domain", "net"},
    "extraction": {"domain", "net"},
    "repositories": {"domain", "net"},
    "archive": {"domain", "net"},
    "embedded_database": {"domain", "net"},
    "tracing": {"domain", "net"},
    "channels": {"domain", "net"},
    "services": {"domain", "security"},
    "routes": {"domain", "services", "security", "logs"},
    "wiring": EVERYTHING_BELOW,
    "factory": {"routes", "settings", "wiring"},
    "cli": {"domain", "settings", "wiring", "logs", "private_files"},
    "__main__": {"cli"},
    "main": {
        "domain",
        "factory",
        "lifecycle",
        "logs",
        "memory",
        "outage_log",
        "private_files",
        "server",
        "settings",
        "wiring",
    },
    "server": {"domain", "settings"},
}
ENGINES = {"pymongo", "bson", "faiss", "openai", "langchain", "tantivy", "huey"}
FORBIDDEN_LIBRARIES = {
    "domain": {"flask", "apiflask", "pydantic", *ENGINES},
    "services": {"flask", "apiflask", *ENGINES},
    "routes": ENGINES,
}
FILES = sorted([*(PROJECT / "app").rglob("*.py"), PROJECT / "main.py"])


def layer_of(module: str) -> str:
    """`app.routes.schemas.chats` is in `routes`; what is at the top is a layer of its own."""
    parts = module.split(".")
    return parts[1] if parts[0] == "app" and len(parts) > 1 else parts[0]


def module_of(file: Path) -> str:
    parts = file.relative_to(PROJECT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


@cache
def imported_by(file: Path) -> set[str]:
    """Every module that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative imports hide where a module is"
            module = node.module or ""
            found |= {f"app.{alias.name}" for alias in node.names} if module == "app" else {module}
    return found


@pytest.mark.parametrize("file", FILES, ids=module_of)
def test_a_file_imports_only_what_its_layer_may(file: Path) -> None:
    module = module_of(file)
    if module == "app":
        assert file.read_text() == ""
        return
    own = layer_of(module)
    ours = {layer_of(one) for one in imported_by(file) if one.split(".")[0] in {"app", "main"}}
    libraries = {one.split(".")[0] for one in imported_by(file)}

    assert ours - {own} <= MAY_IMPORT[own]
    assert libraries & FORBIDDEN_LIBRARIES.get(own, set()) == set()


def test_no_layer_is_forgotten_here() -> None:
    assert {layer_of(module_of(file)) for file in FILES} - {"app"} == set(MAY_IMPORT)


def test_nothing_of_ours_reads_the_environment_but_the_settings() -> None:
    """They leave even that to pydantic-settings, so that no file of ours has to."""
    names = {"environ", "environb", "getenv"}
    texts = {module_of(file): file.read_text() for file in FILES}

    readers = {
        module
        for module, text in texts.items()
        if any(name in text for name in names)
        and any(isinstance(node, ast.Attribute) and node.attr in names for node in ast.walk(ast.parse(text)))
    }

    assert readers == set()
