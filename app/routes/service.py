"""/service"""

from typing import Any

from apiflask import APIBlueprint

from app.routes.authentication import caller, signed_in
from app.routes.paging import list_of
from app.routes.schemas.service import LimitOut, OverviewOut
from app.services.overview import OverviewService


def service_routes(overview: OverviewService) -> APIBlueprint:
    """The service as a whole, for administrators."""
    api = APIBlueprint("service", __name__, url_prefix="/service", tag="Service")

    @api.get("/overview")
    @api.doc(
        summary="Show how the service is (administrators)",
        description="Its parts, queues, failures and disks, and how far a change of the embedding model is.",
        security="token",
        responses=[403],
    )
    @signed_in
    @api.output(OverviewOut)
    def show() -> Any:
        return OverviewOut.of(overview.overview(caller()))

    @api.get("/limits")
    @api.doc(summary="Show the limits that the settings set (administrators)", security="token", responses=[403])
    @signed_in
    @api.output(list_of(LimitOut))
    def limits() -> Any:
        return [LimitOut.of(one) for one in overview.limits(caller())]

    return api
