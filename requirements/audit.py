"""Ask a vulnerability database about every locked package: `python -m requirements.audit`.

The database is OSV (https://osv.dev), which gathers PyPA's and GitHub's advisories; asked
about a batch of packages it gives a list of advisories for each
(https://google.github.io/osv.dev/post-v1-querybatch/). Only names and versions are sent.
pip-audit can ask it too, but counts a package that it could not ask about as sound.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from requirements.locked import NAMES, packages

SERVICE = "https://api.osv.dev"
TIMEOUT_S = 10.0

ACCEPTED: Mapping[str, str] = {}
"""Advisories that do not concern this program, each with the reason."""


class NoAnswerError(Exception):
    """The database could not be asked; says nothing about the packages."""


def advisories(locked: Sequence[tuple[str, str]], service: str) -> dict[tuple[str, str], list[str]]:
    """Return the advisories against each (package, version) that has any; raises NoAnswerError."""
    queries = [
        {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
        for name, version in locked
    ]
    try:
        answer = httpx.post(
            f"{service}/v1/querybatch", json={"queries": queries}, timeout=TIMEOUT_S
        )
        answer.raise_for_status()
        results: list[dict[str, Any]] = answer.json()["results"]
        found = {
            package: [str(advisory["id"]) for advisory in result.get("vulns", ())]
            for package, result in zip(locked, results, strict=True)
        }
    except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoAnswerError(str(error) or type(error).__name__) from error
    return {package: ids for package, ids in found.items() if ids}


def main(argv: Sequence[str] | None = None) -> int:
    """Print what was found; return 1 if there is an advisory that is not accepted."""
    parser = argparse.ArgumentParser(description="Ask OSV about the locked packages.")
    parser.add_argument("--service", default=SERVICE, metavar="URL", help="default: %(default)s")
    service = parser.parse_args(argv).service
    locked = sorted({(one.name, one.version) for name in NAMES for one in packages(name)})
    try:
        found = advisories(locked, service)
    except NoAnswerError as error:
        print(f"audit: not done, {service} does not answer here ({error})")
        return 0
    open_ids = {
        package: rest
        for package, ids in found.items()
        if (rest := [number for number in ids if number not in ACCEPTED])
    }
    for (name, version), ids in open_ids.items():
        print(f"audit: {name} {version}: {', '.join(ids)}", file=sys.stderr)
    if open_ids:
        print("audit: run `make lock` for newer packages, or give a reason in ACCEPTED of "
              "requirements/audit.py", file=sys.stderr)  # fmt: skip
        return 1
    print(f"audit: {len(locked)} packages, no advisory against any")
    return 0


if __name__ == "__main__":
    sys.exit(main())
