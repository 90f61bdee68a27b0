"""Every staff page in every role, held to the one table; and letting people in and out."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from litestar import Litestar
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from api import app as entrance
from api.staff.audit_actions import sentence_of
from api.staff.commands import audit_trail, staff
from api.staff.roles import PAGES, ROLES, ROLES_BY_PERMISSION, Role
from api.store import audit, schema
from tests.api.service_under_test import ServiceUnderTest
from tests.api.staff.conftest import EMAIL, add_staff, sign_in

pytestmark = pytest.mark.anyio

API = Path(entrance.__file__).parent
OUTSIDE = {
    ("GET", "/staff/sign-in"),
    ("POST", "/staff/sign-in"),
    ("GET", "/staff/sign-in/{token}"),
    ("POST", "/staff/sign-in/{token}"),
    ("GET", "/staff/code"),
    ("POST", "/staff/code"),
}
"""What is there for those who are not signed in yet."""


def staff_routes() -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    """Yield method, path and handler of every route of the whole service below /staff."""
    context = {"context": Provide(lambda: None, sync_to_thread=False)}
    app = Litestar(
        [*entrance.FEATURES], dependencies=context, openapi_config=None, logging_config=None
    )
    for route in app.routes:
        if isinstance(route, HTTPRoute) and route.path.split("/")[1] == "staff":
            for method, (handler, _) in route.route_handler_map.items():
                if method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
                    yield method, route.path_format, handler


ROUTES = list(staff_routes())


def test_every_staff_route_names_a_permission_and_stands_behind_the_guard() -> None:
    assert len(ROUTES) > 10
    for method, path, handler in ROUTES:
        if (method, path) in OUTSIDE:
            assert "may" not in handler.opt
        else:
            assert handler.opt.get("may") in ROLES_BY_PERMISSION, f"{method} {path}"
            assert handler.resolve_guards(), f"{method} {path}"


def test_every_permission_is_somebodys_and_no_role_has_none() -> None:
    assert all(ROLES_BY_PERMISSION.values())
    assert {role for having in ROLES_BY_PERMISSION.values() for role in having} == set(ROLES)


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_gets_to_its_own_pages_and_to_no_others(
    whole_service: ServiceUnderTest, role: Role
) -> None:
    await sign_in(whole_service, add_staff(whole_service, roles=(role,)))
    refusals = {}
    for method, path, handler in ROUTES:
        if (method, path) in OUTSIDE or path == "/staff/sign-out":
            continue
        answer = await whole_service.client.request(
            method, filled(path), data={} if method == "POST" else None
        )
        refusals[f"{method} {path}"] = answer.status_code == 403
        refused = role not in ROLES_BY_PERMISSION[handler.opt["may"]]
        assert (answer.status_code == 403) == refused, f"{method} {path}: {answer.status_code}"
        assert answer.status_code < 500
    assert refusals


async def test_a_program_is_told_the_same_type_of_problem_as_ever(
    service: ServiceUnderTest,
) -> None:
    await sign_in(service, add_staff(service, roles=("auditor",)))
    answer = await service.client.get("/staff/people", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:kith:not-yours")


def test_the_table_of_pages_names_every_staff_page_by_the_roles_that_open_it() -> None:
    role_pages = {
        path: handler.opt["may"]
        for method, path, handler in ROUTES
        if method == "GET" and "may" in handler.opt
    }
    for permission, url, _title in PAGES:
        assert url in role_pages
        assert role_pages[url] == permission or permission == "invalidate"
    listed = {url for _permission, url, _title in PAGES}
    own_pages = {path for path, permission in role_pages.items() if permission == "own_login"}
    below = {path for path in role_pages if any(path.startswith(f"{url}/") for url in listed)}
    paper = {"/staff/pledges/{pledge}/paper"}
    assert set(role_pages) == listed | own_pages | below | paper


async def test_an_admin_sees_which_role_opens_what_beside_the_form(
    service: ServiceUnderTest,
) -> None:
    await sign_in(service, add_staff(service, roles=("admin",)))
    page = await service.client.get("/staff/people")
    by_role = {role.name: role.pages for role in service.last_page.values["pages_by_role"]}
    assert ("/staff/corrections", "Corrections") in by_role["Moderator"]
    assert by_role["Auditor"] == (("/staff/audit", "Who did what"),)
    assert "Which role opens what" in page.text


async def test_a_refused_page_says_which_role_opens_it_and_who_gives_it(
    whole_service: ServiceUnderTest,
) -> None:
    browser = {"accept": "text/html"}
    await sign_in(whole_service, add_staff(whole_service, roles=("auditor",)))
    refused = await whole_service.client.get("/staff/corrections", headers=browser)
    assert refused.status_code == 403
    assert whole_service.last_page.values["opened_by"] == ("Moderator", "Coordinator")
    assert whole_service.last_page.values["own_roles"] == ("Auditor",)
    assert "An admin can give you the role" in refused.text
    whole_service.client.cookies.clear()
    await sign_in(whole_service, add_staff(whole_service, "ann@example.org", roles=("admin",)))
    refused = await whole_service.client.post(
        "/staff/corrections/C-2222-2222/accept", data={}, headers=browser
    )
    assert refused.status_code == 403
    assert 'href="/staff/people"' in refused.text


def filled(path: str) -> str:
    """Return a path with something in its gaps that nobody has."""
    return "/".join("0" * 32 if "{" in part else part for part in path.split("/"))


async def test_an_admin_lets_somebody_in_who_can_then_sign_in(service: ServiceUnderTest) -> None:
    await sign_in(service, add_staff(service, roles=("admin",)))
    new = {"name": "Ann", "email": "ann@example.org", "roles": ["caseworker", "moderator"]}
    assert (await service.client.post("/staff/people", data=new)).status_code == 303
    page = await service.client.get("/staff/people")
    assert "ann@example.org" in page.text
    people = {person.email: person for person in service.last_page.values["people"]}
    assert people["ann@example.org"].roles == ("moderator", "caseworker")


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"name": "Ann", "email": "ann", "roles": "admin"},
        {"name": "Ann", "email": "ann@example.org"},
        {"name": "Ann", "email": "ann@example.org", "roles": "king"},
        {"name": "Ann", "email": EMAIL.upper(), "roles": "admin"},
    ],
)
async def test_a_faulty_entry_is_told_and_lets_nobody_in(
    service: ServiceUnderTest, form: dict[str, str]
) -> None:
    await sign_in(service, add_staff(service, roles=("admin",)))
    answer = await service.client.post("/staff/people", data=form)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert await service.count(schema.staff) == 1


async def test_the_last_admin_stays(service: ServiceUnderTest) -> None:
    member = add_staff(service, roles=("admin",))
    await sign_in(service, member)
    for act, form in (("disable", {}), ("roles", {"roles": "moderator"})):
        answer = await service.client.post(f"/staff/people/{member.staff.id}/{act}", data=form)
        assert answer.status_code == 409, act
    assert (await service.client.get("/staff/people")).status_code == 200


async def test_a_change_of_roles_ends_the_logins(service: ServiceUnderTest) -> None:
    member = add_staff(service, "ann@example.org", roles=("admin",))
    other = add_staff(service, roles=("admin",))
    await sign_in(service, member)
    service.client.cookies.clear()
    await sign_in(service, other)
    form = {"roles": "auditor"}
    await service.client.post(f"/staff/people/{member.staff.id}/roles", data=form)
    open_now = [login for login in await service.rows(schema.staff_login) if login.ended_at is None]
    assert {login.staff_id for login in open_now if login.proven_at} == {other.staff.id}


async def test_a_lost_phone_is_forgotten_and_a_new_one_paired(service: ServiceUnderTest) -> None:
    admin, member = add_staff(service, roles=("admin",)), add_staff(service, "ann@example.org")
    await sign_in(service, member)
    old = member.secret
    service.client.cookies.clear()
    await sign_in(service, admin)
    await service.client.post(f"/staff/people/{member.staff.id}/forget-phone")
    service.client.cookies.clear()
    await sign_in(service, member)
    assert member.secret != old


def test_every_action_of_the_code_has_a_sentence_and_an_unknown_one_its_name() -> None:
    features = {"connector", "correction", "doubt", "entry", "installation", "invalidation", "jobs"}
    features |= {"letter", "person", "promise", "register", "retention", "sign_in", "sign_up"}
    features |= {"signposting_request", "staff"}
    pattern = re.compile(rf'"((?:{"|".join(features)})\.(?!html)[a-z_]+)"')
    files = [file for file in API.rglob("*.py") if not file.is_relative_to(API / "store")]
    actions = {name for file in files for name in pattern.findall(file.read_text("utf-8"))}
    assert len(actions) > 60
    assert [action for action in sorted(actions) if sentence_of(action) == action] == []
    assert sentence_of("tea.poured") == "tea.poured"


async def test_the_trail_shows_what_was_done_and_verifies(service: ServiceUnderTest) -> None:
    member = add_staff(service, roles=("auditor",))
    await sign_in(service, member)
    page = await service.client.get(f"/staff/audit?about={member.staff.id}")
    assert page.status_code == 200
    lines = service.last_page.values["lines"]
    assert lines[0].actor == "Jo Canary"  # the trail itself holds no name
    actions = [line.action for line in lines]
    assert actions == [
        "Signed in.",
        "Was given new recovery codes.",
        "Followed a link to sign in.",
        "Asked for a link to sign in.",
        "Added a colleague.",
    ]
    assert await service.database.read(audit.verify) is None


def test_the_commands_let_in_and_out_and_say_what_is_refused(own_project: object) -> None:
    def run(*words: str) -> tuple[int, str]:
        group = audit_trail if words[0] == "audit" else staff
        result = CliRunner().invoke(group, [*words[1:]], obj=own_project)
        return result.exit_code, result.output

    assert run("staff", "list")[1].startswith("Nobody yet")
    assert run("staff", "add", "Ann", "ann@example.org", "--role", "admin")[0] == 0
    assert "ann@example.org  admin" in run("staff", "list")[1]
    code, output = run("staff", "add", "Ann", "ANN@example.org", "--role", "admin")
    assert (code, "already" in output) == (1, True)
    code, output = run("staff", "disable", "ann@example.org")
    assert (code, "only admin" in output) == (1, True)
    assert run("staff", "disable", "mal@example.org")[0] == 1
    assert run("staff", "add", "Jo", EMAIL, "--role", "admin")[0] == 0
    assert run("staff", "roles", "ann@example.org", "--role", "auditor")[0] == 0
    assert run("staff", "forget-phone", EMAIL)[0] == 0
    assert run("staff", "disable", "ann@example.org")[0] == 0
    assert "disabled" in run("staff", "list")[1]
    assert run("staff", "enable", "ann@example.org")[0] == 0
    code, output = run("audit", "verify")
    assert (code, "6 lines" in output) == (0, True)
    assert "staff.roles_changed" in run("audit", "show")[1]
