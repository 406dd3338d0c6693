"""A Chromium without a window, spoken to over two pipes: no driver and no library is needed."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PATIENCE = 60


def find_chromium() -> str:
    """The program, installed on a CI machine where Debian's packages are at hand; "" where there is none."""
    found = _found()
    if not found and os.environ.get("CI") and shutil.which("apt-get") and os.geteuid() == 0:
        for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *words], capture_output=True, timeout=600, check=False)
        found = _found()
    return found


def _found() -> str:
    return next(filter(None, map(shutil.which, _NAMES)), "")


class Browser:
    """One page in a Chromium of its own."""

    def __init__(self, program: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="backprop-tui-browser-", ignore_cleanup_errors=True)
        to_browser, self._writing = os.pipe()
        self._reading, from_browser = os.pipe()
        # The browser expects its pipes under these two numbers.
        script = f'exec 3<&{to_browser} 4>&{from_browser}; exec "$@"'
        words = [
            program,
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"),
            *("--no-first-run", "--disable-background-networking", "--remote-debugging-pipe"),
            f"--user-data-dir={self._folder.name}",
        ]
        self._process = subprocess.Popen(
            ["bash", "-c", script, "bash", *words],
            pass_fds=(to_browser, from_browser),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._rest = b""
        self._number = 0
        self._session = ""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.ask("Page.enable")
        self.ask("Runtime.enable")
        self.errors: list[str] = []

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *of: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._writing)
        os.close(self._reading)
        self._folder.cleanup()

    def ask(self, method: str, **given: Any) -> dict[str, Any]:
        """One question to the browser, and its answer."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": given}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._writing, json.dumps(message).encode() + b"\0")
        while True:
            told = self._next()
            if told.get("method") == "Runtime.exceptionThrown":
                self.errors.append(json.dumps(told["params"]))
            if told.get("id") == self._number:
                assert "error" not in told, told["error"]
                return dict(told["result"])

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            read = os.read(self._reading, 1 << 16)
            assert read, "the browser ended"
            self._rest += read
        told, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(told))

    def open(
        self, file: Path | str, place: str = "", width: int = 1200, height: int = 900, theme: str = "light"
    ) -> None:
        """Open a file or an address, at a place of it, in a window so wide and high."""
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])
        # Another place of the same file alone would not load it again.
        self.ask("Page.navigate", url="about:blank")
        self.ask("Page.navigate", url=f"{file if isinstance(file, str) else file.as_uri()}{place}")
        self.run("new Promise((done) => document.readyState === 'complete' ? done() : addEventListener('load', done))")

    def run(self, script: str) -> Any:
        """What a piece of JavaScript comes to in the page."""
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key: str, times: int = 1) -> None:
        """Press a key."""
        for _ in range(times):
            for kind in ("rawKeyDown", "keyUp"):
                self.ask("Input.dispatchKeyEvent", type=kind, key=key)

    def picture(self, to: Path) -> None:
        """What the window shows."""
        to.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot")["data"]))

    def printed(self, to: Path) -> None:
        """The page on paper."""
        to.write_bytes(
            base64.b64decode(
                self.ask("Page.printToPDF", printBackground=False, paperWidth=8.27, paperHeight=11.7)["data"]
            )
        )
