"""What the services need from the world; repositories, folders and models fit these shapes without knowing them."""

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
