"""Health, for those who watch over the product: whether it lives, whether it serves, how it fares."""

from dataclasses import asdict

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from scheduler.core import schema
from scheduler.core.web import database, now, public
from scheduler.jobs.queries import get_state

blueprint = Blueprint("jobs", __name__, url_prefix="/health")


@blueprint.get("/live")
@public("a watchdog has no account; it learns only that the process answers")
def live() -> Response:
    """Answer 200 as long as the process answers at all; asks no database."""
    return jsonify(live=True)


@blueprint.get("/ready")
@public("a load balancer has no account; it learns only whether requests can be served")
def ready() -> Response:
    """Answer 200 if the database answers and is migrated as this version needs it, else 503."""
    try:
        is_ready = schema.is_current(database().connection())
    except SQLAlchemyError:
        current_app.logger.exception("the database does not answer")
        is_ready = False
    response = jsonify(ready=is_ready)
    response.status_code = 200 if is_ready else 503
    return response


@blueprint.get("/status")
@public("monitoring has no account; it learns counts and instants, nothing of anybody")
def status() -> Response:
    """Return how overdue the jobs are, how the outbox stands and when the last backup was, as JSON; instants in UTC."""
    state = asdict(get_state(database(), now=now()))
    return jsonify({name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in state.items()})
