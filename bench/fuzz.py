"""Writes mutated requests at a gateway on loopback for a while: `python3 bench/fuzz.py [--seconds 60] [--seed N]`.

The requests begin as good ones and are cut, repeated, spliced and sprinkled with the bytes that parsers stumble over.
Whatever comes, the process must live, every answer must begin with a status line of HTTP/1.1, an untouched request
must be answered after each batch, and neither memory nor descriptors may grow without end. A failure prints the seed,
which repeats the run.
"""

import argparse
import os
import random
import socket
import sys
import time

from stage import CHAT, KEY, Weir, get, prepare

SPICES = [
    b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\x00", b"\x80", b"\xff\xfe", b" ", b"\t", b":", b";", b",", b"%00", b"%2f", b"..",
    b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"Expect: 100-continue\r\n", b"Connection: close\r\n",
    b"0\r\n\r\n", b"ffffffffffffffff\r\n", b"-1", b"1e9", b"{", b"}", b"[" * 200, b'"', b"\\u", b"\\ud800", b"null", b"a" * 5000,
]  # fmt: skip


def seeds(key):
    message = b'{"role": "user", "content": "h\\u00f6la \\" \xf0\x9f\x99\x82"}'
    chat = b'{"model": "gpt-4o-mini", "stream": false, "messages": [' + message + b"]}"
    stream = chat.replace(b"false", b'true, "stream_options": {"include_usage": true}')
    head = b"Host: a\r\nAuthorization: Bearer " + key.encode() + b"\r\nContent-Type: application/json\r\n"
    post = b"POST " + CHAT.encode() + b" HTTP/1.1\r\n" + head
    return [
        post + b"Content-Length: %d\r\n\r\n%s" % (len(chat), chat),
        post + b"Content-Length: %d\r\n\r\n%s" % (len(stream), stream),
        post + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(chat), chat),
        b"GET /v1/models HTTP/1.1\r\n" + head + b"\r\n",
        b"GET /v1/models/gpt-4o%2dmini?a=b&c=%20 HTTP/1.1\r\n" + head + b"\r\n",
        b"GET /metrics HTTP/1.0\r\n" + head + b"\r\n",
    ]


def mutated(chance, corpus):
    data = bytearray(chance.choice(corpus))
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        kind = chance.randrange(6)
        if kind == 0:
            data[at:at] = chance.choice(SPICES)
        elif kind == 1:
            del data[at : at + chance.randint(1, 40)]
        elif kind == 2 and at < len(data):
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 3:
            data[at:at] = data[at : at + chance.randint(1, 200)]
        elif kind == 4:
            other = chance.choice(corpus)
            data[at:] = other[chance.randrange(len(other)) :]
        else:
            data[at:at] = chance.choice(corpus)
    return bytes(data)


def write_and_read(port, data, chance):
    """What came back. The request may be written in pieces, and its end may be announced or not."""
    with socket.create_connection(("127.0.0.1", port), 5) as client:
        client.settimeout(0.05)
        received = b""
        try:
            while data:
                size = chance.choice((1, 7, 100, len(data)))
                client.sendall(data[:size])
                data = data[size:]
            if chance.random() < 0.7:
                client.shutdown(socket.SHUT_WR)
            while piece := client.recv(65536):
                received += piece
        except OSError:
            pass  # closed by the gateway, or nothing more to come
        return received


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options = parser.parse_args()
    chance, corpus, count = random.Random(options.seed), seeds(KEY), 0
    upstream = prepare()
    try:
        with Weir(upstream) as target:
            port = target.ports["fast"]
            end = time.monotonic() + options.seconds
            for _ in range(200):
                write_and_read(port, mutated(chance, corpus), chance)
            memory, descriptors = target.resident, len(os.listdir(f"/proc/{target.pid}/fd"))
            while time.monotonic() < end:
                data = mutated(chance, corpus)
                received = write_and_read(port, data, chance)
                count += 1
                if received and not received.startswith(b"HTTP/1.1 "):
                    raise SystemExit(f"seed {options.seed}: an answer that is none: {received[:200]!r} to {data!r}")
                if target.child.process.poll() is not None:
                    raise SystemExit(f"seed {options.seed}: the process died of {data!r}\n{target.child}")
                if count % 100 == 0 and (get(port, "/health/readiness") or (0,))[0] != 200:
                    raise SystemExit(f"seed {options.seed}: not ready after {data!r}")
            target.load("small", "closed", N=100, n=4, d=20, w=0)
            time.sleep(1)
            grown, more = target.resident - memory, len(os.listdir(f"/proc/{target.pid}/fd")) - descriptors
    finally:
        upstream.stop()
    print(f"{count} mutated requests, seed {options.seed}: memory {grown / 1e6:+.1f} MB, descriptors {more:+d}")
    if grown > 20e6 or more > 64:
        sys.exit("that is too much")


if __name__ == "__main__":
    main()
