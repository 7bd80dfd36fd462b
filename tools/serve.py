"""Serve the built book on this machine."""

from tools.environment import ROOT, run


def serve_book(port: str = "8000") -> int:
    site = ROOT / "_build" / "html"
    if not site.is_dir():
        print("There is no built book yet: first run `make book` or `python -m tools book`.")
        return 1
    print(f"The book: http://localhost:{port}/ (Ctrl-C stops)", flush=True)
    return run("-m", "http.server", port, "--bind", "localhost", "--directory", str(site))
