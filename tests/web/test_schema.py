"""schemathesis tries the API by its own description, with requests that fit it and requests that do not."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from conftest import Site  # type: ignore[import-not-found]
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

# A question of marks alone fits the shape and cannot be asked; no pattern says so for the scripts of all languages.
ASKING = ("/api/ask", "/api/suggestions", "/api/timeline", "/api/export")
ROUTES = [
    ("POST", "/api/ask"),
    ("GET", "/api/examples"),
    ("POST", "/api/suggestions"),
    ("POST", "/api/timeline"),
    ("POST", "/api/export"),
    ("POST", "/api/feedback"),
    ("GET", "/api/coverage"),
    ("GET", "/api/documents"),
    ("GET", "/api/documents/{document}"),
    ("GET", "/api/quotes/{key}"),
    ("GET", "/api/quotes/{key}/citation"),
    ("GET", "/healthz"),
    ("GET", "/metrics"),
]


@pytest.fixture(scope="module")
def described(site: Site) -> Any:
    return schemathesis.openapi.from_url(f"{site.address}/api/openapi.json")


def test_every_route_is_tried(described: Any) -> None:
    found = {(o.ok().method.upper(), o.ok().path) for o in described.get_all_operations()}
    assert found == set(ROUTES)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fitting", "not fitting"])
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_the_api_is_as_it_describes_itself(described: Any, method: str, path: str, mode: GenerationMode) -> None:
    operation = described[path][method]
    takes_any_name = path == "/api/documents/{document}"
    if mode is GenerationMode.NEGATIVE and (
        takes_any_name or not (operation.body or list(operation.iter_parameters()))
    ):
        pytest.skip("it takes nothing that could be wrong")

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(operation.as_strategy(generation_mode=mode))
    def tried(case: Any) -> None:
        response = case.call(timeout=30)
        if response.status_code != 413:  # too large is refused before it is read, whatever else is wrong with it
            excluded = [positive_data_acceptance] if path in ASKING else []
            case.validate_response(response, excluded_checks=excluded)

    tried()
