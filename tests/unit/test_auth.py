from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jwt
import pytest

from server.auth import AUDIENCE, ISSUER, TokenAuth, TokenClaims, load_secret
from server.errors import TokenExpired, Unauthenticated

SECRET = "k" * 40
NOW = 1_800_000_000.0
ANN = TokenClaims("u1", "s1")


@pytest.fixture
def auth() -> TokenAuth:
    return TokenAuth(SECRET, ttl_s=100)


def signed(**claims: object) -> str:
    whole = {"iss": ISSUER, "aud": AUDIENCE, "sub": "u1", "iat": int(NOW), "exp": int(NOW) + 100}
    return jwt.encode({**whole, **claims}, SECRET, algorithm="HS256")


def test_a_token_names_its_user_until_it_expires(auth: TokenAuth) -> None:
    token = auth.issue(ANN, NOW)
    assert auth.verify(token, NOW) == ANN
    assert auth.verify(token, NOW + 99.9) == ANN
    with pytest.raises(TokenExpired):
        auth.verify(token, NOW + 100)


def test_a_whole_token_of_our_own_is_accepted(auth: TokenAuth) -> None:
    assert auth.verify(signed(sid="s1"), NOW) == ANN


def test_an_expired_token_is_accepted_where_it_may_be_renewed(auth: TokenAuth) -> None:
    token = auth.issue(ANN, NOW)
    assert auth.verify(token, NOW + 100, accept_expired=True) == ANN
    with pytest.raises(Unauthenticated):
        auth.verify(token[:-4] + "AAAA", NOW + 100, accept_expired=True)


def test_a_token_from_before_the_clock_was_set_back_is_accepted(auth: TokenAuth) -> None:
    assert auth.verify(auth.issue(ANN, NOW + 40 * 86_400), NOW) == ANN


def test_the_session_of_a_token_without_one_has_the_id_of_its_user(auth: TokenAuth) -> None:
    assert auth.verify(signed(), NOW) == TokenClaims("u1", "u1")


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "elsewhere"},
        {"iss": "elsewhere"},
        {"sub": ""},
        {"sub": None},
        {"exp": None},
        {"exp": "never"},
        {"iat": "long ago"},
        {"sid": ""},
        {"sid": 7},
    ],
)
def test_a_claim_that_is_wrong_makes_the_token_worthless(auth: TokenAuth, claims: dict[str, object]) -> None:
    with pytest.raises(Unauthenticated):
        auth.verify(signed(**claims), NOW)


def test_a_token_that_was_not_signed_by_us_is_refused(auth: TokenAuth) -> None:
    claims = jwt.decode(signed(), options={"verify_signature": False})
    for forged in (
        jwt.encode(claims, "", algorithm="none"),
        jwt.encode(claims, "x" * 40, algorithm="HS256"),
        jwt.encode(claims, SECRET * 2, algorithm="HS512"),
        "",
        "a.b.c",
        "é" * 10,
        "x" * 100_000,
    ):
        with pytest.raises(Unauthenticated):
            auth.verify(forged, NOW)


def test_the_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = load_secret(folder)
    assert len(first) >= 32
    assert load_secret(folder) == first
    assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600
    assert [file.name for file in folder.iterdir()] == ["secret"]


def test_servers_that_start_together_use_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: load_secret(tmp_path / "data"), range(32)))) == 1


def test_the_configured_key_comes_first_and_writes_nothing(tmp_path: Path) -> None:
    assert load_secret(tmp_path / "data", SECRET) == SECRET
    assert not (tmp_path / "data").exists()


def test_a_damaged_key_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("short")
    with pytest.raises(ValueError, match="fewer than 32 characters"):
        load_secret(tmp_path)
