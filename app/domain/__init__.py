"""What the service is about: plain values and errors, free of HTTP, databases and models."""
