"""A Redis of a test's own, to be harmed."""

import shutil
import signal
import socket

import pytest
from processes import HOST, Child, free_ports, until


class Redis:
    """A Redis server of the test's own, which keeps nothing when it dies."""

    def __init__(self, directory, *arguments):
        if not shutil.which("redis-server"):
            pytest.fail("redis-server is missing: install the package redis-server", pytrace=False)
        (self.port,) = free_ports()
        self._directory, self._arguments = directory, arguments
        self.start()

    def start(self):
        command = ["redis-server", "--port", self.port, "--bind", HOST, "--save", "", "--appendonly", "no"]
        command += ["--dir", self._directory, *self._arguments]
        self._child = Child(command, self._directory / "log")
        until(lambda: self.command("PING").startswith("+PONG"), 5, "Redis answers")

    def command(self, *words):
        """What it answers, as it comes over the wire; nothing when it does not."""
        line = f"*{len(words)}\r\n" + "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
        try:
            with socket.create_connection((HOST, self.port), timeout=2) as connection:
                connection.sendall(line.encode())
                return connection.recv(65536).decode()
        except OSError:
            return ""

    def kill(self):
        self._child.signal(signal.SIGKILL)
        self._child.wait(5)

    def hang(self):
        self._child.signal(signal.SIGSTOP)

    def go_on(self):
        self._child.signal(signal.SIGCONT)

    def stop(self):
        if self._child.process.poll() is None:
            self.go_on()
            self.kill()
        self._child.stop()
