"""The product as a web server loads it, at the instant of the generated data and without the meter."""

import wsgi
from benchmarks.instant import AtOneInstant

application = AtOneInstant(wsgi.app)
