#!/usr/bin/env python3
"""Holds every include and every SQL text against src/modules.json, the one map of rooms. Prints what breaks it."""
import graphlib
import json
import pathlib
import re
import sys

SOURCE = pathlib.Path(__file__).resolve().parent.parent / "src"
RULES = json.loads((SOURCE / "modules.json").read_text())
PLATFORM = {f"platform/{room}": {f"platform/{used}" for used in uses} for room, uses in RULES["platform"].items()}
DOMAIN = {room: set(uses) | set(PLATFORM) for room, uses in RULES["domain"].items()}
MAY_USE = {"base": set(), **PLATFORM, **DOMAIN}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)
TABLE = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\s+(?:IF NOT EXISTS\s+)?([a-z]+)_", re.I)
OWNERS = {room.split("/")[-1]: room for room in MAY_USE}


def room_of(path: str) -> str:
    return "/".join(path.split("/")[: 2 if path.startswith("platform/") else 1])


def problems():
    list(graphlib.TopologicalSorter(MAY_USE).static_order())  # Raises on a cycle.
    files = [path for path in SOURCE.rglob("*") if path.suffix in {".h", ".cpp", ".sql"}]
    for file in sorted(files):
        here, text = room_of(file.relative_to(SOURCE).as_posix()), file.read_text()
        if here not in MAY_USE and here != "app":
            yield f"{file}: {here} is not in modules.json"
            continue
        for header in INCLUDE.findall(text):
            if header.endswith("_embedded.h"):
                continue
            there = room_of(header)
            if here != "app" and there not in {here, "base"} | MAY_USE.get(here, set()):
                yield f"{file}: {here} may not use {there} ({header})"
            if "/internal/" in header and there != here:
                yield f"{file}: {header} is private to {there}"
        if here == "app" or "_test" in file.name:
            continue
        for owner in TABLE.findall(text):
            if owner in OWNERS and OWNERS[owner] != here:
                yield f"{file}: {here} may not touch the tables of {OWNERS[owner]}"


def main() -> int:
    found = list(problems())
    print("\n".join(found) or f"rooms: {len(MAY_USE)} rooms keep to the map")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
