# `make book` and `make test` do the whole job from a fresh clone; `make help` lists everything.

VENV  := .venv
BIN   := $(VENV)/bin
STAMP := $(VENV)/.installed
PORT  ?= 8000

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help book test pdf setup serve lab freeze bench lint clean

help: ## Show this list
	@echo 'make TARGET [NAME=value]'
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-8s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo '  PYTHON=…       the Python to use, 3.11 or newer (by default the newest of 3.11 to 3.13 that is found)'
	@echo '  TORCH_INDEX=…  the index that torch comes from, for example'
	@echo "                 PyTorch's CPU index: much smaller than the build with CUDA"
	@echo '  ARGS=…         further arguments of pytest: make test ARGS="-k layers"'
	@echo '  PORT=…         the port of make serve (8000)'
	@echo '  OPEN=…         the notebook that make lab opens: make lab OPEN=01-neurons'

book: $(STAMP) ## Build the book into _build/html
	@$(BIN)/nbcourse build

test: book ## Build the book, then run every test, the notebooks' outputs among them
	@$(BIN)/python -m pytest --cov=nbcourse --numprocesses=logical --maxprocesses=8 --dist=loadscope --no-loadscope-reorder $(ARGS)

setup: $(STAMP) ## Make the environment in .venv, and nothing else
	@echo 'The environment is in $(VENV); use it with: . $(BIN)/activate'

pdf: book ## Print the book into one file, _build/course.pdf (needs Chromium)
	@$(BIN)/nbcourse pdf

serve: book ## Build the book and serve it on this machine
	@$(BIN)/nbcourse serve --port $(PORT)

lab: $(STAMP) ## Open JupyterLab on the notebooks
	@$(BIN)/jupyter lab book$(OPEN:%=/%.ipynb)

freeze: $(STAMP) ## Execute all notebooks again and rewrite their outputs
	@$(BIN)/nbcourse freeze --all

bench: $(STAMP) ## Time the engine against torch, and write benchmarks/results/engine.json
	@$(BIN)/python -m pip --disable-pip-version-check --quiet install -r benchmarks/requirements.txt
	@$(BIN)/python benchmarks/engine.py --write

lint: $(STAMP) ## Check style and format of the code and the form of the notebooks
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/python -m nbcourse.notebooks --check book/*.ipynb

clean: ## Remove what was built and measured; the environment stays
	@rm -rf _build .pytest_cache .ruff_cache .hypothesis .coverage .coverage.* coverage.xml
	@find nbcourse tests book benchmarks \( -name __pycache__ -o -name .ruff_cache \) -type d -prune -exec rm -rf {} + 2>/dev/null || true

# The stamp is written last: an installation that was cut short starts again.
$(STAMP): requirements.txt pyproject.toml
	@set -e; start=$$(date +%s); \
	fits() { "$$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }; \
	if ! fits $(BIN)/python; then \
	  chosen=; \
	  if [ -n '$(PYTHON)' ]; then \
	    if fits '$(PYTHON)'; then chosen='$(PYTHON)'; fi; \
	  else \
	    for name in python3.13 python3.12 python3.11 python3 python; do \
	      if fits $$name; then chosen=$$name; break; fi; \
	    done; \
	  fi; \
	  if [ -z "$$chosen" ]; then \
	    echo "$(or $(PYTHON),python3) is not a Python 3.11 or newer with venv." \
	      'Install one (on Debian: python3 and python3-venv), or name it: make setup PYTHON=/path/to/python3.12' >&2; \
	    exit 1; \
	  fi; \
	  echo "Making $(VENV) with $$($$chosen --version)"; \
	  "$$chosen" -m venv --clear $(VENV); \
	fi; \
	echo "Installing $$(grep -c == requirements.txt) packages into $(VENV) (one to five minutes the first time)"; \
	pip='$(BIN)/python -m pip --disable-pip-version-check --quiet install'; \
	if [ -n '$(TORCH_INDEX)' ]; then \
	  $$pip --no-deps --index-url '$(TORCH_INDEX)' "$$(grep '^torch==' requirements.txt)"; \
	fi; \
	$$pip -r requirements.txt; \
	$$pip --no-deps --editable .; \
	touch $@; \
	echo "Installed in $$(($$(date +%s) - start)) s"
