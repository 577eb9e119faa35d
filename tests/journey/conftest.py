"""The browser of the web tests, for journeys that pass through pages."""

from tests.web.conftest import chromium

__all__ = ["chromium"]
