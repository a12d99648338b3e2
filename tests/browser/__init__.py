"""A real browser (Chromium) at the service's pages and widget."""
