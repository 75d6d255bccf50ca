#!/usr/bin/env bash
# Make .venv-peers: this project, and beside it the recognisers that it is compared with.
# They bring PyTorch and a web server along, which .venv must never see. Again at no cost:
# nothing happens until this file or pyproject.toml changes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

venv=.venv-peers
stamp=$venv/.installed

if [ "$stamp" -nt benchmarks/peers/setup.sh ] && [ "$stamp" -nt pyproject.toml ]; then
  exit 0
fi
if [ ! -x $venv/bin/python ]; then
  echo "set-up: virtual environment in $venv"
  "${PYTHON:-python3}" -m venv $venv
  # The folder hides itself from git, and so from whatever heeds .gitignore.
  echo '*' >$venv/.gitignore
  $venv/bin/python -m pip install --quiet --upgrade pip
fi
echo "set-up: installing the peers"
# Releases are pinned where they decide what is measured. PyTorch serves WhisperLiveKit's
# voice activity detection alone: where pip finds a CPU build of it, that is enough. jiwer
# is what benchmarks/recognition.py imports.
$venv/bin/python -m pip install --quiet --editable . \
  'faster-whisper==1.2.1' 'whisperlivekit==0.2.26' 'torch==2.13.0' 'jiwer>=3.0'
touch $stamp
