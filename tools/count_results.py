#!/usr/bin/env python3
"""Adds up what every runner reported (GoogleTest and Vitest JSON, the browser walk) and says why tests were skipped.

Ends with the line "N passed, N failed, N skipped". Exit status 1 when anything failed, or when nothing ran.
"""
import collections
import json
import pathlib
import sys


def google_test(report):
    for suite in report.get("testsuites", []):
        for test in suite.get("testsuite", []):
            name = f"{suite['name']}.{test['name']}"
            if test.get("result") == "SKIPPED":
                yield name, "skipped", test.get("skipped", [{}])[0].get("message", "").strip().splitlines()[-1:]
            elif test.get("failures"):
                yield name, "failed", []
            elif test.get("status") == "RUN":
                yield name, "passed", []


def vitest(report):
    for file in report.get("testResults", []):
        for test in file["assertionResults"]:
            word = {"passed": "passed", "failed": "failed"}.get(test["status"], "skipped")
            yield test["fullName"], word, []


def walk(report):
    for check in report["checks"]:
        yield check["name"], "passed" if check["ok"] else "failed", []


def main() -> int:
    counts = collections.Counter()
    for file in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
        report = json.loads(file.read_text())
        reader = walk if "checks" in report else vitest if "testResults" in report else google_test
        for name, outcome, why in reader(report):
            counts[outcome] += 1
            if outcome != "passed":
                print(f"  {outcome}: {name} {' '.join(why)}")
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 0 if counts["failed"] == 0 and counts["passed"] > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
