"""A small OpenID Connect provider in a process of its own, on this machine only.

Run as `python oidc_provider.py ISSUED_AT`: it writes its address, then serves until its input ends.
Whoever is sent to it is signed in at once, as the subject that `login_hint` asks for.  `fault` says
what is to be wrong with the id_token: the tests go there with an address that they spoilt.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "yicheng", "client-secret"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"}, private=True)
STRANGE = RSAKey.generate_key(2048, {"kid": "one"}, private=True)

NOW = int(sys.argv[1]) if len(sys.argv) > 1 else 0
codes: dict[str, dict[str, str]] = {}


class Provider(BaseHTTPRequestHandler):
    """Discovery, authorization, token, keys."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        issuer = f"http://{self.headers['Host']}"
        if parts.path == "/.well-known/openid-configuration":
            self.answer(
                {
                    "issuer": issuer,
                    "authorization_endpoint": f"{issuer}/authorize",
                    "token_endpoint": f"{issuer}/token",
                    "jwks_uri": f"{issuer}/keys",
                }
            )
        elif parts.path == "/keys":
            self.answer({"keys": [KEY.as_dict(private=False)]})
        else:
            code = secrets.token_urlsafe()
            codes[code] = asked
            back = {"code": code, "state": asked["state"], "iss": issuer}
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(back)}")
            self.end_headers()

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        given = {
            name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()
        }
        who = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        # A code works once, for whoever has its verifier.
        asked = codes.pop(given.get("code", ""), None)
        verifier = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).decode().rstrip("=")
        if (
            asked is None
            or asked["code_challenge_method"] != "S256"
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != given.get("redirect_uri")
            or self.headers["Authorization"] != f"Basic {who}"
        ):
            self.answer({"error": "invalid_grant"}, 400)
            return
        token = id_token(f"http://{self.headers['Host']}", asked, asked.get("fault", ""))
        self.answer({"access_token": "at", "token_type": "Bearer", "id_token": token})

    def answer(self, content: object, status: int = 200) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base's)
        """Nothing: the tests want no noise."""


def id_token(issuer: str, asked: dict[str, str], fault: str) -> str:
    """The token, spoilt as asked."""
    claims: dict[str, object] = {
        "iss": issuer,
        "sub": asked.get("login_hint", "s-1"),
        "aud": CLIENT,
        "iat": NOW,
        "exp": NOW + 300,
        "nonce": asked.get("nonce", ""),
    }
    spoilt: dict[str, dict[str, object]] = {
        "nonce": {"nonce": "another"},
        "audience": {"aud": "somebody-else"},
        "audiences": {"aud": [CLIENT, "somebody-else"], "azp": "somebody-else"},
        "issuer": {"iss": "https://elsewhere.example"},
        "expired": {"iat": NOW - 900, "exp": NOW - 600},
        "future": {"iat": NOW + 900, "nbf": NOW + 900, "exp": NOW + 1200},
        "no subject": {"sub": ""},
    }
    claims |= spoilt.get(fault, {})
    if fault == "no nonce":
        del claims["nonce"]
    if fault == "none":
        parts = ({"alg": "none", "typ": "JWT"}, claims)
        written = (base64.urlsafe_b64encode(json.dumps(part).encode()) for part in parts)
        return ".".join(part.decode().rstrip("=") for part in written) + "."
    if fault == "secret":
        shared = OctKey.import_key(SECRET * 3)
        return jwt.encode({"alg": "HS256", "kid": "one"}, claims, shared, algorithms=["HS256"])
    key = STRANGE if fault == "key" else KEY
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main()
