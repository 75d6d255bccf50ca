# The two commands are `make run` and `make test`; each does all of its own set-up.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SAMPLE := benchmarks/samples/two_cities.flac

# Nothing but what requirements/ names, and only as those bytes; nothing is built with
# anything else either.
INSTALL := $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --require-hashes
LOCK := .venv-lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
  --generate-hashes --no-header --no-annotate

.PHONY: run serve test check fast fuzz audit licences lock bench bench-peers soak load faults setup setup-dev models clean

run: setup models  ## translate the sample as a microphone would hear it, into out/
	@mkdir -p out
	$(BIN)/live-translate --src en --tgt es --profile embedded --input $(SAMPLE) --pace realtime \
	  --output out/translated.wav --subtitles out/captions.srt \
	  --transcript out/transcript.jsonl --report out/report.json
	@echo "wrote out/translated.wav out/captions.srt out/transcript.jsonl out/report.json"

serve: setup models  ## translate for browsers, at http://127.0.0.1:8765
	@$(INSTALL) --requirement requirements/serve.txt
	$(BIN)/live-translate serve

test: setup-dev models check  ## style, types and every test, with the real models

check: setup-dev  ## what must be green before a commit
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest --durations 25
	@$(MAKE) --no-print-directory audit

audit: setup  ## ask the vulnerability database about every locked package, where it answers
	$(BIN)/python -m requirements.audit

licences: setup  ## write the README's table of licences anew
	$(BIN)/python -m requirements.licences README.md

lock:  ## resolve the dependencies anew, into requirements/
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet --upgrade uv
	$(LOCK) requirements/build.in -o requirements/build.txt
	$(LOCK) pyproject.toml -o requirements/runtime.txt
	$(LOCK) pyproject.toml --extra mic -c requirements/runtime.txt -o requirements/mic.txt
	$(LOCK) pyproject.toml --extra serve -c requirements/runtime.txt -o requirements/serve.txt
	$(LOCK) pyproject.toml --extra dev -c requirements/serve.txt -o requirements/dev.txt
	$(LOCK) pyproject.toml --extra fuzz -c requirements/runtime.txt -o requirements/fuzz.txt

fast: setup-dev  ## the tests that need no model and no sound
	$(BIN)/pytest -m "not slow"

fuzz: setup-dev  ## our own parsers, each for a minute, guided by coverage (SECONDS=60)
	@$(INSTALL) --requirement requirements/fuzz.txt
	$(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),60)

bench: setup-dev models  ## the program against the usual designs, in real time, on the sample
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/recognition.py

bench-peers: setup-dev models  ## other programs' recognition, on the same model and sample
	benchmarks/peers/setup.sh
	@mkdir -p benchmarks/report
	for peer in whisper_streaming whisperlivekit; do \
	  .venv-peers/bin/python benchmarks/peers/run.py --peer $$peer \
	    --manifest benchmarks/samples/manifest.tsv --out benchmarks/report/$$peer.json || exit 1; \
	done

soak: setup-dev models  ## two hours of talk at one and a half times its speed: does anything grow?
	$(BIN)/python benchmarks/soak.py

load: setup-dev models  ## how many speakers the server holds at once, and its protocol's delay (a quarter of an hour)
	$(BIN)/python benchmarks/serving.py
	$(BIN)/python benchmarks/serving.py --compare

faults: setup-dev models  ## break engines and the program on purpose (forty minutes)
	$(BIN)/python benchmarks/faults.py

setup: $(VENV)/.installed
setup-dev: $(VENV)/.installed-dev

models: setup
	@$(BIN)/python setup_models.py --profile embedded --pair en-es

$(BIN)/python:
	@echo "set-up: virtual environment in $(VENV)"
	$(PYTHON) -m venv $(VENV)

LOCKED := requirements/build.txt requirements/runtime.txt requirements/mic.txt

$(VENV)/.installed: pyproject.toml $(LOCKED) .ci/system-packages | $(BIN)/python
	@.ci/system-packages
	@echo "set-up: installing live-translate"
	$(INSTALL) --requirement requirements/build.txt
	$(INSTALL) --requirement requirements/runtime.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --no-index --editable .
	@$(INSTALL) --requirement requirements/mic.txt \
	  || echo "set-up: no microphone support (PyAudio needs portaudio19-dev and a compiler); files work"
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements/dev.txt
	@.ci/system-packages --tests
	@echo "set-up: installing the tools for tests"
	$(INSTALL) --requirement requirements/dev.txt
	@touch $@

clean:  ## remove what a build left, not the models
	rm -rf $(VENV) .venv-lock .venv-peers out dist build benchmarks/report
