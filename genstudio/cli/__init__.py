"""The `genstudio` command: the window without arguments, with a verb headless.

Importing this package costs nothing: Qt, torch and tyro come in only once the verb is known.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from genstudio.errors import sentence

NOT_UNDERSTOOD = 2
INTERRUPTED = 130  # what shells report for Ctrl-C


def main(args: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, or a sentence stands on stderr.

    `GENSTUDIO_DEBUG=1` shows the traceback of an error as well.
    """
    args = sys.argv[1:] if args is None else list(args)
    try:
        return _run(args)
    except KeyboardInterrupt:
        return _fail("Stopped.", INTERRUPTED)
    except BrokenPipeError:  # `genstudio models | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get("GENSTUDIO_DEBUG"):
            traceback.print_exc()
        return _fail(sentence(error), 1)


def _run(args: Sequence[str]) -> int:
    if not args:
        from genstudio.cli.window import open_window

        return open_window()
    from genstudio.cli.commands import run
    from genstudio.cli.usage import UsageError

    try:
        return run(args)
    except UsageError as error:
        return _fail(str(error), NOT_UNDERSTOOD)


def _fail(text: str, code: int) -> int:
    rank = os.environ.get("RANK", "0")  # of the processes that torchrun has started
    is_reported = _report(text)
    if rank == "0":
        print(text, file=sys.stderr)
    elif not is_reported:
        print(f"Process {rank}: {text}", file=sys.stderr)
    return code


def _report(text: str) -> bool:
    """Tell torchrun why this process ends, which says it at the end of its report; whether it could be told.

    The form is that of torch.distributed.elastic.multiprocessing.errors.ErrorHandler, without a traceback.
    """
    path = os.environ.get("TORCHELASTIC_ERROR_FILE")
    if not path:
        return False
    told = {"message": {"message": text, "extraInfo": {"timestamp": str(int(time.time()))}}}
    try:
        Path(path).write_text(json.dumps(told))
    except OSError:
        return False
    return True
