# Each target is `python -m tools ...` in an environment of its own; README.md has the same without make.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready

.PHONY: help book test notebooks lab serve bench odd clean distclean
help:
	@echo "make book       build the book: _build/html/index.html"
	@echo "make test       check everything"
	@echo "make lab        open the chapters in JupyterLab"
	@echo "make serve      serve the built book on http://localhost:8000"
	@echo "make notebooks  run the chapters and store their text outputs"
	@echo "make bench      run the benchmarks"
	@echo "make odd        call every public function with odd arguments"
	@echo "make clean      remove what was built; distclean removes the environment too"

book test notebooks lab serve bench odd: $(READY)
	@$(PY) -m tools $@

$(READY): requirements.txt constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; try: make PYTHON=python3.11")'
	@echo "Installing into $(VENV): about 2 GB, a few minutes, once."
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --disable-pip-version-check --quiet -r requirements.txt -e .
	@touch $@

clean:
	rm -rf _build

distclean: clean
	rm -rf $(VENV)
