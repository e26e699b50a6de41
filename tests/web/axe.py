"""What axe-core has against a page: `assert grave(page) == []`. The script comes in the wheel; no network is needed.

Open shadow roots are read too, frames are not: hand a frame over to have it read. Findings that axe only suspects are
left out.
"""

from __future__ import annotations

from typing import Any

GRAVE = {"serious", "critical"}


def grave(page: Any, part: str | None = None) -> list[str]:
    """The serious and critical findings on a page or frame, or on the `part` of it that a CSS selector names."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, part).response["violations"]
    return [
        f"{v['id']} ({v['impact']}): {v['help']}: {node['target']} {node['html']} {node['failureSummary']}"
        for v in found
        if v["impact"] in GRAVE
        for node in v["nodes"]
    ]
