"""What leaves the process: one HTTP client, held to deadlines, that connects only where it may."""
