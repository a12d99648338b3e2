"""/evaluations: the question set"""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from app.routes.authentication import caller, signed_in
from app.routes.multipart import multipart
from app.routes.paging import list_of, page
from app.routes.schemas.common import MessageOut, PageQuery
from app.routes.schemas.evaluation_cases import CaseIn, CaseOut, CasesIn, CaseUpdateIn, ImportedOut
from app.services.evaluation.cases import CaseService
from app.services.evaluation.question_file import as_csv

_CSV = "text/csv"


def evaluation_case_routes(cases: CaseService) -> APIBlueprint:
    """Questions whose right answers are known."""
    api = APIBlueprint("evaluation_cases", __name__, url_prefix="/evaluations", tag="Question sets")

    @api.get("/cases/<assistant_id>")
    @api.doc(
        summary="List an assistant's question set, newest first",
        description="With `Accept: text/csv` all of it comes as a file that can be imported.",
        security="token",
        responses=[403, 404],
    )
    @signed_in
    @api.input(PageQuery, location="query")
    @api.output(list_of(CaseOut))
    def list_all(assistant_id: str, query_data: PageQuery) -> Any:
        if request.accept_mimetypes.best_match(["application/json", _CSV]) == _CSV:
            return Response(as_csv(cases.all(caller(), assistant_id)), 200, {"Vary": "Accept"}, mimetype=_CSV)

        def read(before: str | None, limit: int) -> Any:
            return cases.page(caller(), assistant_id, before, limit)

        rows, status, headers = page(query_data, read, CaseOut.of, lambda case: case.id)
        return rows, status, {**headers, "Vary": "Accept"}

    @api.post("/cases/<assistant_id>")
    @api.doc(summary="Add a question with its right answer", security="token", responses=[403, 404, 409])
    @signed_in
    @api.input(CaseIn)
    @api.output(CaseOut, status_code=201)
    def add(assistant_id: str, json_data: CaseIn) -> Any:
        said = (json_data.question, json_data.expected, json_data.files)
        return CaseOut.of(cases.add(caller(), assistant_id, *said))

    @api.put("/updateCase/<case_id>")
    @api.doc(summary="Change a question of a question set", security="token", responses=[403, 404, 409])
    @signed_in
    @api.input(CaseUpdateIn)
    @api.output(CaseOut)
    def update(case_id: str, json_data: CaseUpdateIn) -> Any:
        return CaseOut.of(cases.change(caller(), case_id, json_data.to_fields()))

    @api.delete("/deleteCase/<case_id>")
    @api.doc(summary="Delete a question of a question set", security="token", responses=[403, 404])
    @signed_in
    @api.output(MessageOut)
    def delete(case_id: str) -> Any:
        cases.delete(caller(), case_id)
        return MessageOut(message="The question was deleted.")

    @api.post("/importCases/<assistant_id>")
    @api.doc(summary="Take a question set from a CSV file", security="token", responses=[403, 404, 409])
    @signed_in
    @multipart
    @api.input(CasesIn, location="form_and_files")
    @api.output(ImportedOut)
    def take(assistant_id: str, form_and_files_data: CasesIn) -> Any:
        read, everything = form_and_files_data.questions, form_and_files_data.replace
        return ImportedOut.of(cases.put_all(caller(), assistant_id, read, replace_all=everything))

    return api
