"""Reads each envelope of a file as a notification and prints what was seen, with its count: oracle.py FILE"""

import collections
import json
import sys

import kyso

client = kyso.TConnect(
    partner_code="1", key="603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", environment="sandbox"
)
seen = collections.Counter()
with open(sys.argv[1], encoding="ascii") as lines:
    for line in lines:
        try:
            client.ipn.read_callback(body='{"data":"%s"}' % line.strip())
            seen["accepted", ""] += 1
        except Exception as error:
            cause = error.__cause__ is None and error.__context__ is None
            seen[type(error).__name__ + ("" if cause else " with a cause"), json.dumps(error.to_dict(), sort_keys=True, ensure_ascii=False)] += 1
for (kind, record), count in seen.items():
    print(f"{count}\t{kind}\t{record}")
