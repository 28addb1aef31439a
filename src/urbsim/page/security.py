"""Who may ask: the host and origin of every request, the token in the link, the size of what is sent.

A page on 127.0.0.1 is open to whoever uses the machine, and to no web site: a site that makes its name point here is
found by ``Host``, one that sends requests from a visitor's browser by ``Origin`` and ``Sec-Fetch-Site``. A page that
is bound elsewhere is open to whoever has its link.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlencode

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from urbsim.labels import Label, Language, language_of, speaking
from urbsim.page.errors import FAULT, RequestError, error_body

TOKEN_COOKIE = "urbsim_token"
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_LOG = logging.getLogger("urbsim.page")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def is_loopback(host: str) -> bool:
    """Return whether a host is reached from this machine only."""
    if host in _LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class Door:
    """What lets a request in.

    Attributes
    ----------
    host
        Address that the server is bound to.
    token
        What the link must hold; empty where none is needed.
    is_student
        Whether a request without the token comes from a student who has joined the class, and may have its path.
    """

    host: str
    token: str = ""
    is_student: Callable[[Scope], bool] = field(default=lambda _: False)

    @classmethod
    def of(cls, host: str, is_student: Callable[[Scope], bool] = lambda _: False) -> Door:
        """Return the door of a server: with a new token, unless only this machine can reach it."""
        return cls(host, "" if is_loopback(host) else secrets.token_urlsafe(24), is_student)

    def knows(self, name: str) -> bool:
        """Return whether a request may call this server by a name.

        A name on the network can be made to point here by anybody who owns it; an address cannot.
        """
        if name in _LOOPBACK or name == self.host:
            return True
        if is_loopback(self.host):
            return False
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return name == socket.gethostname().lower()
        return True


class Guard:
    """Lets in what may come in, limits its size, and adds the headers that keep a browser from leaving the page."""

    def __init__(self, app: ASGIApp, door: Door, body_bytes: int) -> None:
        self.app, self.door, self.body_bytes = app, door, body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Carry out a request, or say why not; whatever goes wrong, no traceback is sent."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def tell(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                _add_headers(message)
            await send(message)

        try:
            with speaking(_language_of(scope)):
                if await self._entered(scope, tell):
                    return
                self._check(scope)
                await self.app(scope, await self._received(scope, receive), tell)
        except RequestError as error:
            if not begun:
                await _answer(tell, error.status, error.body())
        except Exception:
            _LOG.exception("a request failed: %s", scope.get("path"))
            if not begun:
                await _answer(tell, 500, error_body(FAULT))

    async def _entered(self, scope: Scope, send: Send) -> bool:
        """Answer the first request, whose link holds the token: it becomes a cookie and leaves the address bar."""
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        if not self.door.token or "token" not in query or scope["method"] != "GET":
            return False
        self._check_host(Headers(scope=scope))
        if not secrets.compare_digest(query.pop("token")[0].encode(), self.door.token.encode()):
            raise RequestError(
                Label(
                    "the token in the link is not that of this server; it changes at every start",
                    "链接中的令牌与本服务器不符；令牌每次启动都会更换",
                ),
                403,
            )
        rest = urlencode(query, doseq=True)
        where = scope["path"] if scope["path"].startswith("/") and not scope["path"].startswith("//") else "/"
        cookie = f"{TOKEN_COOKIE}={self.door.token}; HttpOnly; SameSite=Strict; Path=/"
        headers = [(b"location", f"{where}{'?' + rest if rest else ''}".encode()), (b"set-cookie", cookie.encode())]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return True

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        host = self._check_host(headers)
        origin = headers.get("origin")
        if origin is not None and origin not in {f"http://{host}", f"https://{host}"}:
            raise RequestError(Label("this request comes from another web site", "该请求来自其他网站"), 403)
        if headers.get("sec-fetch-site") in {"cross-site", "same-site"} and scope["path"].startswith("/api/"):
            raise RequestError(Label("this request comes from another web site", "该请求来自其他网站"), 403)
        if scope["method"] in {"POST", "PUT", "PATCH"} and not headers.get("content-type", "").startswith(
            "application/json"
        ):
            raise RequestError(
                Label("send JSON, with the content type application/json", "请发送 JSON，内容类型为 application/json"),
                415,
            )
        if self.door.token and not self._has_token(headers) and not self.door.is_student(scope):
            raise RequestError(
                Label(
                    "open the link that urbsim serve printed: it holds the token of this server",
                    "请打开 urbsim serve 显示的链接，其中含有本服务器的令牌",
                ),
                403,
            )

    def _check_host(self, headers: Headers) -> str:
        host = headers.get("host", "")
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        if not self.door.knows(name.strip("[]").lower()):
            raise RequestError(Label("this server does not go by that name", "本服务器不使用该名称"), 421)
        return host

    def _has_token(self, headers: Headers) -> bool:
        return secrets.compare_digest(cookie_of(headers, TOKEN_COOKIE).encode(), self.door.token.encode())

    async def _received(self, scope: Scope, receive: Receive) -> Receive:
        """Take what is sent, up to the size allowed, and return a ``receive`` that hands it on."""
        if scope["method"] in {"GET", "HEAD"}:
            return receive
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdecimal() and int(announced) > self.body_bytes:
            raise self._too_large()
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
            if len(body) > self.body_bytes:
                raise self._too_large()
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def handed_on() -> Message:
            return waiting.pop() if waiting else await receive()

        return handed_on

    def _too_large(self) -> RequestError:
        most = f"{self.body_bytes / 1e6:g} MB"
        return RequestError(Label(f"more was sent than this page takes, {most}", f"发送的内容超过上限{most}"), 413)


def cookie_of(headers: Headers, name: str) -> str:
    """Return the value of a cookie, empty where there is none."""
    found = SimpleCookie(headers.get("cookie", "")).get(name)
    return found.value if found is not None else ""


def _language_of(scope: Scope) -> Language:
    """Return the language that whoever asks wants, English where nothing is said: not that of this terminal."""
    wanted = Headers(scope=scope).get("accept-language", "").split(",")[0].split(";")[0]
    return language_of(wanted) or "en"


def _add_headers(message: Message) -> None:
    present = {name.lower() for name, _ in message["headers"]}
    message["headers"] = [
        *message["headers"],
        *((name.encode(), value.encode()) for name, value in _HEADERS.items() if name.encode() not in present),
    ]


async def _answer(send: Send, status: int, body: dict[str, Any]) -> None:
    data = json.dumps(body, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(data)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": data})
