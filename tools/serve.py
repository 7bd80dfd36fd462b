"""Serve the built book on this machine."""

import sys
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

from tools.environment import ROOT

SITE = ROOT / "_build" / "html"


class Pages(SimpleHTTPRequestHandler):
    """The files of the book, and nothing else: no lists of folders, and one line for bad paths."""

    def send_head(self):
        if "\0" in self.path or "%00" in self.path:
            self.send_error(HTTPStatus.BAD_REQUEST, "A path holds no null byte")
            return None
        return super().send_head()

    def list_directory(self, path):
        self.send_error(HTTPStatus.NOT_FOUND, "There is no page at this address")

    def log_message(self, *_):
        """Keep the terminal for what matters."""


def serve_book(port: str = "8000") -> int:
    if not SITE.is_dir():
        print("There is no built book yet: first run `make book` or `python -m tools book`.")
        return 1
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65_535):
        print(f"The port must be a whole number from 1 to 65535; got {port!r}.")
        return 2
    try:
        server = server_at(int(port))
    except OSError as error:
        print(f"Port {port} cannot be used ({error.strerror}); name another one.")
        return 1
    with server:
        print(f"The book: http://localhost:{port}/ (Ctrl-C stops)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


class Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """A reader who leaves before a page has come is no fault."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def server_at(port: int, site=SITE) -> Server:
    """A server of a folder on this machine alone; port 0 takes any that is free."""

    def pages(*parts):
        return Pages(*parts, directory=str(site))

    return Server(("localhost", port), pages)
