"""A web server as a process of its own, whose clock stands still; killed without warning by journeys.

Arguments: port, instant (ISO). The database and the secret come from the environment, as for any server.
"""

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

from waitress import serve

import config
from scheduler.app import create_app
from scheduler.core import clock

if TYPE_CHECKING:
    from collections.abc import Iterable


def main(port: int, instant: datetime) -> None:
    """Serve until killed."""
    app = create_app(config.load())

    def held(environ: Any, start_response: Any) -> "Iterable[bytes]":
        with clock.fixed(instant):
            return app(environ, start_response)

    serve(held, host="127.0.0.1", port=port, threads=4, clear_untrusted_proxy_headers=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
