"""How long what a sweep follows up is not over yet."""

from datetime import timedelta

# Longer than any request that began before and may still write (the largest LLM_TIMEOUT_SECONDS and
# BURST_MAX_SECONDS, and a bit), and than an indexing thread holds a lease or an upload takes.
GRACE = timedelta(minutes=15)
