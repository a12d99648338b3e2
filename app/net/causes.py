"""What is behind an error that a library wrapped."""


def root_cause(error: BaseException) -> BaseException:
    """The first error of the chain that ended in `error`, such as a `socket.gaierror`."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error
