"""What the benchmark scripts share: where the results go and on which machine they were measured."""
import datetime
import os
import pathlib
import platform
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "RESULTS.md"
HEADING = "# Results\n\nWritten by the scripts beside this file; newest last.\n"


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def machine():
    model = next((line.split(":", 1)[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    memory = int(re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text()).group(1)) // 1048576
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores ({model}), {memory} GB, kernel {platform.release()}, load {load:.1f} at the start"


def commit():
    done = subprocess.run(["git", "-C", str(ROOT), "describe", "--always", "--dirty=+", "--exclude=*"], capture_output=True,
                          text=True, check=False)
    return done.stdout.strip() or "unknown"


# When the script starts: a run is long, and the tree goes on meanwhile. A plus stands for changes not committed.
COMMIT = commit()


def title(began, what):
    return f"\n## {began:%Y-%m-%d %H:%M} UTC, {COMMIT}, {what}\n\n"


def publish(text, dry_run):
    print(text, flush=True)
    if dry_run:
        return
    if not RESULTS.exists():
        RESULTS.write_text(HEADING)
    with RESULTS.open("a") as file:
        file.write(text)
