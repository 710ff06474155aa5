"""The blueprint of calendars that leave the house."""

from flask import Blueprint

blueprint = Blueprint("feeds", __name__)
