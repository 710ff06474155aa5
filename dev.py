#!/usr/bin/env python3
"""Sets up, runs and checks the scheduler with nothing but Python 3.11 or later, on Linux, macOS and Windows.

Everything lands in .venv and instance/ beside this file; delete both to start afresh.
"""

import argparse
import hashlib
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
INSTANCE = ROOT / "instance"
TRANSLATIONS = ROOT / "scheduler" / "translations"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCKS = {"run": "requirements.txt", "test": "requirements-test.txt"}
OLDEST = (3, 11)


class Stop(Exception):
    """The work cannot go on; the text says why, and what to type."""


# --- commands -------------------------------------------------------------------------------------------------------


def run(options: argparse.Namespace) -> None:
    """Set up, migrate, load the demo city where the database is empty, and serve."""
    install("run", options.wheelhouse)
    compile_catalogues()
    address = f"http://{'127.0.0.1' if options.host in {'0.0.0.0', '::'} else options.host}:{options.port}"  # noqa: S104 - asked for by the caller
    environment = {"SECRET_KEY": secret_key(), "BASE_URL": address, **os.environ}
    flask = (PYTHON, "-m", "flask", "--app", "wsgi")
    call(*flask, "init", env=environment)
    call(*flask, "demo", "--if-empty", env=environment)
    print(f"\n  {environment['BASE_URL']}   (Ctrl+C stops)\n", flush=True)
    # as many as sit an exam: each browser keeps its connection, and beyond the usual 100 none would be let in
    many = ("--threads=8", "--connection-limit=4000", "--asyncore-use-poll")
    serve = (str(PYTHON), "-m", "waitress", f"--host={options.host}", f"--port={options.port}", *many, "wsgi:app")
    if os.name == "posix":  # become the server, so that whoever stops this process stops it
        os.chdir(ROOT)
        os.execve(PYTHON, serve, environment)  # noqa: S606 - no shell is wanted
    with suppress(KeyboardInterrupt):
        call(*serve, env=environment)


def test(options: argparse.Namespace) -> None:
    """Set up and check everything; with arguments, hand them to pytest and check only what they select."""
    install("test", options.wheelhouse)
    compile_catalogues()
    provide_postgresql()
    provide_browser()
    if options.arguments:
        call(PYTHON, "-m", "pytest", *options.arguments)
        return
    lint(options)
    types(options)
    workers = str(max(2, os.cpu_count() or 2))
    call(PYTHON, "-m", "pytest", "-n", workers, "--cov", "--cov-report=term", "--durations=15")


def lint(options: argparse.Namespace) -> None:
    """Check style, spelling, dependencies, templates and the order of imports."""
    install("test", options.wheelhouse)
    call(PYTHON, "-m", "ruff", "check")
    call(PYTHON, "-m", "ruff", "format", "--check")
    call(PYTHON, "-m", "codespell_lib")
    call(PYTHON, "-m", "deptry", ".")
    call(PYTHON, "-m", "djlint", "--lint", "--quiet", "templates")
    call(BIN / "lint-imports", "--no-cache")


def types(options: argparse.Namespace) -> None:
    """Check the types of everything, tests included."""
    install("test", options.wheelhouse)
    call(PYTHON, "-m", "mypy")


def catalogues(options: argparse.Namespace) -> None:
    """Bring the catalogues up to date with source and templates, list what lacks a text, and compile them."""
    install("test", options.wheelhouse)
    call(PYTHON, "-m", "tests.harness.catalogues")
    compile_catalogues()


def lock(options: argparse.Namespace) -> None:
    """Choose the newest versions that fit requirements*.in anew and write them down with their hashes."""
    install("test", options.wheelhouse)
    quiet = ("--quiet", "--no-header", "--no-emit-index-url", "--no-emit-find-links")
    choose = (
        PYTHON,
        "-m",
        "uv",
        "pip",
        "compile",
        *quiet,
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
    )
    for name in LOCKS.values():
        (ROOT / name).unlink()  # or uv would keep the versions that stand there
    call(*choose, "requirements-test.in", "--output-file", LOCKS["test"])
    call(*choose, "requirements.in", "--constraint", LOCKS["test"], "--output-file", LOCKS["run"])


# --- setting up -----------------------------------------------------------------------------------------------------


def install(purpose: str, wheelhouse: Path | None) -> None:
    """Bring .venv to the locked state for `purpose`; does nothing where it is there already."""
    make_environment()
    name = LOCKS[purpose]
    state = hashlib.sha256((ROOT / name).read_bytes() + sys.version.encode()).hexdigest()
    stamp = VENV / f"{name}.sha256"
    if stamp.exists() and stamp.read_text(encoding="ascii") == state:
        return
    print(f"installing {name} ...", flush=True)
    source = ("--no-index", "--find-links", wheelhouse.resolve()) if wheelhouse else ()
    pip = (PYTHON, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", *source)
    uv = (PYTHON, "-m", "uv", "--quiet", "pip", "install", "--python", PYTHON, *source)
    locked = ("--require-hashes", "-r", name)
    if not (works(*pip, "uv") and works(*uv, *locked, env={**os.environ, **mirror()})):
        call(*pip, *locked)  # slower, and says what is wrong
    stamp.write_text(state, encoding="ascii")


def make_environment() -> None:
    """Make .venv with pip in it, where it is missing or its Python is gone."""
    if PYTHON.exists() and works(PYTHON, "-m", "pip", "--version"):
        return
    try:
        import ensurepip  # noqa: F401, PLC0415 - Debian packs it apart from Python
        import venv  # noqa: PLC0415 - missing on some systems, where the failure is explained
    except ImportError:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        msg = f"this Python cannot make virtual environments; type: apt-get install python{version}-venv"
        raise Stop(msg) from None
    shutil.rmtree(VENV, ignore_errors=True)
    venv.create(VENV, with_pip=True)


def mirror() -> dict[str, str]:
    """Return the package index that pip was told to use, in uv's words: uv does not read pip's settings."""
    if any(name in os.environ for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
        return {}
    asked = subprocess.run(
        [PYTHON, "-m", "pip", "config", "get", "global.index-url"], check=False, capture_output=True, text=True
    )
    address = os.environ.get("PIP_INDEX_URL") or asked.stdout.strip()
    return {"UV_DEFAULT_INDEX": address} if address else {}


def compile_catalogues() -> None:
    """Compile each .po file that is newer than its .mo file (which git does not keep)."""
    for source in TRANSLATIONS.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            call(PYTHON, "-m", "babel.messages.frontend", "-q", "compile", "-i", source, "-o", target)


def secret_key() -> str:
    """Return this machine's own secret, made once and readable by its owner only."""
    file = INSTANCE / "secret_key"
    INSTANCE.mkdir(exist_ok=True)
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as new:
            new.write(secrets.token_urlsafe(48))
    return file.read_text(encoding="ascii")


def provide_postgresql() -> None:
    """See to it that the tests can start a PostgreSQL server; Stop where they cannot."""
    from tests.harness import postgresql  # noqa: PLC0415 - `run` needs no tests

    if os.environ.get("TEST_DATABASE_URL") or postgresql.installed():
        return
    if not apt_install("postgresql"):
        call(PYTHON, "-m", "tests.harness.postgresql")


def provide_browser() -> None:
    """See to it that the tests have a browser with Chinese letters; Stop where there is none."""
    from tests.harness import browser  # noqa: PLC0415 - `run` needs no tests

    if browser.installed() or works(PYTHON, "-m", "tests.harness.browser"):
        return
    if not works(PYTHON, "-m", "playwright", "install", "chromium"):
        apt_install("chromium", "fonts-noto-cjk")
    call(PYTHON, "-m", "tests.harness.browser")


def apt_install(*packages: str) -> bool:
    """Install Debian packages where that is ours to do (root on Debian); tell whether they are there now."""
    if not shutil.which("apt-get") or os.name != "posix" or os.geteuid() != 0:
        return False
    print(f"installing {' '.join(packages)} ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    works("apt-get", "update", "-qq", env=environment)
    return works("apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages, env=environment)


# --- calling --------------------------------------------------------------------------------------------------------


def call(*command: str | Path, env: dict[str, str] | None = None) -> None:
    """Run `command` in this folder; Stop if it fails."""
    shown = " ".join(str(word) for word in command if word != PYTHON).removeprefix("-m ")
    print(f"$ {shown}", flush=True)
    done = subprocess.run(command, cwd=ROOT, env=env, check=False)
    if done.returncode:
        msg = f"failed: {shown}"
        raise Stop(msg)


def works(*command: str | Path, env: dict[str, str] | None = None) -> bool:
    """Run `command` quietly and tell whether it succeeded."""
    done = subprocess.run(command, cwd=ROOT, env=env, check=False, capture_output=True)
    return done.returncode == 0


COMMANDS: dict[str, Callable[[argparse.Namespace], None]] = {
    function.__name__: function for function in (run, test, lint, types, catalogues, lock)
}


def main() -> int:
    # what is started here is started often: without its bytecode Python would compile everything anew each time
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if sys.version_info < OLDEST:
        print(f"needs Python {OLDEST[0]}.{OLDEST[1]} or later, this is {sys.version.split()[0]}")
        return 1
    parser = argparse.ArgumentParser(prog="dev.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, function in COMMANDS.items():
        command = commands.add_parser(name, help=function.__doc__, description=function.__doc__)
        command.add_argument("--wheelhouse", type=Path, help="install from this folder of wheels only")
        if name == "run":
            command.add_argument("--host", default="127.0.0.1")
            command.add_argument("--port", type=int, default=8000)
    options, arguments = parser.parse_known_args()
    options.arguments = arguments
    if options.arguments and options.command != "test":
        parser.error(f"unknown: {' '.join(options.arguments)}")
    if options.command is None:
        parser.print_help()
        return 0
    try:
        COMMANDS[options.command](options)
    except Stop as reason:
        print(f"dev.py: {reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
