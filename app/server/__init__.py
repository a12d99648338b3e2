"""waitress, bounded: how the service listens, and what one client may take of it."""

from app.server.binding import bind, port_of
from app.server.connections import bound_connections
from app.server.open_files import allow_least_open_files, allow_open_files

__all__ = ["allow_least_open_files", "allow_open_files", "bind", "bound_connections", "port_of"]
