#!/usr/bin/env python3
"""House rules that a machine can hold. Prints each breach as file:line: rule; exit status 1 when there is any.

Ratchets: files and functions that are already over a limit stand in tools/tidy_ratchet.json with their size and may
only shrink.
"""
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
RATCHET = ROOT / "tools" / "tidy_ratchet.json"
LINE_MAX, FILE_MAX, TEST_FILE_MAX, FUNCTION_MAX = 140, 400, 800, 70
CODE = {".h", ".cpp", ".ts", ".tsx", ".mjs", ".py", ".sh"}
MEDIA = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".mp4", ".avi", ".mov"}
MEDIA_HOMES = ("docs/pictures/", "web/src/assets/", "web/public/")
GENERATED = ("web/src/api/generated.ts",)
CPP = {".h", ".cpp"}
BANS = [  # (pattern, what to use instead, where it does not apply); all but the last two are about C++
    (re.compile(r"\bstd::(?:regex|cout|endl)\b"), "parse by hand, print by the log or fputs", ()),
    (re.compile(r"\bsystem_clock\b|\bsteady_clock\b|\bgettimeofday\b"), "take time from base/clock.h", ("src/base/clock.cpp",)),
    (re.compile(r"\bstd::(?:random_device|mt19937)"), "take randomness from base/random.h", ("src/base/random",)),
    (re.compile(r"\bsleep_for\b|\busleep\("), "wait on a condition, never for a time",
     ("src/synthetic/", "bench/", "tests/crash/", "tests/faults/")),
    (re.compile(r"^(?!.*unique_ptr<).*\bnew [A-Z][A-Za-z:]*[({]"), "own through std::make_unique", ()),
    (re.compile(r"using namespace std\b"), "spell std::", ()),
    (re.compile(r"\b__FILE__\b"), "it depends on where the compiler stood: PORCHLIGHT_SOURCE_DIR names the tree", ("src/base/",)),
    (re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b(?!\(#\d+\))"), "TODO(#123): or nothing", ("tools/tidy.py",)),
    (re.compile(r"/w[o]rk/|\.libr[a]ry/"), "no machine paths", ("tools/tidy.py",)),
]
FUNCTION_START = re.compile(r"^(?!\s*(?:if|for|while|switch|else|do|namespace|class|struct|enum|return|extern)\b)[^#/]*\)[^;]*\{\s*$")


def tracked_files():
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in names.stdout.splitlines() if (ROOT / name).is_file()]


def function_sizes(lines):
    """Yields (line number, length) of each C++ function body, by brace depth of lines that look like a definition."""
    start, depth_at_start, depth = None, 0, 0
    for number, line in enumerate(lines, 1):
        code = re.sub(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])\'|//.*', "", line)
        if start is None and FUNCTION_START.match(code):
            start, depth_at_start = number, depth
        depth += code.count("{") - code.count("}")
        if start is not None and depth <= depth_at_start:
            yield start, number - start + 1
            start = None


def breaches(name, ratchet):
    path = ROOT / name
    if path.suffix in MEDIA and not name.startswith(MEDIA_HOMES):
        yield 1, "no media files here: tests make their own pictures"
    if path.suffix not in CODE or name in GENERATED:
        return
    lines = path.read_text(errors="replace").splitlines()
    is_test = bool(re.search(r"_test\.|\.test\.|^tests/|e2e/|_bench\.|/testing/", name))
    limit = max(TEST_FILE_MAX if is_test else FILE_MAX, ratchet.get(name, 0))
    if len(lines) > limit:
        yield 1, f"{len(lines)} lines, at most {limit}: split it"
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_MAX and "http" not in line and not is_test:
            yield number, f"line of {len(line)} characters, at most {LINE_MAX}"
        for pattern, instead, homes in BANS if path.suffix in CPP else BANS[-2:]:
            if pattern.search(line) and not any(name.startswith(home) for home in homes):
                yield number, instead
    if path.suffix == ".cpp" and not is_test:
        for number, length in function_sizes(lines):
            if length > max(FUNCTION_MAX, ratchet.get(f"{name}:function", 0)):
                yield number, f"function of {length} lines, at most {FUNCTION_MAX}"


def unclaimed_tests(names):
    """A test no runner finds is worse than none."""
    for name in names:
        if re.search(r"_test\.cpp$", name) and not name.startswith(("src/", "tests/")):
            yield name, 1, "no runner claims this test: put it beside its unit or under tests/"


def main() -> int:
    ratchet = json.loads(RATCHET.read_text()) if RATCHET.exists() else {}
    names = tracked_files()
    found = [(name, number, rule) for name in names for number, rule in breaches(name, ratchet)]
    found += list(unclaimed_tests(names))
    for name, number, rule in found:
        print(f"{name}:{number}: {rule}")
    print(f"tidy: {len(names)} files, {len(found)} breaches")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
