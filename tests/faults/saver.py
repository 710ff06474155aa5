"""Saves answers until it is killed: forked for each life from a process that has loaded everything and opened nothing.

Standard input: a line for each life. Standard output: the pid of that life. Each of its threads saves into an attempt of
its own and notes what was acknowledged in a file, or, as the control, what it is about to save.
"""

import os
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from scheduler.core.access import Actor
from scheduler.core.database import Sessions, make_engine, sessions
from scheduler.core.grouping import Writer
from scheduler.models import load_models
from scheduler.quizzes.actions.attempts import save_answers
from scheduler.quizzes.models import Attempt, Question
from scheduler.quizzes.terms.attempts import Sent

NOW = datetime(2026, 3, 5, 2, 1, tzinfo=UTC)


def live(url: str, log: Path, *, early: bool) -> None:
    """Save from as many threads as there are attempts, for good."""
    engine = make_engine(url)
    edges = sessions(engine)
    writer, notes = Writer(edges), os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with edges.read() as session:
        attempts = session.execute(select(Attempt.id, Attempt.person_id)).all()
    threads = [
        threading.Thread(target=_save, args=(edges, writer, notes, row.id, row.person_id), kwargs={"early": early})
        for row in attempts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _save(edges: Sessions, writer: Writer, notes: int, attempt_id: int, person_id: int, *, early: bool) -> None:
    actor = Actor("tests", person_id=person_id)
    with edges.read() as session:
        seq = session.scalars(select(Question.seq).where(Question.attempt_id == attempt_id)).one()
    while True:
        sent = Sent(1, f"{attempt_id} {seq + 1}", seq)
        line = f"{attempt_id} {seq + 1}\n".encode()
        if early:
            os.write(notes, line)
        writer.run(lambda session, sent=sent: save_answers(session, actor, attempt_id, [sent], now=NOW))  # type: ignore[misc]  # a default binds it
        seq += 1
        if not early:
            os.write(notes, line)


if __name__ == "__main__":
    load_models()
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            live(sys.argv[1], Path(sys.argv[2]), early=sys.argv[3] == "early")
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
