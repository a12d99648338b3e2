"""/usage"""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from app.routes.authentication import TOKEN_OR_KEY, Guard, caller
from app.routes.paging import list_of, page
from app.routes.schemas.usage import UsageOut, UsageQuery, as_csv
from app.services.usage import UsageReport

_CSV = "text/csv"


def usage_routes(report: UsageReport, identified: Guard) -> APIBlueprint:
    """What messages were and cost."""
    api = APIBlueprint("usage", __name__, tag="Usage")

    @api.get("/usage")
    @api.doc(
        summary="Show usage by day, assistant or model",
        description="With `Accept: text/csv` the same rows come as CSV.",
        security=TOKEN_OR_KEY,
        responses=[403],
    )
    @identified
    @api.input(UsageQuery, location="query")
    @api.output(list_of(UsageOut))
    def show(query_data: UsageQuery) -> Any:
        wanted = query_data.to_filter()

        def read(after: str | None, limit: int) -> Any:
            return report.page(caller(), wanted, after, limit)

        rows, status, headers = page(
            query_data, read, lambda row: UsageOut.of(row, wanted.by), lambda row: row.key or ""
        )
        headers["Vary"] = "Accept"
        if request.accept_mimetypes.best_match(["application/json", _CSV]) == _CSV:
            return Response(as_csv(rows, wanted.by), status, headers, mimetype=_CSV)
        return rows, status, headers

    return api
