"""What a web server and `flask --app wsgi` load."""

import gc
import os
from datetime import timedelta

import config
from scheduler.app import create_app, warm
from scheduler.core import logs
from scheduler.jobs.tasks.clockwork import wake_in_background
from scheduler.jobs.tasks.deliveries import deliveries
from scheduler.jobs.tasks.runner import Runner
from scheduler.jobs.tasks.works import works

try:
    settings = config.load()
except config.UnsafeSettings as error:
    raise SystemExit(str(error)) from None
logs.install()
app = create_app(settings)
if settings.run_jobs and "FLASK_RUN_FROM_CLI" not in os.environ:  # a web server; a command leaves the jobs alone
    timer = wake_in_background(
        Runner(
            app.extensions["sessions"],
            (
                *works(
                    settings.zone,
                    settings.installation_id,
                    kept_notices=timedelta(days=settings.keep_notices_days),
                ),
                *deliveries(app),
            ),
            settings.zone,
        )
    )
if settings.web_processes > 1:
    warm(app)
# What is loaded by now is there to stay: the collector need not look at it, and workers that are forked later share it.
gc.collect()
gc.freeze()
