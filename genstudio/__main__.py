"""`python -m genstudio` is the `genstudio` command."""

import os
import sys

from genstudio.cli import main


def leave(code: int) -> None:
    """End this process. One of several that a launcher has started ends at once: threads that talked with the others
    may still want Python while it is taken down, and then it would be aborted after its work (exit code -6).
    """
    if "TORCHELASTIC_RUN_ID" in os.environ:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    leave(main())
