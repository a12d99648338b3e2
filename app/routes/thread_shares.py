"""Whose requests get a thread of the server: those of people, and of programs with a key for more than messages."""

from flask import Flask, g, request

from app.services.fair_share import FairShare


def register_thread_shares(app: Flask, share: FairShare) -> None:
    """Give back at the end of each request what `hold_thread` took."""

    def begin() -> None:
        g.thread_share = share

    def end(_error: BaseException | None) -> None:
        holder = g.pop("thread_holder", None)
        if holder is not None:
            share.give_back(holder)

    app.before_request(begin)
    app.teardown_request(end)


def hold_thread(caller: str) -> None:
    """Hold one of the threads that `caller` may have until the request ends; raises `BusyError`.

    Called once the credentials are known to be good.
    """
    if "thread_share" in g and request.method != "OPTIONS":
        g.thread_share.take(caller)
        g.thread_holder = caller
