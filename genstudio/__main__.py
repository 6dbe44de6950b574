"""`python -m genstudio` is the `genstudio` command."""

import sys

from genstudio.cli import main

if __name__ == "__main__":
    sys.exit(main())
