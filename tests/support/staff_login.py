"""Somebody of the staff in a real browser, signed in by a letter and a phone."""

from collections.abc import Iterator
from contextlib import contextmanager

import pyotp
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.running_site import RunningSite


@contextmanager
def logged_in_staff(
    browser: Browser, running_site: RunningSite, *roles: str, email: str
) -> Iterator[Page]:
    """Let somebody in by the operator's command and sign them in; the page stands at /staff."""
    running_site.kith("staff", "add", "Jo Example", email, *(f"--role={role}" for role in roles))
    context = browser.new_context(base_url=running_site.origin)
    try:
        yield sign_in(context, running_site, email)
    finally:
        context.close()


def sign_in(
    context: BrowserContext, running_site: RunningSite, email: str, secret: str = ""
) -> Page:
    """Sign in as a person does; `secret` is that of a phone paired before."""
    page = prove(context, running_site, email, secret)
    if not secret:  # a phone was paired, so recovery codes are shown
        page.get_by_role("link", name="I have them").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")
    return page


def prove(context: BrowserContext, running_site: RunningSite, email: str, secret: str = "") -> Page:
    """Go as far as what follows the code of the phone."""
    page = context.new_page()
    page.goto("/staff")
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_role("button", name="Send me a link").click()
    page.goto(running_site.wait_for_link(email, r"/staff/sign-in/\S+", page))
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Six digits").fill(pyotp.TOTP(secret or shown_secret(page)).now())
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_label("Six digits")).to_have_count(0)
    return page


def shown_secret(page: Page) -> str:
    return page.locator("code.address").inner_text().replace(" ", "")
