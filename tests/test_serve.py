"""make serve: the pages of the book and nothing else, and a port that is said."""

import socket

import pytest
from webpage import serving

from tools import serve


@pytest.fixture
def port(tmp_path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "a.css").write_text("a{}")
    (tmp_path / "index.html").write_text("the book")
    with serving(tmp_path) as address:
        yield int(address.rpartition(":")[2])


def answer(port, path):
    with socket.create_connection(("localhost", port), timeout=10) as client:
        client.sendall(b"GET " + path + b" HTTP/1.0\r\n\r\n")
        return b"".join(iter(lambda: client.recv(4096), b""))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (b"/", b"200"),
        (b"/index.html", b"200"),
        (b"/_static/a.css", b"200"),
        (b"/_static/", b"404"),
        (b"/a%00b", b"400"),
        (b"/a\0b", b"400"),
        (b"/../../etc/passwd", b"404"),
        (b"/%2e%2e/%2e%2e/etc/passwd", b"404"),
    ],
)
def test_what_is_answered(port, path, status, capfd):
    assert answer(port, path).split()[1] == status
    assert "Traceback" not in capfd.readouterr().err


def test_a_reader_who_leaves_is_no_fault(tmp_path, capfd):
    (tmp_path / "long.html").write_bytes(b"x" * 50_000_000)
    with serving(tmp_path) as address:
        with socket.create_connection(("localhost", int(address.rpartition(":")[2]))) as client:
            client.sendall(b"GET /long.html HTTP/1.0\r\n\r\n")
            client.recv(10)
        assert answer(int(address.rpartition(":")[2]), b"/x").split()[1] == b"404"
    assert "Traceback" not in capfd.readouterr().err


def test_another_error_of_the_server_is_shown(tmp_path, monkeypatch, capfd):
    def fail(*_):
        raise RuntimeError("broken")

    monkeypatch.setattr(serve.Pages, "send_head", fail)
    with serving(tmp_path) as address:
        assert answer(int(address.rpartition(":")[2]), b"/") == b""
    assert "RuntimeError: broken" in capfd.readouterr().err


@pytest.mark.parametrize("port", ["99999", "0", "-1", "8000.5", "\u0663", "x", ""])
def test_a_port_that_is_none(port, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(serve, "SITE", tmp_path)
    assert serve.serve_book(port) == 2
    assert capsys.readouterr().out == (
        f"The port must be a whole number from 1 to 65535; got {port!r}.\n"
    )


def test_a_port_that_is_taken(port, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(serve, "SITE", tmp_path)
    assert serve.serve_book(str(port)) == 1
    assert capsys.readouterr().out.startswith(f"Port {port} cannot be used (")
