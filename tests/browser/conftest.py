"""Fixtures for the pages of banks and operations: a running Vigie that is filled for them, and a watched browser."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, StorageState, expect, sync_playwright

from running import RunningVigie
from vigie.console import messages

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
TESTS = Path(__file__).parents[1]

# What a page must show, it may show late on a crowded machine.
expect.set_options(timeout=60_000)


@dataclass
class Console:
    """The running Vigie as these tests know it, and a browser whose errors fail the test."""

    url: str
    password: str
    entries: list[str]
    tokens: dict[str, str]
    browser: Browser
    errors: list[str]
    sessions: dict[str, StorageState]

    def page_of(self, name: str, **options: Any) -> Page:
        """A page of somebody who signed in; with the form the first time, later with the same session."""
        context = self.browser.new_context(storage_state=self.sessions.get(name), **options)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on(
            "console",
            lambda message: (
                self.errors.append(message.text) if "Content Security Policy" in message.text else None
            ),
        )
        page = context.new_page()
        page.set_default_timeout(60_000)
        if name not in self.sessions:
            page.goto(f"{self.url}/accounts/login/")
            page.fill("[name=login]", name)
            page.fill("[name=password]", self.password)
            page.keyboard.press("Enter")
            page.wait_for_url(f"{self.url}/*")
            self.sessions[name] = context.storage_state()
        page.goto(f"{self.url}/account/")
        return page


@pytest.fixture(scope="session")
def _operations(running_vigie: RunningVigie) -> Any:
    assert CliRunner().invoke(messages.main, ["compile"]).exit_code == 0
    done = subprocess.run(
        [
            sys.executable,
            os.fspath(TESTS / "operations_world.py"),
            os.fspath(running_vigie.data),
        ],
        check=False,
        capture_output=True,
        text=True,
        env={**running_vigie.environment, "PYTHONPATH": os.fspath(TESTS)},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return {"url": running_vigie.url, "sessions": {}, **json.loads(done.stdout)}


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Debian's Chromium."""
    if CHROMIUM is None:
        pytest.skip("Debian's chromium is not installed")
    return CHROMIUM


@pytest.fixture(scope="module")
def _chromium(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium_path, args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


@pytest.fixture
def console(_operations: Any, _chromium: Browser) -> Iterator[Console]:
    """The console; errors of scripts and of the content security policy fail the test in which they happen."""
    made = Console(**_operations, browser=_chromium, errors=[])
    yield made
    for context in _chromium.contexts:
        context.close()
    assert made.errors == []


@pytest.fixture(scope="session")
def axe_core(tmp_path_factory: pytest.TempPathFactory) -> str:
    """axe-core from npm, which is not part of the project."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed, so axe-core cannot be had")
    folder = tmp_path_factory.mktemp("axe")
    subprocess.run(
        [npm, "pack", "axe-core@4", "--silent"], check=False, cwd=folder, capture_output=True, timeout=120
    )
    archives = list(folder.glob("*.tgz"))
    if not archives:
        pytest.skip("npm could not fetch axe-core")
    shutil.unpack_archive(archives[0], folder)
    return (folder / "package" / "axe.min.js").read_text()
