"""How entries of the audit record are sealed."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

GENESIS = "0" * 64
"""The digest before the first entry."""


def seal(previous: str, entry: Mapping[str, object]) -> str:
    """Return the digest that chains `entry` (its columns but the digests) to the one `previous`."""
    canonical = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def _plain(value: object) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else str(value)
