"""The todo API: GET /todos lists what is to do, POST /todos adds to it.

    curl -d 'read chapter 10' http://localhost:8080/todos
"""

import signal
import sys

# Before all else: process 1 of a container gets only those signals that it asked for.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

import json
import os
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from mongo import Mongo

DATABASE = os.environ.get("MONGODB_DATABASE", "todos")
VERSION = os.environ.get("APP_VERSION", "1.0.0")


def connect():
    return Mongo(
        os.environ.get("MONGODB_HOST", "mongodb"),
        int(os.environ.get("MONGODB_PORT", "27017")),
        os.environ.get("MONGODB_USERNAME"),
        os.environ.get("MONGODB_PASSWORD"),
    )


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/health":
            self.answer(200, {"status": "up", "version": VERSION})
        elif self.path == "/todos":
            self.with_database(list_todos)
        else:
            self.answer(404, {"error": "no such page"})

    def do_POST(self):
        title = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.with_database(lambda mongo: add_todo(mongo, title))

    def with_database(self, action):
        try:
            self.answer(200, action(connect()))
        except OSError as error:
            self.answer(503, {"error": f"database: {error}"})

    def answer(self, status, body):
        data = json.dumps(body).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def list_todos(mongo):
    found = mongo.run(DATABASE, find="todos")["cursor"]["firstBatch"]
    return [item["title"] for item in found]


def add_todo(mongo, title):
    document = {"_id": uuid.uuid4().hex, "title": title}
    mongo.run(DATABASE, insert="todos", documents=[document])
    return {"added": title}


if __name__ == "__main__":
    print(f"todo-api {VERSION} listens at port 8080", flush=True)
    ThreadingHTTPServer(("", 8080), Handler).serve_forever()
