"""Jobs for workers, kept by Huey in a SQLite file or in Redis."""

from app.jobs.huey_jobs import HueyJobs

__all__ = ["HueyJobs"]
