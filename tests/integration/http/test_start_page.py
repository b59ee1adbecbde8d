"""The page behind a one-time link, as a browser without any script uses it."""

from __future__ import annotations

from html.parser import HTMLParser

import httpx
import pytest

from tests.integration.door import CLERK, OTHER, PASSWORD
from tests.integration.http.browser import ORIGIN, Browser
from workflow.catalogue import catalogue_for, locales


class Shown(HTMLParser):
    """The fields of the page's form, and what stands on it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.text = ""
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        told = dict(attrs)
        if tag == "input":
            self.fields[told["name"] or ""] = told.get("value") or ""

    def handle_data(self, data: str) -> None:
        self.text += data


def at(browser: Browser, token: str, typed: object = None, **headers: str) -> httpx.Response:
    """What a browser gets there; with `typed`, as the form sends it."""
    method, how = ("GET", {}) if typed is None else ("POST", {"data": typed})
    return browser.client.request(method, f"/start/{token}", headers=headers, **how)


def filled(page: httpx.Response, first: str, second: str) -> dict[str, str]:
    """The form of a page as somebody fills it in."""
    return {**Shown(page.text).fields, "new_password": first, "again": second}


@pytest.mark.parametrize("locale", locales())
def test_a_link_opens_in_a_browser_and_sets_the_password(browser: Browser, locale: str) -> None:
    words = catalogue_for(locale)
    token = browser.door.link(CLERK)
    language = {"Accept-Language": locale}
    page = at(browser, token, **language)
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert Shown(page.text).fields == {"username": CLERK, "new_password": "", "again": ""}
    assert words.text("http.start.title") in Shown(page.text).text
    good = filled(page, OTHER, OTHER)
    done = at(browser, token, good, Origin=ORIGIN, **language)
    assert (done.status_code, words.text("http.start.done") in done.text) == (200, True)
    assert "form" not in Shown(done.text).tags
    assert browser.sign_in(password=OTHER).status_code == 200
    # The link is used up, for the page as for its form.
    over = at(browser, token, **language)
    assert (over.status_code, words.text("identity.link") in over.text) == (401, True)
    assert at(browser, token, good).status_code == 401


def test_what_is_wrong_with_a_password_is_said_on_the_page_and_the_link_stays_good(
    browser: Browser,
) -> None:
    token = browser.door.link(CLERK)
    page = at(browser, token)
    for first, second in ((PASSWORD, OTHER), ("short", "short")):
        again = at(browser, token, filled(page, first, second))
        assert again.status_code == 422
        shown = Shown(again.text)
        assert shown.fields == Shown(page.text).fields
        assert len(shown.text) > len(Shown(page.text).text)
        assert first not in shown.text
    assert at(browser, token, filled(page, PASSWORD, PASSWORD)).status_code == 200


def test_the_page_runs_nothing_loads_nothing_and_tells_nobody_its_address(browser: Browser) -> None:
    answer = at(browser, browser.door.link(CLERK))
    policies = answer.headers.get_list("content-security-policy")
    assert len(policies) == 1
    assert "default-src 'none'" in policies[0]
    assert "unsafe" not in policies[0]
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-store"
    assert Shown(answer.text).tags.isdisjoint({"script", "img", "link", "iframe"})


def test_a_form_from_elsewhere_or_of_another_shape_sets_nothing(browser: Browser) -> None:
    token = browser.door.link(CLERK)
    good = filled(at(browser, token), PASSWORD, PASSWORD)
    for headers in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert at(browser, token, good, **headers).status_code == 403
    for bad in (
        {**good, "more": "x"},
        {"new_password": PASSWORD},
        {**good, "again": [PASSWORD] * 2},
    ):
        assert at(browser, token, bad).status_code == 400
    place = f"/start/{token}"
    assert browser.client.request("POST", place, json=good).status_code == 400
    hostile = browser.client.request("GET", "/start/%3Cscript%3E")
    assert hostile.status_code == 401
    assert "<script" not in hostile.text
    assert at(browser, token, good).status_code == 200
