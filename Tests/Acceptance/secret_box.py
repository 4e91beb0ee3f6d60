"""NaCl's secretbox (XSalsa20-Poly1305) in plain Python, for a handful of bytes: as LiteLLM seals what it stores.
After D. J. Bernstein, "Extending the Salsa20 nonce" and "The Poly1305-AES message-authentication code"."""

import base64
import hashlib
import os
import struct

SIGMA = struct.unpack("<4I", b"expand 32-byte k")
LANES = [(0, 4, 8, 12), (5, 9, 13, 1), (10, 14, 2, 6), (15, 3, 7, 11)]
ROWS = [(0, 1, 2, 3), (5, 6, 7, 4), (10, 11, 8, 9), (15, 12, 13, 14)]


def _rounds(state):
    words = list(state)
    for _ in range(10):
        for a, b, c, d in LANES + ROWS:
            for into, left, right, turn in ((b, a, d, 7), (c, b, a, 9), (d, c, b, 13), (a, d, c, 18)):
                total = (words[left] + words[right]) & 0xFFFFFFFF
                words[into] ^= (total << turn | total >> 32 - turn) & 0xFFFFFFFF
    return words


def _state(key, block):
    k, n = struct.unpack("<8I", key), struct.unpack("<4I", block)
    return [SIGMA[0], *k[:4], SIGMA[1], *n, SIGMA[2], *k[4:], SIGMA[3]]


def _stream(key, nonce, length):
    words = _rounds(_state(key, nonce[:16]))
    key = struct.pack("<8I", *(words[index] for index in (0, 5, 10, 15, 6, 7, 8, 9)))
    stream = b""
    for counter in range(length // 64 + 1):
        state = _state(key, nonce[16:] + struct.pack("<Q", counter))
        stream += struct.pack("<16I", *((a + b) & 0xFFFFFFFF for a, b in zip(_rounds(state), state, strict=True)))
    return stream[:length]


def _tag(key, message):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for start in range(0, len(message), 16):
        total = (total + int.from_bytes(message[start : start + 16] + b"\1", "little")) * r % (2**130 - 5)
    return ((total + int.from_bytes(key[16:], "little")) % 2**128).to_bytes(16, "little")


def sealed(text, salt, nonce=None):
    """The text as LiteLLM's database holds it."""
    nonce = nonce or os.urandom(24)
    message = text.encode()
    stream = _stream(hashlib.sha256(salt.encode()).digest(), nonce, 32 + len(message))
    box = bytes(a ^ b for a, b in zip(message, stream[32:], strict=True))
    return base64.urlsafe_b64encode(nonce + _tag(stream[:32], box) + box).decode()
