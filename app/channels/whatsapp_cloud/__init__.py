"""WhatsApp by Meta's Cloud API, also through a partner that speaks it (360dialog)."""
