"""How long tombstones are kept."""

from datetime import timedelta

# Longer than any request that began before a deletion and may still write (the largest LLM_TIMEOUT_SECONDS and
# BURST_MAX_SECONDS, and a bit), and than an indexing thread holds a lease or an upload takes.
TOMBSTONE_RETENTION = timedelta(minutes=15)
# Longer than a provider is asked for what it may not have told.
ERASURE_RETENTION = timedelta(days=2)
