"""Pages of lectures."""

from flask import Blueprint

blueprint = Blueprint("lectures", __name__)
