"""Requests drawn from the OpenAPI file: no server error, and answers as the file says."""

from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
)

from tests.contract.api.people import Api

EXAMPLES = 12
STREAMS = ("/v1/cases/{case_id}/events",)
NOT_HERE = 501
"""Uploads straight to the store, where the store takes none: told as such, and no fault."""


def test_no_request_that_the_schema_allows_or_forbids_gets_a_server_error(api: Api) -> None:
    schema = schemathesis.openapi.from_dict(api.ask("GET", "/openapi.json").json())
    operations = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    assert len(operations) > 40
    for operation in operations:
        if operation.path not in STREAMS:
            _drawn(api, operation)


def _drawn(api: Api, operation: schemathesis.schemas.APIOperation) -> None:  # type: ignore[type-arg]  # its type variables are of its own making
    cases = operation.as_strategy() | operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    @given(cases)
    def check(case: Any) -> None:  # noqa: ANN401 of the operation drawn
        response = case.call(base_url=str(api.client.base_url), headers={"Authorization": f"Bearer {api.admin}"})
        assert response.status_code < 500 or response.status_code == NOT_HERE, case.as_curl_command()
        case.validate_response(response, checks=[response_schema_conformance, content_type_conformance])

    check()
