"""Somebody of the staff in a real browser, signed in by a letter and a phone."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pyotp
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.town import Town


@contextmanager
def at_work(browser: Browser, town: Town, *roles: str, email: str) -> Iterator[Page]:
    """Let somebody in by the operator's command and sign them in; the page stands at /staff."""
    town.kith("staff", "add", "Jo Example", email, *(f"--role={role}" for role in roles))
    context = browser.new_context(base_url=town.origin)
    try:
        yield sign_in(context, town, email)
    finally:
        context.close()


def sign_in(context: BrowserContext, town: Town, email: str, secret: str = "") -> Page:
    """Sign in as a person does; `secret` is that of a phone paired before."""
    page = prove(context, town, email, secret)
    if not secret:  # a phone was paired, so recovery codes are shown
        page.get_by_role("link", name="I have them").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")
    return page


def prove(context: BrowserContext, town: Town, email: str, secret: str = "") -> Page:
    """Go as far as what follows the code of the phone."""
    page = context.new_page()
    page.goto("/staff")
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_role("button", name="Send me a link").click()
    page.goto(link_to(town, email, page))
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Six digits").fill(pyotp.TOTP(secret or shown_secret(page)).now())
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_label("Six digits")).to_have_count(0)
    return page


def shown_secret(page: Page) -> str:
    return page.locator("code.address").inner_text().replace(" ", "")


def link_to(town: Town, email: str, page: Page) -> str:
    """Return the path of the newest link to sign in, once its letter has come."""
    for _ in range(100):
        for letter in reversed(town.letters()):
            found = re.search(r"/staff/sign-in/\S+", letter.get_content())
            if letter["to"] == email and found:
                return found[0]
        page.wait_for_timeout(100)
    raise AssertionError("no letter came")
