"""A server on this machine that speaks OpenID Connect: it says who somebody is, and signs it."""

import base64
import hashlib
import json
import secrets
import time
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tests.answering import answering

CLIENT_ID, CLIENT_SECRET = "quizgame", "between-us"
LEA: dict[str, Any] = {
    "sub": "4711",
    "preferred_username": "lea",
    "name": "Lea",
    "email": "l@x.org",
}


class OidcServer(ThreadingHTTPServer):
    """`person` is logged in there and agrees to everything, unless `refuses`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.person = dict(LEA)
        self.refuses = False
        self.is_broken = False
        """Answers everything with an error."""
        self.told_otherwise: dict[str, Any] = {}
        """Claims of the signed token that differ from what is true."""
        self.userinfo_otherwise: dict[str, Any] = {}
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signs_with = self.key
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        """The paths that were asked for."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def goes_back_to(self, address: str) -> str:
        """Where a browser is sent that comes with this address: the client's, with a code."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert query["client_id"] == CLIENT_ID
        assert query["response_type"] == "code"
        assert "openid" in query["scope"].split()
        back = {"state": query["state"]}
        if self.refuses:
            back["error"] = "access_denied"
        else:
            back["code"] = secrets.token_urlsafe(16)
            self.codes[back["code"]] = query
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def token_of(self, form: dict[str, str]) -> dict[str, Any] | None:
        """What a code is worth, once, to who asked for it."""
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or asked["redirect_uri"] != form.get("redirect_uri"):
            return None
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return None
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if asked["code_challenge"] != base64.urlsafe_b64encode(digest).rstrip(b"=").decode():
            return None
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 60, **self.person}
        signed = jwt.encode(
            claims | self.told_otherwise, self.signs_with, "RS256", headers={"kid": "one"}
        )
        return {"access_token": "opens", "token_type": "Bearer", "id_token": signed}

    def answer(self, path: str) -> dict[str, Any] | None:
        match path:
            case "/.well-known/openid-configuration":
                return {
                    "issuer": self.url,
                    "authorization_endpoint": f"{self.url}/authorize",
                    "token_endpoint": f"{self.url}/token",
                    "userinfo_endpoint": f"{self.url}/userinfo",
                    "jwks_uri": f"{self.url}/jwks",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            case "/userinfo":
                return self.person | self.userinfo_otherwise
            case "/jwks":
                public = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
                return {"keys": [{"kid": "one", "alg": "RS256", "use": "sig", **public}]}
        return None


class _Handler(BaseHTTPRequestHandler):
    server: OidcServer

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.server.asked.append(path)
        if path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.server.goes_back_to(self.path))
            self.end_headers()
        elif path == "/userinfo" and self.headers["Authorization"] != "Bearer opens":
            self._say(None)
        else:
            self._say(self.server.answer(path))

    def do_POST(self) -> None:
        self.server.asked.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self._say(self.server.token_of(form))

    def _say(self, answer: dict[str, Any] | None) -> None:
        is_well = answer is not None and not self.server.is_broken
        self.send_response(200 if is_well else 400)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer if is_well else {"error": "invalid"}).encode())

    def log_message(self, *args: Any) -> None:
        pass


def running() -> AbstractContextManager[OidcServer]:
    return answering(OidcServer())
