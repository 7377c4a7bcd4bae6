"""Of several logins for one server, each for another path, the one that a node tries first counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from secret_worlds import SERVER, choice, login, secret

from core.checks.secret import server_match
from core.facts.cloud import CloudNames
from core.facts.meant_secret import host_and_path, login_at, login_for, meant_secret, serves
from core.facts.pull_secret import Flaw
from core.facts.registry import Registry
from core.model import Status

PATHS = st.sampled_from(("", "/", "/v1/", "/v2/web", "/web", "/web/", "/web/api", "/web/ap", "/webs", "/other"))


@pytest.mark.parametrize(
    ("servers", "used"),
    [
        ((SERVER, f"{SERVER}/web"), f"{SERVER}/web"),
        ((f"{SERVER}/web", SERVER), f"{SERVER}/web"),
        ((f"{SERVER}/web", f"{SERVER}/web/api", f"{SERVER}/web/apis"), f"{SERVER}/web/api"),
        ((f"{SERVER}/other/longer", SERVER), SERVER),
        ((f"{SERVER}/we", f"{SERVER}/web/"), f"{SERVER}/web/"),
        (("*.azurecr.io", SERVER), SERVER),
        (("*.azurecr.io/web/api", f"https://{SERVER}/v1/"), f"https://{SERVER}/v1/"),
    ],
)
def test_the_longest_path_that_begins_the_image_comes_first(
    servers: tuple[str, ...], used: str, registry: Registry, cloud: CloudNames
) -> None:
    told = choice(secret(*map(login, servers)))
    found = login_at(secret(*map(login, servers)), told, registry)
    assert found is not None
    assert found.server == used
    verdict = server_match.evaluate(told, cloud, registry)
    assert (verdict.status, verdict.values["server"]) == (Status.PASS, used)


def test_a_path_ends_where_its_slash_does(registry: Registry) -> None:
    assert login_for(secret(login(f"{SERVER}/we")), registry, "web/api") is not None
    assert login_for(secret(login(f"{SERVER}/we/")), registry, "web/api") is None


def test_a_sound_login_comes_before_a_longer_path_that_cannot_be_used(registry: Registry) -> None:
    broken = login(f"{SERVER}/web", flaw=Flaw.LINE_BREAK)
    found = login_for(secret(broken, login()), registry, "web/api")
    assert found is not None
    assert found.server == SERVER


def test_of_two_secrets_the_one_for_the_image_s_path_counts(registry: Registry) -> None:
    other, own = secret(login(f"{SERVER}/other"), name="other"), secret(login(f"{SERVER}/web"), name="own")
    for given_ in ((other, own), (own, other)):
        meant = meant_secret(choice(*given_), registry)
        assert meant is not None
        assert meant.secret is own


def test_no_fitting_login_has_a_longer_path_and_order_does_not_count(registry: Registry) -> None:
    @given(st.lists(PATHS, min_size=1))
    def holds(paths: list[str]) -> None:
        logins = [login(f"{SERVER}{path}") for path in paths]
        fitting = [one for one in logins if serves(one.server, SERVER, "web/api")]
        found = login_for(secret(*logins), registry, "web/api")
        turned = login_for(secret(*reversed(logins)), registry, "web/api")
        assert (found is None) == (turned is None) == (not fitting)
        if found is not None and turned is not None:
            longest = max(len(host_and_path(one.server)[1]) for one in fitting)
            assert len(host_and_path(found.server)[1]) == longest
            assert host_and_path(turned.server) == host_and_path(found.server)

    holds()
