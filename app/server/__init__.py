"""waitress, bounded: how the service listens, and what one client may take of it."""

from app.server.binding import allow_open_files, bind, port_of
from app.server.connections import bound_connections

__all__ = ["allow_open_files", "bind", "bound_connections", "port_of"]
