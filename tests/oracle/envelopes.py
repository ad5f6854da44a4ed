"""Writes notifications that fail after decryption, one hexadecimal envelope per line: envelopes.py COUNT

Five classes in turn: bad padding, bad UTF-8, bad JSON, wrong shape, a member missing or twice. The same on every run
but for the initialisation vectors.
"""

import json
import random
import sys

import kyso

KEY = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"
CHANCE = random.Random(20261120)
TCONNECT = kyso.TConnect(partner_code="1", key=KEY, environment="sandbox")
GOOD = {"amount": 50000, "request_id": "r1", "retrieval_ref_no": "f1", "order_id": "OM_1"}


def seal(text):
    return bytearray.fromhex(TCONNECT.envelope.seal(plaintext=text)["data"])


def good():
    members = GOOD | {"order_id": "OM_%d" % CHANCE.randrange(10**12), "narrative": "x" * CHANCE.randrange(64)}
    return json.dumps(members)


def bad_padding():
    """Random blocks; or a good message whose padding is changed through the block in front of it."""
    if CHANCE.randrange(2):
        # A random block ends in good padding once in 250 times, and then is no JSON.
        return CHANCE.randbytes(16 * CHANCE.randrange(2, 12))
    text = good()
    message = seal(text)
    padding = 16 - len(text.encode()) % 16
    wrong = CHANCE.choice([value for value in (0, 17, 32, 128, 255) if value != padding])
    message[-17] ^= padding ^ wrong
    return message


def bad_utf8():
    """The vector in front of the first block turns an ASCII character into half of one."""
    message = seal(good())
    message[CHANCE.randrange(16)] ^= 0x80
    return message


def bad_json():
    text = good()
    return seal(CHANCE.choice([text[: CHANCE.randrange(1, len(text))], text + "x", text + text, "\ufeff" + text, text.replace(":", ";"), "", " "]))


def wrong_shape():
    members = json.loads(good())
    deep = [1]
    for _ in range(CHANCE.randrange(8, 40)):
        deep = [deep]
    return seal(
        CHANCE.choice(
            [
                json.dumps([members]),
                json.dumps(good()),
                "null",
                "17",
                json.dumps(members | {"amount": CHANCE.choice(["", "-1", "1.5", "x", 0, -1, True, None, [], {}, 10**30])}),
                json.dumps(members | {"request_id": CHANCE.choice(["", 1, None, [], {}])}),
                json.dumps(members | {"retrieval_ref_no": CHANCE.choice(["", 1, None, [], {}])}),
                json.dumps(members | {"extra": deep}),
            ]
        )
    )


def wrong_members():
    members = json.loads(good())
    name = CHANCE.choice(["amount", "request_id", "retrieval_ref_no"])
    if CHANCE.randrange(2):
        del members[name]
        return seal(json.dumps(members))
    return seal(json.dumps(members)[:-1] + ',"%s":1}' % CHANCE.choice(list(members)))


CLASSES = [bad_padding, bad_utf8, bad_json, wrong_shape, wrong_members]
for number in range(int(sys.argv[1])):
    sys.stdout.write(bytes(CLASSES[number % 5]()).hex() + "\n")
