"""What a web server and `flask --app wsgi` load."""

import config
from scheduler.app import create_app

app = create_app(config.load())
