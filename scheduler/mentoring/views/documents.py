"""Word documents: the agreement of a pairing, and the forms that the office may replace by its own."""

from flask import Response as FlaskResponse
from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from scheduler.core.documents import DOCX, fill
from scheduler.core.errors import Missing, Refusal
from scheduler.core.pages import language, say
from scheduler.core.sheets import download
from scheduler.core.web import database, now, requires, signed_in
from scheduler.mentoring import actions, queries
from scheduler.mentoring.access import MentoringPermission
from scheduler.mentoring.forms.documents import DocumentUploadForm
from scheduler.mentoring.queries.documents import agreement_facts, form_of, own_forms
from scheduler.mentoring.terms.documents import DOCUMENT_NAMES, SAMPLES, DocumentKind
from scheduler.mentoring.views.blueprint import blueprint


@blueprint.get("/mentoring/pairings/<int:pairing_id>/agreement")
@requires(MentoringPermission.READ)
def agreement(pairing_id: int) -> FlaskResponse:
    """Hand out the agreement of a pairing as a Word document, to be signed."""
    shown = queries.get_pairing(database(), signed_in(), pairing_id)
    filled = fill(form_of(database(), DocumentKind.AGREEMENT), agreement_facts(shown, language()))
    pairing = shown.pairing
    name = _("Mentoring agreement of %(mentor)s and %(mentee)s", mentor=pairing.mentor.name, mentee=pairing.mentee.name)
    return download(filled, DOCX, name, "agreement", "docx")


@blueprint.get("/mentoring/forms")
@requires(MentoringPermission.PROGRAMMES)
def list_forms() -> str:
    """Show the Word forms, whose they are, and what may be asked for in them."""
    return _page(DocumentUploadForm())


@blueprint.get("/mentoring/forms/<kind>")
@requires(MentoringPermission.PROGRAMMES)
def download_form(kind: str) -> FlaskResponse:
    """Hand out the form as it stands, to be edited."""
    chosen = _kind(kind)
    return download(form_of(database(), chosen), DOCX, _(DOCUMENT_NAMES[chosen]), chosen.value, "docx")


@blueprint.post("/mentoring/forms/<kind>")
@requires(MentoringPermission.PROGRAMMES)
def replace_form(kind: str) -> Response | tuple[str, int]:
    """Put the office's own form in the place of the present one."""
    chosen, form = _kind(kind), DocumentUploadForm()
    if form.holds:
        try:
            actions.replace_form(database(), signed_in(), chosen, form.body, now=now())
        except Refusal as refusal:
            form.show(refusal)
        else:
            say(_("From now on documents are made by this form."))
            return redirect(url_for("mentoring.list_forms"))
    return _page(form, chosen), form.status


@blueprint.post("/mentoring/forms/<kind>/reset")
@requires(MentoringPermission.PROGRAMMES)
def reset_form(kind: str) -> Response:
    """Go back to the form that the product ships."""
    actions.reset_form(database(), signed_in(), _kind(kind), now=now())
    say(_("Documents are made by the form that the product brings."))
    return redirect(url_for("mentoring.list_forms"))


def _page(form: DocumentUploadForm, about: DocumentKind | None = None) -> str:
    rows = [(kind, _(name), ["{{" + place + "}}" for place in SAMPLES[kind]]) for kind, name in DOCUMENT_NAMES.items()]
    return render_template("mentoring/forms.html", rows=rows, own=own_forms(database()), form=form, about=about)


def _kind(text: str) -> DocumentKind:
    if text not in set(DocumentKind):
        raise Missing
    return DocumentKind(text)
