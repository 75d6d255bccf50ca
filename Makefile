# The two commands are `make run` and `make test`; each does all of its own set-up.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SAMPLE := benchmarks/samples/two_cities.flac

.PHONY: run test check fast fuzz bench bench-peers setup setup-dev models clean

run: setup models  ## translate the sample as a microphone would hear it, into out/
	@mkdir -p out
	$(BIN)/live-translate --src en --tgt es --profile embedded --input $(SAMPLE) --pace realtime \
	  --output out/translated.wav --subtitles out/captions.srt \
	  --transcript out/transcript.jsonl --report out/report.json
	@echo "wrote out/translated.wav out/captions.srt out/transcript.jsonl out/report.json"

test: setup-dev models check  ## style, types and every test, with the real models

check: setup-dev  ## what must be green before a commit
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest

fast: setup-dev  ## the tests that need no model and no sound
	$(BIN)/pytest -m "not slow"

fuzz: setup-dev  ## our own parsers, each for a minute, guided by coverage (SECONDS=60)
	@$(BIN)/python -m pip install --quiet --editable '.[fuzz]'
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

setup: $(VENV)/.installed
setup-dev: $(VENV)/.installed-dev

models: setup
	@$(BIN)/python setup_models.py --profile embedded

$(BIN)/python:
	@echo "set-up: virtual environment in $(VENV)"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/.installed: pyproject.toml .ci/system-packages | $(BIN)/python
	@.ci/system-packages
	@echo "set-up: installing live-translate"
	$(BIN)/python -m pip install --quiet --editable .
	@$(BIN)/python -m pip install --quiet --editable '.[mic]' \
	  || echo "set-up: no microphone support (PyAudio needs portaudio19-dev and a compiler); files work"
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@.ci/system-packages --tests
	@echo "set-up: installing the tools for tests"
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

clean:  ## remove what a build left, not the models
	rm -rf $(VENV) .venv-peers out dist build benchmarks/report
