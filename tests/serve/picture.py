"""Take the README's picture of the page, while a real talk goes on: desk and telephone.

    python -m tests.serve.picture benchmarks/pictures/page.png

Needs the embedded profile's models and a browser, and takes a minute.
"""

import base64
import contextlib
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from tests.serve.browser import PHONE, browsing, opened, recording, text_of, wait_for_state
from tests.serve.program import serving

SECONDS = 24.0
TALK_S = 15.0
VIEWS: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1000, "height": 640}},
    "phone": {**PHONE, "viewport": {"width": 360, "height": 640}, "color_scheme": "dark"},
}
FONTS = """() => {
  document.documentElement.style.setProperty("--sans", "Liberation Sans, sans-serif");
}"""
SHEET = """<!doctype html><style>
body { margin: 0; width: 1424px; display: flex; gap: 24px; padding: 20px; background: #e9e5dc }
img { display: block; height: 640px; border-radius: 14px; box-shadow: 0 6px 24px #0003 }
</style>"""


def taken(browser: Browser, url: str, view: dict[str, Any]) -> bytes:
    """Return the page as it looks in the midst of a talk."""
    with opened(browser, url, **view) as page:
        wait_for_state(page, "idle")
        page.evaluate(FONTS)
        page.click("#talk")
        wait_for_state(page, "listening", timeout_s=120)
        page.wait_for_timeout(TALK_S * 1000)
        page.locator("#latency").filter(has_text="behind").wait_for()
        print(text_of(page, "source"), text_of(page, "target"), sep="\n")
        picture: bytes = page.screenshot()
        page.click("#reset")
        return picture


def main() -> int:
    """Write the picture to the file that is named."""
    (name,) = sys.argv[1:]
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(serving())
        browser = stack.enter_context(browsing(recording(folder / "talk.wav", SECONDS)))
        images = [
            f'<img src="data:image/png;base64,{base64.b64encode(picture).decode()}">'
            for picture in (taken(browser, url, view) for view in VIEWS.values())
        ]
        page = browser.new_page(viewport={"width": 1424, "height": 680})
        page.set_content(SHEET + "".join(images))
        page.screenshot(path=name)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
