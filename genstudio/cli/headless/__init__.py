"""The verbs that need no window. None of these modules imports Qt, and torch only when a verb runs."""
