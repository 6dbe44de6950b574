"""The compute thread: calls where the latest wins, streams advanced one step at a time. Standard library only.

Results wait in a mailbox of one unread event per slot, so a slow window is never flooded: a newer
event replaces the older one, or joins it where its type has a `merge` method.
"""

from genstudio.engine.engine import Engine, Handler, State
from genstudio.engine.mailbox import Ended, Failure

__all__ = ["Ended", "Engine", "Failure", "Handler", "State"]
