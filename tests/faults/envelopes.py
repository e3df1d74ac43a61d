"""Messages in the form in which Celery's are kept in a queue, with anything in them."""

import base64
import json


def envelope(body: bytes, content_type: object, headers: object, **more: object) -> bytes:
    """A message as it is kept in the queue, with any body; `more` are properties."""
    properties = {
        "delivery_tag": "1",
        "delivery_info": {"exchange": "", "routing_key": "claims"},
        "body_encoding": "base64",
    }
    text = {
        "body": base64.b64encode(body).decode(),
        "content-encoding": "utf-8",
        "content-type": content_type,
        "headers": headers,
        "properties": properties | more,
    }
    return json.dumps(text).encode()
