"""In by an identity provider, shown against one in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from api.identity.errors import NotRecognised
from api.identity.external import Departure, ExternalSignIn, Return, Waiting
from api.identity.providers import Provider, is_safe, load_provider
from api.identity.records import Admitted
from procedures.problems import SourceError
from tests.integration.door import CLERK, HERE, Door
from tests.integration.house import FIRST_DAY, LOCAL
from workflow.errors import BadInput, NotFound

BACK = "https://yicheng.example/back"
MINUTE = timedelta(minutes=1)
AT = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, 9, tzinfo=LOCAL)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    script = Path(__file__).with_name("oidc_provider.py")
    with subprocess.Popen(
        [sys.executable, "-P", script, str(int(AT.timestamp()))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()


@pytest.fixture
def provider(issuer: str, door: Door) -> Provider:
    return Provider(door.organisation, issuer, "yicheng", BACK, "client-secret")


@pytest.fixture
def way_in(door: Door, provider: Provider) -> ExternalSignIn:
    door.clock.set(AT)
    door.identity.administration.link_external(
        None, door.organisation, CLERK, provider.issuer, "s-1", HERE
    )
    return ExternalSignIn(door.identity.administration.core, provider)


def travel(departure: Departure, **spoilt: str) -> Return:
    """Go to the provider as a browser does, and come back with what it gives."""
    parts = urlsplit(departure.address)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    address = parts._replace(query=urlencode({**asked, **spoilt})).geturl()
    answer = httpx.get(address, trust_env=False)
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    return Return(back["state"][0], back["code"][0], departure.kept, back["iss"][0])


def test_whoever_was_linked_comes_in_as_the_account_that_they_are(
    door: Door, way_in: ExternalSignIn
) -> None:
    admitted = way_in.finish(travel(way_in.begin()), HERE)
    assert isinstance(admitted, Admitted)
    found = door.who(admitted.token)
    assert found is not None
    assert (found.account, found.confirmed_at, found.second_factor_at) == (CLERK, None, None)
    assert door.told()[-1] == ("external_sign_in", None)


def test_who_has_a_second_factor_shows_it_here_too(door: Door, way_in: ExternalSignIn) -> None:
    """Whoever may link a subject to an account does not come in as that account by it."""
    door.join()
    secret, _ = door.enrolled(door.sign_in().token)
    waiting = way_in.finish(travel(way_in.begin()), HERE)
    assert isinstance(waiting, Waiting)
    door.wait(MINUTE)
    departure = way_in.begin()
    for kept, code in (
        (waiting.kept, "000000"),
        (departure.kept, door.code(secret)),
        ("", door.code(secret)),
    ):
        with pytest.raises(NotRecognised):
            way_in.second_factor(kept, code, HERE)
    with pytest.raises(NotRecognised):
        way_in.finish(replace(travel(departure), kept=waiting.kept), HERE)
    admitted = way_in.second_factor(waiting.kept, door.code(secret), HERE)
    assert admitted.principal.second_factor_at == door.now
    with pytest.raises(NotRecognised):
        way_in.second_factor(waiting.kept, door.code(secret), HERE)


def test_nobody_else_does_and_no_account_is_made_up(door: Door, way_in: ExternalSignIn) -> None:
    before = door.intruder.ask("SELECT count(*) FROM account")
    with pytest.raises(NotRecognised) as caught:
        way_in.finish(travel(way_in.begin(), login_hint="s-2"), HERE)
    assert caught.value.code == "identity.external.nobody"
    assert door.intruder.ask("SELECT count(*) FROM account") == before
    door.identity.administration.disable_account(None, door.organisation, CLERK)
    with pytest.raises(NotRecognised):
        way_in.finish(travel(way_in.begin()), HERE)


FAULTS = (
    "nonce",
    "no nonce",
    "audience",
    "audiences",
    "issuer",
    "expired",
    "future",
    "no subject",
    "none",
    "secret",
    "key",
)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_token_with_anything_wrong_opens_nothing(door: Door, way_in: ExternalSignIn) -> None:
    for fault in FAULTS:
        with pytest.raises(NotRecognised) as caught:
            way_in.finish(travel(way_in.begin(), fault=fault), HERE)
        assert caught.value.code == "identity.external.refused", fault
        assert door.told()[-1] == ("external_sign_in", "external_refused"), fault


@pytest.mark.parametrize("backend", ["sqlite"])
class TestTheWayBack:
    def test_is_for_the_browser_that_went(self, door: Door, way_in: ExternalSignIn) -> None:
        mine, another = travel(way_in.begin()), travel(way_in.begin())
        for back in (
            replace(mine, kept=another.kept),
            replace(mine, state=another.state),
            replace(mine, kept=""),
            replace(mine, kept=mine.kept[:-6] + "AAAAA="),
            replace(mine, state=mine.state + "é"),
            replace(mine, issuer="https://elsewhere.example"),
        ):
            with pytest.raises(NotRecognised):
                way_in.finish(back, HERE)
        assert isinstance(way_in.finish(mine, HERE), Admitted)

    def test_does_not_take_the_code_of_another_sign_in(
        self, door: Door, way_in: ExternalSignIn
    ) -> None:
        """The provider holds the code to the verifier, and we the token to the nonce."""
        mine, another = travel(way_in.begin()), travel(way_in.begin())
        with pytest.raises(NotRecognised):
            way_in.finish(replace(mine, code=another.code), HERE)

    def test_works_once_and_not_for_long(self, door: Door, way_in: ExternalSignIn) -> None:
        back = travel(way_in.begin())
        assert isinstance(way_in.finish(back, HERE), Admitted)
        with pytest.raises(NotRecognised):
            way_in.finish(back, HERE)
        late = travel(way_in.begin())
        door.wait(11 * MINUTE)
        with pytest.raises(NotRecognised):
            way_in.finish(late, HERE)

    def test_ends_where_the_provider_is_another_or_none(
        self, door: Door, way_in: ExternalSignIn
    ) -> None:
        core = way_in.core
        with pytest.raises(NotFound):
            ExternalSignIn(core, None).begin()
        assert way_in.provider is not None
        for issuer in (way_in.provider.issuer + "/", "http://127.0.0.1:1"):
            with pytest.raises(NotRecognised):
                ExternalSignIn(core, replace(way_in.provider, issuer=issuer)).begin()


class TestSettings:
    GOOD = (
        "organisation: jiyuan_htz\nissuer: https://sso.example\nclient_id: yicheng\n"
        "redirect_uri: https://yicheng.example/back\n"
    )

    def test_name_a_provider_and_keep_its_secret_apart(self, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text("s3cret\n")
        path = tmp_path / "oidc.yaml"
        path.write_text(self.GOOD + "client_secret_file: secret\n")
        found = load_provider(path)
        assert (found.issuer, found.client_secret) == ("https://sso.example", "s3cret")
        assert "s3cret" not in repr(found)
        assert "HS256" not in found.algorithms

    @pytest.mark.parametrize(
        "line",
        [
            "client_secret_file: absent",
            "algorithms: [none]",
            "algorithms: [RS256, HS256]",
            "client_secret: s3cret",
        ],
    )
    def test_that_are_unsafe_are_refused(self, tmp_path: Path, line: str) -> None:
        path = tmp_path / "oidc.yaml"
        path.write_text(f"{self.GOOD}{line}\n")
        with pytest.raises(BadInput):
            load_provider(path)

    def test_want_an_address_that_nobody_listens_at(self, tmp_path: Path) -> None:
        path = tmp_path / "oidc.yaml"
        path.write_text(self.GOOD.replace("https://sso", "http://sso"))
        with pytest.raises(SourceError):
            load_provider(path)
        safe = ("https://a.example", "http://127.0.0.1:8", "http://localhost", "http://[::1]:1")
        unsafe = ("http://a.example", "ftp://a", "https://u@a.example", "https://", "http://[", "x")
        assert all(map(is_safe, safe))
        assert not any(map(is_safe, unsafe))
