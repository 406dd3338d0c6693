"""`serve`: the stepper as a web page. Each page has a process of its own, which ends with it.

The server is textual-serve's. What it shows is this program once more, started with the same words as in a terminal.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tui_backprop.errors import OutputError, UsageError
from tui_backprop.headless.exit_codes import SignalledError
from tui_backprop.headless.messages import say, say_note

if TYPE_CHECKING:
    from aiohttp import web

_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}
"""The names under which a browser knows the machine that it runs on."""
_SECONDS_FOR_PAGES_TO_END = 0.5
_KEYS_AT_ONCE = """<script>
const waiting = setInterval(() => {
  const keys = document.querySelector("body.-first-byte textarea");
  if (keys) { keys.focus(); clearInterval(waiting); }
}, 100);
</script>"""
"""Without it, the page hears no key before it is clicked."""
_FOREIGN_FONT = re.compile(r'<link[^>]*"https://fonts\.googleapis\.com[^>]*>')


def serve(words: Sequence[str], host: str, port: int) -> None:
    """Serve the stepper, opened with these words, until a signal ends it.

    Raises UsageError without the extra `web`, OutputError where the port cannot be had, KeyboardInterrupt at ctrl+c.
    """
    try:
        from aiohttp import web
        from textual_serve import server as _  # noqa: F401 - it is used where it is imported again
    except ImportError as missing:
        raise UsageError('the page needs the extra `web`\nhelp: pip install "backprop-tui[web]"') from missing
    if not is_loopback(host):
        say_note(
            f"everyone who can reach this machine can open this page, and every .yaml file in and below {os.getcwd()}"
        )
    ended_by: list[int] = []

    def end(number: int) -> None:
        ended_by.append(number)
        raise web.GracefulExit

    try:
        web.run_app(
            _server(_command(words), host, port, end),
            host=host,
            port=port,
            shutdown_timeout=_SECONDS_FOR_PAGES_TO_END,
            handle_signals=False,
            print=None,
            access_log=None,
        )
    except OSError as error:
        why = error.strerror or str(error)
        raise OutputError(f"no page can be served on {host}, port {port}: {why}\nhelp: try another --port") from None
    # It returns only at a signal, and keeps that to itself.
    raise SignalledError(ended_by[0]) if ended_by else KeyboardInterrupt


def _command(words: Sequence[str]) -> str:
    """What a shell is told, to start the stepper in the folder of the server; `-P`: nothing in it is imported."""
    command = [sys.executable, "-P", "-m", "tui_backprop", *words]
    # In place of the shell, so that nothing stands between the server and the stepper.
    return subprocess.list2cmdline(command) if sys.platform == "win32" else f"exec {shlex.join(command)}"


def is_loopback(host: str) -> bool:
    """Whether only this machine itself can reach a host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _server(command: str, host: str, port: int, end: Callable[[int], None]) -> web.Application:
    """The server as it is run: textual-serve's, with what follows changed in it. A request to end it calls `end`."""
    from aiohttp import web
    from textual_serve.server import Server

    # An error raised by a signal in the middle of the server's own work would be swallowed there.
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, signal.SIGTERM)
        if signal.getsignal(number) is not signal.SIG_IGN:
            with contextlib.suppress(NotImplementedError):
                asyncio.get_running_loop().add_signal_handler(number, end, number)

    class PageServer(Server):
        """It says where it is, in the program's own words, and its pages load nothing from elsewhere."""

        async def on_startup(self, app: web.Application) -> None:
            say(f"The stepper is at {_address(host, port)} (ctrl+c ends it)")

        async def handle_index(self, request: web.Request) -> web.StreamResponse:
            # Not the address that it listens on: another machine, or a tunnel, has another one.
            self.public_url = f"{request.scheme}://{request.host}"
            page = await super().handle_index(request)
            assert isinstance(page, web.Response)
            page.text = _FOREIGN_FONT.sub("", page.text or "").replace("</body>", f"{_KEYS_AT_ONCE}</body>")
            # A page that the browser kept, to come back to, would keep its process.
            page.headers["Cache-Control"] = "no-store"
            return page

    @web.middleware
    async def refuse_strangers(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if not comes_from_its_own_page(request.host, request.headers.get("Origin"), host):
            raise web.HTTPForbidden(text="This page is not one of the stepper's own.\n")
        return await handler(request)

    app = await PageServer(command, host=host, port=port, title="backprop-tui")._make_app()
    app.middlewares.append(refuse_strangers)
    return app


def _address(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def comes_from_its_own_page(asked: str, origin: str | None, bound: str) -> bool:
    """Whether a request may be answered.

    A page of somebody else's, open in the same browser, could otherwise use the stepper of this machine. Its own
    address gives it away (`origin`, against the host that is `asked` for), or the name that it has made mean this
    machine.
    """
    if origin is not None and urlsplit(origin).netloc != asked:
        return False
    return not is_loopback(bound) or (urlsplit(f"//{asked}").hostname or "") in {*_THIS_MACHINE, bound}
