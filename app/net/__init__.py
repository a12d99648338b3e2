"""Fetches pages from the public web, and from nowhere else."""

from app.net.addresses import IPAddress, is_public
from app.net.fetcher import PageFetcher

__all__ = ["IPAddress", "PageFetcher", "is_public"]
