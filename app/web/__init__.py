"""Fetches pages from the public web, and from nowhere else."""

from app.web.addresses import IPAddress, is_public
from app.web.fetcher import PageFetcher

__all__ = ["IPAddress", "PageFetcher", "is_public"]
