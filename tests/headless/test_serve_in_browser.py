"""The stepper in a real browser: the page opens the lesson, hears keys, and its process ends with it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.browser import Browser, find_chromium

pytest.importorskip("textual_serve", reason="the extra `web` is not installed")
if sys.platform != "linux":
    pytest.skip("the processes of a server are looked up in /proc", allow_module_level=True)

PATIENCE = 40.0
KEYS = {"n": 78, "ArrowRight": 39, "q": 81}
"""Their numbers, which xterm.js goes by."""

# The page draws on a canvas; what it draws is what came to it.
OVERHEAR = """
window.heard = "";
window.WebSocket = class extends WebSocket {
  constructor(...words) {
    super(...words);
    this.binaryType = "arraybuffer";
    const decoder = new TextDecoder();
    this.addEventListener("message", (event) => {
      if (typeof event.data !== "string") window.heard += decoder.decode(event.data, {stream: true});
    });
  }
};
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server, and the address of its page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "tui_backprop", "serve", "logistic", "--port", str(port)]
    process = subprocess.Popen(
        words, cwd=tmp_path, stderr=subprocess.PIPE, text=True, env={**os.environ, "HOME": str(tmp_path)}
    )
    assert process.stderr is not None
    said = process.stderr.readline()
    assert said == f"The stepper is at http://127.0.0.1:{port} (ctrl+c ends it)\n"
    yield process, f"http://127.0.0.1:{port}/"
    process.kill()
    process.communicate()


@pytest.fixture
def browser() -> Iterator[Browser]:
    program = find_chromium()
    if not program:
        pytest.skip("there is no Chromium here (apt install chromium)")
    with Browser(program) as opened:
        opened.ask("Page.addScriptToEvaluateOnNewDocument", source=OVERHEAR)
        yield opened


def _children(process: subprocess.Popen[str]) -> list[str]:
    return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()


def _is_over(process: str) -> bool:
    """Whether it has ended, though nobody may have asked yet with which code."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def _waited(for_it: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while not (done := for_it()) and time.monotonic() < end:
        time.sleep(0.1)
    return done


def _shows(browser: Browser, words: str) -> bool:
    def is_there() -> bool:
        drawn = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", browser.run("window.heard"))
        return words in drawn

    return _waited(is_there)


def _press(browser: Browser, key: str) -> None:
    browser.run("window.heard = ''")
    text = {"text": key} if len(key) == 1 else {}
    for kind in ("keyDown", "keyUp"):
        browser.ask("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=KEYS[key], **text)


def test_the_page_steps_through_the_lesson_and_its_process_ends_with_it(server, browser):
    process, address = server
    browser.open(address)
    assert _shows(browser, "step  1 of 17")
    assert _waited(lambda: browser.run("document.activeElement.tagName") == "TEXTAREA")
    assert len(_children(process)) == 1
    _press(browser, "n")
    assert _shows(browser, "backward · step  4 of 17")
    _press(browser, "ArrowRight")
    assert _shows(browser, "the factor ∂L/∂a = −2.492")
    assert browser.errors == []
    browser.ask("Page.navigate", url="about:blank")
    assert _waited(lambda: _children(process) == [])


def test_quitting_ends_the_process_and_the_page_says_so(server, browser):
    process, address = server
    browser.open(address)
    assert _shows(browser, "step  1 of 17")
    assert _waited(lambda: browser.run("document.activeElement.tagName") == "TEXTAREA")
    _press(browser, "q")
    assert _waited(lambda: browser.run("document.body.classList.contains('-closed')"))
    assert _waited(lambda: _children(process) == [])


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_server_and_its_pages(browser, server, tmp_path, number, code):
    process, address = server
    browser.open(address)
    assert _shows(browser, "step  1 of 17")
    (stepper,) = _children(process)
    process.send_signal(number)
    assert process.communicate(timeout=PATIENCE)[1] == ""
    assert process.returncode == code
    assert _waited(lambda: _is_over(stepper))
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_killed_leaves_no_stepper_behind(browser, server):
    process, address = server
    browser.open(address)
    assert _shows(browser, "step  1 of 17")
    (stepper,) = _children(process)
    process.kill()
    assert _waited(lambda: _is_over(stepper))
