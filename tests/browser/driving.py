"""Debian's Chromium, driven: what a person at the page does and sees, and what the browser did meanwhile."""

from __future__ import annotations

import base64
import json
import os
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.toolchain.tree import ROOT

CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
PATIENCE_S = 15
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--ignore-certificate-errors",
    "--disable-dev-shm-usage", "--lang=zh-CN",
)  # fmt: skip


class Browser:
    """One window. The certificate is of the server's own authority, so the browser is told not to ask."""

    def __init__(self, profile: Path) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = str(CHROMIUM)
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        service = webdriver.ChromeService(str(DRIVER), env=os.environ | {"FONTCONFIG_FILE": _fonts(profile)})
        self.driver = webdriver.Chrome(options, service)
        self.driver.set_page_load_timeout(PATIENCE_S)
        self.tell("Network.enable")
        self._caller = 0

    def tell(self, command: str, **words: Any) -> Any:
        """A command of the browser's own protocol."""
        return self.driver.execute_cdp_cmd(command, words)

    def from_a_new_line(self) -> None:
        """Be somebody else from here on, so that one test does not use up the bound of the next."""
        self._caller += 1
        address = f"198.51.{self._caller // 250}.{self._caller % 250 + 1}"
        self.tell(
            "Network.setExtraHTTPHeaders", headers={"X-Forwarded-For": address, "Accept-Language": "zh-CN"}
        )
        self.sent(), self.complaints()  # what was before is of another test

    def size(self, width: int, height: int, scale: float = 1, *, phone: bool = False) -> None:
        """The window in CSS pixels; `scale` device pixels each, as a zoomed page has."""
        self.tell(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=scale, mobile=phone,
        )  # fmt: skip

    def scheme(self, name: str) -> None:
        """`light` or `dark`, as the system would say it."""
        features = [{"name": "prefers-color-scheme", "value": name}]
        self.tell("Emulation.setEmulatedMedia", media="", features=features)

    def scripts(self, *, on: bool) -> None:
        self.tell("Emulation.setScriptExecutionDisabled", value=not on)

    def open(self, address: str) -> None:
        """Load an address anew, also when only its part behind # is another."""
        self.driver.get("about:blank")
        self.driver.get(address)

    def text(self, selector: str = "main") -> str:
        return str(self.driver.find_element(By.CSS_SELECTOR, selector).text)

    def there(self, selector: str) -> bool:
        return bool(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def wait_for(self, text: str, selector: str = "main") -> None:
        """Until the text stands there.

        Raises:
            AssertionError: it does not; says what stands there.
        """
        until = time.monotonic() + PATIENCE_S
        while text not in (seen := self._seen(selector)):
            assert time.monotonic() < until, f"{text} is not in: {seen or self._seen('body')}"
            time.sleep(0.05)

    def _seen(self, selector: str) -> str:
        """As `text`, empty while one page goes and the next comes."""
        try:
            return self.text(selector)
        except (NoSuchElementException, StaleElementReferenceException):
            return ""

    def press(self, *keys: str) -> None:
        """Keys as a person presses them, wherever the focus is."""
        ActionChains(self.driver).send_keys(*(getattr(Keys, key, key) for key in keys)).perform()

    def focused(self) -> str:
        """The id of what has the focus, else its tag's name."""
        return str(self.run("return document.activeElement.id || document.activeElement.tagName"))

    def run(self, script: str) -> Any:
        return self.driver.execute_script(script)

    def choose(self, file: Path) -> None:
        self.driver.find_element(By.ID, "file").send_keys(str(file))

    def drop(self, file: Path) -> None:
        """Drag a file from outside onto the page and let go."""
        place = self.driver.find_element(By.ID, "drop")
        self.run("document.getElementById('drop').scrollIntoView({block: 'center'})")
        box = self.run("return document.getElementById('drop').getBoundingClientRect().toJSON()")
        assert place.is_displayed()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        data = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.tell("Input.dispatchDragEvent", type=kind, x=x, y=y, data=data)

    def sent(self) -> list[dict[str, Any]]:
        """Every request since the last call: method, url and posted text."""
        found = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                request = message["params"]["request"]
                if urlsplit(request["url"]).scheme in {"http", "https", "ws", "wss"}:
                    found.append(
                        {key: request.get(name, "") for key, name in
                         (("method", "method"), ("url", "url"), ("body", "postData"), ("headers", "headers"))}
                    )  # fmt: skip
        return found

    def complaints(self) -> list[str]:
        """What the browser's console said since the last call."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def overflow(self) -> int:
        """How many CSS pixels the page is wider than its window."""
        return int(
            self.run("const page = document.scrollingElement; return page.scrollWidth - page.clientWidth")
        )

    def picture(self, file: Path) -> None:
        """The whole page as PNG."""
        shot = self.tell("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        file.write_bytes(base64.b64decode(shot["data"]))

    def quit(self) -> None:
        self.driver.quit()


def _fonts(profile: Path) -> str:
    """A list of faces with our own beside the machine's, which may have no Chinese one."""
    own = ROOT / "resources" / "fonts"
    listed = profile.with_name("fonts.conf")
    listed.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"<dir>{own}</dir></fontconfig>",
        encoding="utf-8",
    )
    return str(listed)
