#!/usr/bin/env python3
"""Derives the roots of a ledger again, from nothing but its lines.

    laurel ledger PROGRAM FACTS --format json | python3 roots.py

Each line is {"fact": {…}} or {"entry": {…}}, or {"balance": {…}}, from which nothing is derived; the last is {"roots": {"facts": hex,
"entries": hex, "facts_size": n, "entries_size": n}}. A leaf is the canonical JSON (RFC 8785) of the inner object; the root is that of RFC 9162, section 2.1.1.
Exits 0 where both roots are equal, else 1, and says so in a sentence. Needs Python 3 and nothing else.
"""

import hashlib
import json
import sys

LARGEST_WHOLE = 2**53 - 1


class Wrong(Exception):
    """What the input says cannot be so."""


def read(text):
    """Reads JSON, and refuses what has no canonical form in a ledger."""
    return json.loads(text, object_pairs_hook=once, parse_int=whole, parse_float=refuse, parse_constant=refuse)


def once(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise Wrong(f"a name stands twice in an object: {sorted(names)}")
    return dict(pairs)


def whole(text):
    if abs(int(text)) > LARGEST_WHOLE:
        raise Wrong(f"the number {text} is too large to stand as a number")
    return int(text)


def refuse(text):
    raise Wrong(f"the number {text} is not whole")


def canonical(value):
    """RFC 8785: json.dumps already writes texts, literals and whole numbers as it asks; the order of names is ours."""
    return json.dumps(in_order(value), ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def in_order(value):
    if isinstance(value, dict):
        return {name: in_order(value[name]) for name in sorted(value, key=lambda name: name.encode("utf-16-be"))}
    if isinstance(value, list):
        return [in_order(element) for element in value]
    return value


def sha256(data):
    return hashlib.sha256(data).digest()


class Log:
    """The roots of the complete subtrees, each with its height; largest first."""

    def __init__(self):
        self.size = 0
        self.peaks = []

    def append(self, leaf):
        height, digest = 0, sha256(b"\x00" + leaf)
        while self.peaks and self.peaks[-1][0] == height:
            height, digest = height + 1, sha256(b"\x01" + self.peaks.pop()[1] + digest)
        self.peaks.append((height, digest))
        self.size += 1

    def root(self):
        if not self.peaks:
            return sha256(b"").hex()
        digest = self.peaks[-1][1]
        for _, left in reversed(self.peaks[:-1]):
            digest = sha256(b"\x01" + left + digest)
        return digest.hex()


def derive(lines):
    """The two logs over the lines, and the roots that the last line tells."""
    facts, entries, told = Log(), Log(), None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if told is not None:
            raise Wrong(f"line {number} comes after the roots")
        [(kind, value)] = read(line).items()
        if kind == "fact":
            facts.append(canonical(value))
        elif kind == "entry":
            entries.append(canonical(value))
        elif kind == "balance":
            continue  # a sum of entries, no leaf
        elif kind == "roots" and isinstance(value, dict):
            told = value
        else:
            raise Wrong(f"line {number} is neither a fact nor an entry nor the roots")
    if told is None:
        raise Wrong("there is no line with the roots")
    return {"facts": facts.root(), "entries": entries.root(), "facts_size": facts.size, "entries_size": entries.size}, told


def main():
    try:
        derived, told = derive(sys.stdin.buffer.read().decode("utf-8").split("\n"))
    except (Wrong, ValueError, AttributeError) as reason:
        print(f"The ledger cannot be read: {reason}.")
        return 1
    for name, value in derived.items():
        if told.get(name) != value:
            print(f"The roots differ: {name} is {value} by the lines, and {told.get(name)} by the ledger.")
            return 1
    print(f"The roots are equal: {derived['facts_size']} facts, {derived['entries_size']} entries.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
