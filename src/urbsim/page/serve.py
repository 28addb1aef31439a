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
from urbsim.labels import bilingual
from urbsim.page.app import ServerSettings, make_app
from urbsim.page.classroom import Classroom
from urbsim.page.security import Door, is_loopback

#: Connections at a time; more are told to come again.
_MOST_CONNECTIONS = 500
#: Addresses that stand for all addresses of this machine.
_EVERYWHERE = ("0.0.0.0", "::")


def serve(
    settings: ServerSettings, port: int, *, open_browser: bool, with_class: bool = False, say: object = print
) -> None:
    """Serve the page until Ctrl-C.

    Parameters
    ----------
    port
        0 takes a free one.
    open_browser
        Whether the page is opened in the browser of this machine.
    with_class
        Whether students may join with a code.
    say
        Called with each line that the person at the terminal should read.

    Raises
    ------
    ExperimentError
        If the address cannot be listened at.
    """
    assert callable(say)
    classroom = Classroom(settings.folder / "class.json") if with_class else None
    door = Door.of(settings.host, classroom.may_pass) if classroom else Door.of(settings.host)
    listening = _listen(settings.host, port)
    address, number = _address(settings.host), listening.getsockname()[1]
    link = _link(address, number, door.token)
    say(bilingual(f"urbsim: the page is at {link}", f"urbsim：页面地址 {link}"))
    if not is_loopback(settings.host):
        say(
            bilingual(
                "urbsim: anybody on the network who has this link can use the page; Ctrl-C ends it",
                "urbsim：网络上有此链接的人都能使用本页；按 Ctrl-C 结束",
            )
        )
    else:
        say(
            bilingual(
                "urbsim: Ctrl-C ends it; jobs that are not done go on at the next start",
                "urbsim：按 Ctrl-C 结束；未完成的任务在下次启动时继续",
            )
        )
    if classroom is not None:
        classroom.address = f"{_link(address, number, '')}class"
        say(
            bilingual(
                f"urbsim: students join at {classroom.address} with the code {classroom.code}; keep the link above to "
                "yourself",
                f"urbsim：学生在 {classroom.address} 用代码 {classroom.code} 加入；上面的链接请自己保管",
            )
        )
    logging.basicConfig(format="urbsim: %(message)s", level=logging.WARNING)
    if open_browser:
        threading.Timer(0.8, webbrowser.open, (link,)).start()
    config = uvicorn.Config(
        make_app(settings, door, classroom),
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
        # asyncio sends small answers at once only where the socket says that it is TCP; else each may wait 40 ms.
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExperimentError(
            bilingual(
                f"cannot listen at {host}:{port}: {reason}; give another --port, or 0 for any",
                f"无法监听 {host}:{port}：{reason}；请换一个 --port，0 为任意端口",
            )
        ) from error
    return listening


def _address(host: str) -> str:
    """Return the address by which others on the network reach a server that listens at all addresses."""
    if host not in _EVERYWHERE:
        return host
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))  # chooses the way out; nothing is sent
            return str(probe.getsockname()[0])
    except OSError:
        return socket.gethostname()


def _link(host: str, port: int, token: str) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/{f'?token={token}' if token else ''}"
