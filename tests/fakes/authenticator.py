"""A WebAuthn authenticator in software: answers a server's options as a browser would."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

_PRESENT, _VERIFIED, _HAS_KEY = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """Holds one passkey. `origin`: of the page. `count`: 0 never counts, as with synchronised passkeys."""

    origin: str
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user_handle: bytes = b""

    def create(self, options_json: str) -> str:
        """RegistrationResponseJSON for the options of a registration."""
        options = json.loads(options_json)
        self.user_handle = base64url_to_bytes(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public_key = {
            1: 2,
            3: -7,
            -1: 1,
            -2: numbers.x.to_bytes(32),
            -3: numbers.y.to_bytes(32),
        }
        length = len(self.credential_id).to_bytes(2)
        data = self._data(options["rp"]["id"], _HAS_KEY)
        data += bytes(16) + length + self.credential_id + encode_cbor(public_key)
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._credential(
            {
                "clientDataJSON": self._client_data("webauthn.create", options["challenge"]),
                "attestationObject": bytes_to_base64url(attestation),
            }
        )

    def get(self, options_json: str) -> str:
        """AuthenticationResponseJSON for the options of a sign-in."""
        options = json.loads(options_json)
        if self.count:
            self.count += 1
        data = self._data(options["rpId"], 0)
        client_data = self._client_data("webauthn.get", options["challenge"])
        signed = data + hashlib.sha256(base64url_to_bytes(client_data)).digest()
        return self._credential(
            {
                "clientDataJSON": client_data,
                "authenticatorData": bytes_to_base64url(data),
                "signature": bytes_to_base64url(self.key.sign(signed, ec.ECDSA(SHA256()))),
                "userHandle": bytes_to_base64url(self.user_handle),
            }
        )

    def _data(self, rp_id: str, flags: int) -> bytes:
        head = hashlib.sha256(rp_id.encode()).digest()
        return head + bytes([flags | _PRESENT | _VERIFIED]) + self.count.to_bytes(4)

    def _client_data(self, kind: str, challenge: str) -> str:
        data = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return bytes_to_base64url(json.dumps(data).encode())

    def _credential(self, response: dict[str, str]) -> str:
        name = bytes_to_base64url(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
