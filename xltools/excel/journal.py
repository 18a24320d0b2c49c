"""What outlives a click: the log of failures, and what is needed to undo the last clicks."""

from __future__ import annotations

import hashlib
import json
import time
import traceback
from pathlib import Path
from typing import Any

_STEPS = 20
_LOG_SIZE = 1_000_000


def folder() -> Path:
    """Settings, log and undo of this person: ``.xltools`` in the home folder."""
    return Path.home() / ".xltools"


def record_failure(failure: BaseException) -> Path:
    """Append a failure to the log; never raises."""
    path = folder() / "xltools.log"
    text = "".join(traceback.format_exception(failure))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > _LOG_SIZE:
            path.replace(path.with_suffix(".old.log"))
        with path.open("a", encoding="utf-8") as stream:
            stream.write(f"--- {time.strftime('%Y-%m-%d %H:%M:%S')}\n{text}\n")
    except OSError:
        pass
    return path


def _path(book: str) -> Path:
    return folder() / "undo" / (hashlib.sha256(book.lower().encode()).hexdigest()[:24] + ".json")


def remember(book: str, step: dict[str, Any]) -> None:
    """A step that 撤销 can take back.  Raises OSError when it cannot be kept."""
    path = _path(book)
    path.parent.mkdir(parents=True, exist_ok=True)
    steps = [*_steps(path), step][-_STEPS:]
    path.write_text(json.dumps(steps, ensure_ascii=False), encoding="utf-8")


def last(book: str) -> dict[str, Any] | None:
    steps = _steps(_path(book))
    return steps[-1] if steps else None


def forget_last(book: str) -> None:
    path = _path(book)
    steps = _steps(path)[:-1]
    if steps:
        path.write_text(json.dumps(steps, ensure_ascii=False), encoding="utf-8")
    else:
        path.unlink(missing_ok=True)


def _steps(path: Path) -> list[dict[str, Any]]:
    try:
        steps = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []
