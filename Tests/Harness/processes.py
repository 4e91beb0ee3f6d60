"""Child processes and ports of a test run, all on loopback."""

import http.client
import os
import random
import signal
import socket
import subprocess
import time
from pathlib import Path

HOST = "127.0.0.1"


def free_ports(count=1):
    """Ports that nobody listens on now, below those that the kernel gives to outgoing connections: a port from among
    them could be taken by any client between here and the server's start."""
    held = []
    try:
        while len(held) < count:
            try:
                held.append(socket.create_server((HOST, random.randrange(20_000, 32_000))))
            except OSError:
                continue
        return [listener.getsockname()[1] for listener in held]
    finally:
        for listener in held:
            listener.close()


def until(condition, seconds, what):
    """Asks `condition` again and again until it gives something true, and returns that; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.01)


def get(port, path, headers=None, timeout=5):
    """(status, body) of one GET, or None when nobody answers."""
    connection = http.client.HTTPConnection(HOST, port, timeout=timeout)
    try:
        connection.request("GET", path, headers=headers or {})
        reply = connection.getresponse()
        return reply.status, reply.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


class Child:
    """A process whose output goes to a file, and which is ended with its `with` block."""

    def __init__(self, command, log: Path, environment=None, directory=None):
        self.command = [str(part) for part in command]
        self.log = Path(log)
        self._output = self.log.open("wb")
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            env=os.environ | (environment or {}),
            cwd=directory,
        )

    @property
    def pid(self):
        return self.process.pid

    @property
    def output(self):
        return self.log.read_text(errors="replace")

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, seconds):
        """The exit status."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still runs after {seconds} s: {self}") from None

    def until_answers(self, port, path, seconds, status=200):
        def answered():
            if self.process.poll() is not None:
                raise AssertionError(f"ended with {self.process.returncode}: {self}")
            reply = get(port, path)
            return reply is not None and reply[0] == status

        try:
            until(answered, seconds, f"{status} from {path}")
        except AssertionError as failure:
            raise AssertionError(f"{failure}\n{self}") from None
        return self

    def stop(self):
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._output.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def __str__(self):
        return " ".join(self.command) + "\n" + self.output[-3000:]
