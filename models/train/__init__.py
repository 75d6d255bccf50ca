"""Training of the compact English-Spanish translator that the project ships.

`python -m models.train` does all of it; see `models/README.md`. Needs the extra `train`.
"""
