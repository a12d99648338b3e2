"""What axe finds on a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """What shuts people out of the page: serious and critical violations of WCAG 2.2 AA and of good practice."""
    found = Axe().run(page, options={"runOnly": _RULES, "resultTypes": ["violations"]}).response["violations"]
    return [
        f"{page.url}: {one['id']}: {node['html'][:150]}: {node['failureSummary'][:200]}"
        for one in found
        for node in one["nodes"]
        if one["impact"] in {"serious", "critical"}
    ]
