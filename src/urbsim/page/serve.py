"""Running the server: one process that listens, and the workers it starts."""

from __future__ import annotations

import logging
import os
import socket
import threading
import webbrowser
from dataclasses import replace

import uvicorn

from urbsim.experiment.errors import ExperimentError
from urbsim.page.app import ServerSettings, make_app
from urbsim.page.security import Door, is_loopback

#: Connections at a time; more are told to come again.
_MOST_CONNECTIONS = 500


def serve(settings: ServerSettings, port: int, *, open_browser: bool, say: object = print) -> None:
    """Serve the page until Ctrl-C.

    Parameters
    ----------
    port
        0 takes a free one.
    open_browser
        Whether the page is opened in the browser of this machine.
    say
        Called with each line that the person at the terminal should read.

    Raises
    ------
    ExperimentError
        If the address cannot be listened at.
    """
    assert callable(say)
    door = Door.of(settings.host)
    listening = _listen(settings.host, port)
    link = _link(settings.host, listening.getsockname()[1], door.token)
    say(f"urbsim: the page is at {link}")
    if not is_loopback(settings.host):
        say("urbsim: anybody on the network who has this link can use the page; Ctrl-C ends it")
    else:
        say("urbsim: Ctrl-C ends it; jobs that are not done go on at the next start")
    logging.basicConfig(format="urbsim: %(message)s", level=logging.WARNING)
    if open_browser:
        threading.Timer(0.8, webbrowser.open, (link,)).start()
    config = uvicorn.Config(
        make_app(settings, door),
        log_level="warning",
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=2,
        server_header=False,
        proxy_headers=False,
    )
    with listening:
        uvicorn.Server(config).run([listening])


def workers(settings: ServerSettings, jobs: int | None) -> ServerSettings:
    """Return settings with one process for sketches and as many for the rest as asked for, else the other cores."""
    return replace(settings, full=jobs or max((os.cpu_count() or 1) - 1, 1))


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExperimentError(f"cannot listen at {host}:{port}: {reason}; give another --port, or 0 for any") from error
    return listening


def _link(host: str, port: int, token: str) -> str:
    shown = socket.gethostname() if host in {"0.0.0.0", "::"} else host
    shown = f"[{shown}]" if ":" in shown else shown
    return f"http://{shown}:{port}/{f'?token={token}' if token else ''}"
