"""A session in a real browser: no script sees its token, and no page of another site can use it."""

import pytest
from playwright.sync_api import Browser, Error

from infra.local.stack import Stack
from shared.access import Role
from tests.browser.site import Site
from tests.e2e.staff import PASSWORD, member

ASK = """async ([url, method, body, how]) => {
  const answer = await fetch(url, {method, headers: {"content-type": "application/json"}, body: body && JSON.stringify(body), ...how});
  const text = await answer.text();
  return [answer.status, text ? JSON.parse(text) : null, document.cookie];
}"""


@pytest.mark.stack
def test_the_session_is_kept_by_the_browser_and_out_of_every_scripts_reach(stack: Stack, site: Site, browser: Browser) -> None:
    email = member(stack, Role.CS).user["email"]
    session = f"{stack.api_url}/v1/session"
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(stack.privacy_url)  # a page of the same origin, though one that calls nothing by itself
    status, said, cookies = page.evaluate(ASK, [session, "POST", {"email": email, "password": PASSWORD}, {}])
    assert (status, said["user"]["email"], cookies) == (200, email, "")
    [kept] = context.cookies()
    assert (kept["name"], kept["httpOnly"], kept["secure"], kept["sameSite"]) == ("__Secure-recomenda", True, True, "Strict")
    assert kept["path"].endswith("/v1/session")

    page.reload()
    status, said, _ = page.evaluate(ASK, [f"{session}/refresh", "POST", None, {}])
    assert (status, said["user"]["email"]) == (200, email)

    other = context.new_page()
    other.goto(site.page("Outro site").replace("127.0.0.1", "localhost"))
    with pytest.raises(Error, match="Failed to fetch"):
        other.evaluate(ASK, [f"{session}/refresh", "POST", None, {"credentials": "include"}])

    status, _, _ = page.evaluate(ASK, [session, "DELETE", None, {}])
    assert (status, context.cookies()) == (204, [])
    status, _, _ = page.evaluate(ASK, [f"{session}/refresh", "POST", None, {}])
    assert status == 401
    context.close()
