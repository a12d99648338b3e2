"""How often callers may ask: counted in this process, and shared with others where there are any."""

from app.services.rate_limits.limiter import RateLimiter

__all__ = ["RateLimiter"]
