"""What a web server and `flask --app wsgi` load."""

import os

import config
from scheduler.app import create_app
from scheduler.core import logs
from scheduler.jobs.tasks.clockwork import wake_in_background
from scheduler.jobs.tasks.runner import Runner
from scheduler.jobs.tasks.works import works

try:
    settings = config.load()
except config.UnsafeSettings as error:
    raise SystemExit(str(error)) from None
logs.install()
app = create_app(settings)
if settings.run_jobs and "FLASK_RUN_FROM_CLI" not in os.environ:  # a web server; a command leaves the jobs alone
    timer = wake_in_background(Runner(app.extensions["sessions"], works(), settings.zone))
