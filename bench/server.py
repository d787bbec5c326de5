"""A server to measure: `porchlight serve` on loopback, ended by its process id."""
import json
import os
import pathlib
import re
import secrets
import signal
import subprocess
import sys

START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 60
LISTENING = re.compile(r"listening on (http://\S+:\d+)")


class Server:
    """`porchlight serve` on an empty data folder, with one platform account."""

    def __init__(self, build, folder, engine):
        self.binary = build / "bin" / "porchlight"
        folder.mkdir(parents=True)
        self.log = folder.parent / f"{engine}.log"
        self.common = ["--data", str(folder)]
        if engine == "postgres":
            settings = folder.parent / "postgres.toml"
            conninfo = os.environ["PORCHLIGHT_TEST_POSTGRES"]
            settings.write_text(f'[store]\nengine = "postgres"\nconninfo = {json.dumps(conninfo)}\n')
            self.common += ["--config", str(settings)]
        self.login = "bench-platform"
        self.password = secrets.token_urlsafe(24)
        self.process = None
        self.url = None

    def command(self, *words, text=None):
        done = subprocess.run([str(self.binary), *words], input=text, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"`porchlight {' '.join(words[:2])}` failed: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def __enter__(self):
        self.start()
        # The account is made while the centre runs, as an operator would, once there is a centre to make it in.
        printed = self.command("organisation", "create", *self.common, "--name", "Bench Platform")
        numbers = re.findall(r"\d+", printed)
        if not numbers:
            sys.exit(f"`porchlight organisation create` printed no number: {printed!r}")
        self.command("account", "create", *self.common, "--login", self.login, "--role", "esp_reporter", "--org",
                     numbers[-1], text=self.password + "\n")
        return self

    def start(self):
        log = self.log.open("w")
        self.process = subprocess.Popen([str(self.binary), "serve", *self.common, "--listen", "127.0.0.1:0"],
                                        stdout=subprocess.PIPE, stderr=log, text=True)
        signal.signal(signal.SIGALRM, lambda *_: self.process.kill())
        signal.alarm(START_SECONDS_MAX)
        for line in self.process.stdout:
            found = LISTENING.search(line)
            if found:
                self.url = found.group(1)
                break
        signal.alarm(0)
        if self.url is None:
            sys.exit(f"the server did not start; its log: {self.log.read_text()[-2000:]}")

    def resident_megabytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
