"""A provider changes its keys, is away, hangs or lies; it hears of us seldom, and requests do not wait for it long."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from sixfaces.adapters.oidc import fetching, key_source
from sixfaces.adapters.oidc.checker import TokenChecker
from sixfaces.adapters.oidc.key_source import DISCOVERY, MOST_WAITING
from sixfaces.domain.errors import IdentityError
from sixfaces.domain.identity import TrustedIssuer
from tests.rig.webhook_receiver import drip, receiver
from tests.servers.issuer import AUDIENCE, Issuer, key_for


def code_of(checker: TokenChecker, token: str) -> str:
    """What becomes of the token: `good`, or the code of its refusal."""
    try:
        checker.vouched(token)
    except IdentityError as exc:
        return exc.code
    return "good"


def test_many_requests_at_once_ask_the_provider_once(issuer: Issuer, checker: TokenChecker) -> None:
    token = issuer.token()
    assert checker.vouched(token)
    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(lambda _: code_of(checker, token), range(64))) == {"good"}
    assert issuer.asked == {DISCOVERY: 1, "/keys": 1}


@pytest.mark.usefixtures("impatient")
def test_a_new_key_is_known_with_the_first_token_that_names_it(issuer: Issuer, checker: TokenChecker) -> None:
    assert checker.vouched(issuer.token())
    del issuer.keys["one"]
    issuer.publish("two", key_for("ES256", "two"))
    assert checker.vouched(issuer.token(kid="two", key=key_for("ES256", "two")))
    assert code_of(checker, issuer.token()) == "identity.token", "the old key went with the provider's"


def test_rubbish_names_of_keys_do_not_make_us_ask_and_ask(issuer: Issuer, checker: TokenChecker) -> None:
    assert checker.vouched(issuer.token())
    codes = {code_of(checker, issuer.token(kid=f"rubbish-{number}")) for number in range(50)}
    assert codes == {"identity.token"}
    assert issuer.asked["/keys"] == 1


@pytest.mark.usefixtures("impatient")
def test_while_the_provider_is_away_its_known_keys_serve(
    issuer: Issuer, checker: TokenChecker, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert checker.vouched(issuer.token())
    issuer.is_down.set()
    monkeypatch.setattr(key_source, "FRESH_S", 0.0)
    assert checker.vouched(issuer.token())
    assert code_of(checker, issuer.token(kid="new")) == "identity.provider_away", "it may be good: nobody can tell now"
    monkeypatch.setattr(key_source, "MOST_STALE_S", 0.0)
    assert code_of(checker, issuer.token()) == "identity.provider_away", "not for ever"
    issuer.is_down.clear()
    monkeypatch.undo()
    monkeypatch.setattr(key_source, "PAUSE_S", 0.0)
    assert code_of(checker, issuer.token(kid="new")) == "identity.token"
    assert checker.vouched(issuer.token())


def test_a_provider_that_was_away_is_not_asked_again_at_once(issuer: Issuer, checker: TokenChecker) -> None:
    issuer.is_down.set()
    assert {code_of(checker, issuer.token()) for _ in range(20)} == {"identity.provider_away"}
    assert issuer.asked.total() == 1


def test_keys_that_have_aged_are_renewed_while_they_serve(
    issuer: Issuer, checker: TokenChecker, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert checker.vouched(issuer.token())
    monkeypatch.setattr(key_source, "FRESH_S", 0.0)
    monkeypatch.setattr(key_source, "PAUSE_S", 0.0)
    issuer.goes_on.clear()
    assert checker.vouched(issuer.token()), "nobody waits for it"


def test_a_provider_that_hangs_holds_up_few(
    issuer: Issuer, checker: TokenChecker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_source, "WAIT_S", 30.0)
    issuer.goes_on.clear()
    token, told, some = issuer.token(), list[str](), threading.Semaphore(0)

    def ask() -> None:
        told.append(code_of(checker, token))
        some.release()

    threads = [threading.Thread(target=ask) for _ in range(MOST_WAITING + 6)]
    for thread in threads:
        thread.start()
    for _ in range(6):
        assert some.acquire(timeout=20)
    assert told == ["identity.provider_away"] * 6
    issuer.goes_on.set()
    for thread in threads:
        thread.join(20)
    assert told[6:] == ["good"] * MOST_WAITING


@pytest.mark.usefixtures("impatient")
def test_a_provider_that_calls_itself_otherwise_is_not_believed(issuer: Issuer, checker: TokenChecker) -> None:
    for name in ("https://login.example", f"{issuer.url}/"):
        issuer.calls_itself = name
        assert code_of(checker, issuer.token()) == "identity.provider_away"
    assert issuer.asked["/keys"] == 0


@pytest.mark.usefixtures("impatient")
def test_keys_are_not_taken_from_unsafe_addresses(issuer: Issuer, checker: TokenChecker) -> None:
    for address in ("http://login.example/keys", "file:///etc/passwd", "ftp://127.0.0.1/keys"):
        issuer.keys_at = address
        assert code_of(checker, issuer.token()) == "identity.provider_away"


@pytest.mark.usefixtures("impatient")
def test_a_document_that_is_no_set_of_keys_changes_nothing(issuer: Issuer, checker: TokenChecker) -> None:
    assert checker.vouched(issuer.token())
    issuer.keys = {}
    assert code_of(checker, issuer.token(kid="new")) == "identity.provider_away"
    assert checker.vouched(issuer.token())


def test_an_address_of_keys_that_is_set_is_asked_without_discovery(issuer: Issuer) -> None:
    elsewhere = TrustedIssuer(
        issuer="https://login.example", audience=AUDIENCE, tenant="main", jwks_url=f"{issuer.url}/keys"
    )
    assert TokenChecker([elsewhere]).vouched(issuer.token(iss="https://login.example"))
    assert issuer.asked == {"/keys": 1}


def test_a_head_that_never_ends_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "WHOLE_S", 0.3)
    with receiver() as dripping:
        dripping.answer = drip
        with pytest.raises(fetching.AwayError):
            fetching.fetched(dripping.url)
    assert len(dripping.heard) == 1


@pytest.mark.usefixtures("impatient")
def test_no_proxy_of_the_environment_is_asked_for_keys(
    issuer: Issuer, checker: TokenChecker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert checker.vouched(issuer.token())
