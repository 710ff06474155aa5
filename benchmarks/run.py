"""The one command: prints medians as R, and as a multiple of the limit. See README.md."""

import argparse
import sys
import time

from benchmarks import bookings, feeds, guidance, imports, memory, pages, quizzes, standings
from benchmarks.stage import House

PARTS = {
    "pages": pages.run,
    "feeds": feeds.run,
    "imports": imports.run,
    "bookings": bookings.run,
    "guidance": guidance.run,
    "standings": standings.run,
    "quizzes": quizzes.run,
    "memory": memory.run,
}


def main() -> int:
    """Measure what is asked for; 1 if a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, no large databases")
    parser.add_argument("--only", choices=PARTS, action="append", help="this part; may be given more than once")
    options = parser.parse_args()
    missed = 0
    with House(options.engine) as house:
        for name in options.only or PARTS:
            began = time.perf_counter()
            print(f"\n{name} ({options.engine})", flush=True)
            for figure in PARTS[name](house, quick=options.quick):
                print(figure, flush=True)
                missed += not figure.holds
            print(f"  took {time.perf_counter() - began:.0f} s", flush=True)
    print(f"\n{missed} over the limit" if missed else "\nall within the limits")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
