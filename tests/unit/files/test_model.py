"""What goes between the daemon and a visitor."""

import json

from labkit.base.codec import decode, encode, same_name
from labkit.files.model import Request, Verb, View, WriteOptions
from labkit.spec.runtime import Mount, Process, Root, Spec


def test_a_request_arrives_as_it_was_sent() -> None:
    spec = Spec(
        process=Process(args=()),
        root=Root("rootfs"),
        mounts=(Mount("/v", "bind", "/somewhere", ("rbind", "ro")),),
    )
    view = View(folder="/bundle", spec=spec)
    sent = Request(Verb.WRITE, view, "/x", WriteOptions(True, (1, 2)))
    text = json.dumps(encode(sent, same_name))
    assert decode(Request, json.loads(text), same_name) == sent
