"""`serve`: who may ask for the page, what is said before there is one, and what is refused."""

from __future__ import annotations

import os
import socket
import sys

import pytest

from tui_backprop.headless.serving import comes_from_its_own_page, is_loopback
from tui_backprop.headless.terminal import is_served

WEB_DRIVER = "textual.drivers.web_driver:WebDriver"


@pytest.fixture
def served(monkeypatch) -> list[dict[str, object]]:
    """With what a server would have been run; none is."""
    web = pytest.importorskip("aiohttp.web", reason="the extra `web` is not installed")
    pytest.importorskip("textual_serve", reason="the extra `web` is not installed")
    runs: list[dict[str, object]] = []

    def run_app(app, **options):
        app.close()
        runs.append(options)

    monkeypatch.setattr(web, "run_app", run_app)
    return runs


def test_it_listens_to_this_machine_alone_and_ctrl_c_ends_it(call, served):
    done = call("serve", "parabola")
    assert (done.code, done.out, done.err) == (130, "", "")
    assert [(run["host"], run["port"]) for run in served] == [("127.0.0.1", 8000)]


def test_it_warns_when_others_can_reach_it(call, served, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = call("serve", "--host", "0.0.0.0", "--port", "80")
    assert done.err.startswith("note: everyone who can reach this machine can open this page, and every .yaml file")
    assert done.err.rstrip().endswith(str(tmp_path))
    assert [(run["host"], run["port"]) for run in served] == [("0.0.0.0", 80)]


@pytest.mark.parametrize("missing", ["textual_serve", "aiohttp"])
def test_without_the_extra_it_says_what_to_install(call, monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    done = call("serve", "parabola")
    assert done.code == 2
    assert '\nhelp: pip install "backprop-tui[web]"\n' in done.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["-"], 2, "standard input can be read once: name a file"),
        (["parabolla"], 2, "did you mean 'parabola'?"),
        (["parabola", "--at", "nowhere"], 2, "nowhere"),
        (["--at", "3"], 2, "--at needs a scenario"),
        (["parabola", "--set", "q=1"], 2, "q"),
        (["parabola", "--port", "0"], 2, "'0' is not a port, a whole number from 1 to 65535"),
        (["parabola", "--port", "65536"], 2, "'65536' is not a port"),
        (["./refused.yaml"], 3, "refused.yaml:3"),
    ],
)
def test_what_is_wrong_is_said_before_there_is_a_page(call, file, served, words, code, said):
    file("refused")
    done = call("serve", *words)
    assert (done.code, served) == (code, [])
    assert said in done.err


def test_a_port_that_is_taken_is_told(call):
    pytest.importorskip("textual_serve", reason="the extra `web` is not installed")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = call("serve", "parabola", "--port", str(port))
    assert done.code == 5
    assert f"no page can be served on 127.0.0.1, port {port}: " in done.err
    assert "help: try another --port" in done.err


@pytest.mark.parametrize(
    ("host", "is_so"),
    [
        *((host, True) for host in ("127.0.0.1", "127.8.8.8", "::1", "localhost")),
        *((host, False) for host in ("0.0.0.0", "::", "192.168.0.7", "example.org", "")),
    ],
)
def test_which_addresses_are_this_machine_alone(host, is_so):
    assert is_loopback(host) is is_so


@pytest.mark.parametrize(
    ("asked", "origin", "bound", "is_so"),
    [
        ("127.0.0.1:8000", None, "127.0.0.1", True),
        ("127.0.0.1:8000", "http://127.0.0.1:8000", "127.0.0.1", True),
        ("localhost:8000", "http://localhost:8000", "127.0.0.1", True),
        ("[::1]:8000", "http://[::1]:8000", "::1", True),
        ("127.0.0.1:8000", "http://example.org", "127.0.0.1", False),
        ("127.0.0.1:8000", "http://127.0.0.1:9000", "127.0.0.1", False),
        ("127.0.0.1:8000", "null", "127.0.0.1", False),
        # A name of somebody else's that leads to this machine.
        ("example.org:8000", "http://example.org:8000", "127.0.0.1", False),
        ("example.org:8000", None, "127.0.0.1", False),
        ("example.org:8000", "http://example.org:8000", "0.0.0.0", True),
        ("example.org:8000", "http://evil.org", "0.0.0.0", False),
    ],
)
def test_only_its_own_page_is_answered(asked, origin, bound, is_so):
    assert comes_from_its_own_page(asked, origin, bound) is is_so


@pytest.mark.parametrize(
    ("driver", "is_terminal", "is_so"),
    [(WEB_DRIVER, False, True), (WEB_DRIVER, True, False), ("", False, False), ("os:path", False, False)],
)
def test_the_screen_is_a_page_only_where_the_server_says_so(monkeypatch, driver, is_terminal, is_so):
    monkeypatch.setenv("TEXTUAL_DRIVER", driver)
    opened = os.openpty() if is_terminal else os.pipe()
    with os.fdopen(opened[0], "r") as reads, os.fdopen(opened[1], "w") as writes:
        monkeypatch.setattr(sys, "stdin", reads)
        monkeypatch.setattr(sys, "stdout", writes)
        assert is_served() is is_so
