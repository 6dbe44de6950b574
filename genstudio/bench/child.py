"""Measuring processes: each answers questions on stdin, one JSON line each, so that they can take turns."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

ANSWER = "@bench "  # before an answer, so that anything else on stdout does no harm


class Child:
    """A process that measures; it idles in a blocking read while another one has its turn."""

    def __init__(self, module: str, *args: str, environment: dict[str, str] | None = None) -> None:
        command = [sys.executable, "-m", module, *args]
        env = {**os.environ, **(environment or {})}
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)

    def answer(self) -> dict[str, Any]:
        """Wait for the next answer.

        Raises:
            RuntimeError: if the process has ended without one.
        """
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(ANSWER):
                found: dict[str, Any] = json.loads(line.removeprefix(ANSWER))
                return found
        raise RuntimeError(f"a measuring process ended with code {self._process.wait()}")

    def ask(self, **question: Any) -> dict[str, Any]:
        """Put a question and wait for its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return self.answer()

    def close(self) -> None:
        """No more questions: the process ends."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        finally:
            assert self._process.stdout is not None
            self._process.stdout.close()


def once(module: str, *args: str, environment: dict[str, str] | None = None) -> dict[str, Any]:
    """The single answer of a process that asks nothing."""
    with contextlib.closing(Child(module, *args, environment=environment)) as child:
        return child.answer()


def tell(**values: Any) -> None:
    """In the child: give an answer."""
    print(ANSWER + json.dumps(values), flush=True)


def serve(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """In the child: say that all is ready, then answer until there are no more questions."""
    tell(ready=True)
    for line in sys.stdin:
        tell(**answer(json.loads(line)))


@contextlib.contextmanager
def bare_environment() -> Iterator[dict[str, str]]:
    """No downloaded data and no settings of the user: everywhere the same start. Offscreen without a screen."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"GENSTUDIO_DATA": folder, "XDG_CONFIG_HOME": folder}
        if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            environment.setdefault("QT_QPA_PLATFORM", os.environ.get("QT_QPA_PLATFORM", "offscreen"))
        yield environment
