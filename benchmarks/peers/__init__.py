"""Other streaming recognisers, measured on the very model that this program uses.

`run.py` feeds them recordings as a microphone would and writes down every committed word.
They have an environment of their own, `.venv-peers`, which `setup.sh` makes.
"""
