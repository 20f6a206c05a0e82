"""A MongoDB client in a hundred lines, so that the API needs no package.

A command is a document. It travels as BSON in a message called OP_MSG, and the answer
comes back the same way. The login is SCRAM-SHA-256: both sides prove that they know
the password, and it never goes over the wire.
"""

import base64
import hashlib
import hmac
import os
import socket
import struct

OP_MSG = 2013


class Mongo:
    def __init__(self, host, port, user=None, password=None):
        self.socket = socket.create_connection((host, port), timeout=5)
        if user:
            self.log_in(user, password)

    def run(self, database, **command):
        """Send a command, return the answer."""
        body = b"\0\0\0\0\0" + encode({**command, "$db": database})
        self.socket.sendall(struct.pack("<iiii", 16 + len(body), 1, 0, OP_MSG) + body)
        (size,) = struct.unpack("<i", self.read(4))
        answer = decode(self.read(size - 4)[17:])
        if not answer.get("ok"):
            raise OSError(answer.get("errmsg", "the database refused"))
        return answer

    def read(self, count):
        data = b""
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                raise ConnectionError("the database hung up")
            data += part
        return data

    def log_in(self, user, password):
        mine = base64.b64encode(os.urandom(18)).decode()
        first = f"n={user},r={mine}"
        answer = self.run(
            "admin",
            saslStart=1,
            mechanism="SCRAM-SHA-256",
            payload=f"n,,{first}".encode(),
            options={"skipEmptyExchange": True},
        )
        challenge = answer["payload"].decode()
        parts = dict(part.split("=", 1) for part in challenge.split(","))
        salted = hashlib.pbkdf2_hmac(
            "sha256", password.encode(), base64.b64decode(parts["s"]), int(parts["i"])
        )
        key = hmac.digest(salted, b"Client Key", "sha256")
        last = f"c=biws,r={parts['r']}"
        signed = ",".join((first, challenge, last)).encode()
        mask = hmac.digest(hashlib.sha256(key).digest(), signed, "sha256")
        proof = base64.b64encode(bytes(a ^ b for a, b in zip(key, mask)))
        payload = f"{last},p=".encode() + proof
        conversation = answer["conversationId"]
        answer = self.run(
            "admin", saslContinue=1, conversationId=conversation, payload=payload
        )
        while not answer["done"]:
            answer = self.run(
                "admin", saslContinue=1, conversationId=conversation, payload=b""
            )


def encode(document):
    body = b"".join(encode_field(name, value) for name, value in document.items())
    return struct.pack("<i", len(body) + 5) + body + b"\0"


def encode_field(name, value):
    key = name.encode() + b"\0"
    if isinstance(value, bool):
        return b"\x08" + key + bytes([value])
    if isinstance(value, int):
        return b"\x10" + key + struct.pack("<i", value)
    if isinstance(value, str):
        text = value.encode() + b"\0"
        return b"\x02" + key + struct.pack("<i", len(text)) + text
    if isinstance(value, bytes):
        return b"\x05" + key + struct.pack("<ib", len(value), 0) + value
    if isinstance(value, list):
        items = {str(number): item for number, item in enumerate(value)}
        return b"\x04" + key + encode(items)
    return b"\x03" + key + encode(value)


def decode(data):
    document, place = {}, 4
    while data[place]:
        kind, end = data[place], data.index(0, place + 1)
        name = data[place + 1 : end].decode()
        document[name], place = decode_value(kind, data, end + 1)
    return document


def decode_value(kind, data, place):
    """Return a value and where the next field begins."""
    if kind in (1, 9, 16, 17, 18):
        form = {1: "<d", 9: "<q", 16: "<i", 17: "<Q", 18: "<q"}[kind]
        return struct.unpack_from(form, data, place)[0], place + struct.calcsize(form)
    if kind == 7:
        return data[place : place + 12].hex(), place + 12
    if kind == 8:
        return bool(data[place]), place + 1
    if kind == 10:
        return None, place
    (size,) = struct.unpack_from("<i", data, place)
    if kind == 2:
        return data[place + 4 : place + 3 + size].decode(), place + 4 + size
    if kind == 5:
        return data[place + 5 : place + 5 + size], place + 5 + size
    inner = decode(data[place : place + size])
    return (list(inner.values()) if kind == 4 else inner), place + size
