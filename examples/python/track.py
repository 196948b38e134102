"""Sends three messages of one conversation to Turret, with the standard library alone.

Run: python3 examples/python/track.py
TURRET_URL and TURRET_API_KEY point it at another Turret than the one on this machine.
"""

import json
import os
import sys
import urllib.error
import urllib.request

URL = os.environ.get("TURRET_URL", "http://127.0.0.1:4318").rstrip("/")
API_KEY = os.environ.get("TURRET_API_KEY", "")


def track(name, metadata, session_id=None, user_id=None):
    """Posts one event and returns the answer: success, event_id, session_id and user_id.

    Raises RuntimeError when Turret does not answer, or with its own words when it refuses the event.
    """
    event = {"name": name, "metadata": metadata}
    if session_id is not None:
        event["session_id"] = session_id
    if user_id is not None:
        event["user_id"] = user_id
    headers = {"Content-Type": "application/json"}
    if API_KEY:
        headers["X-API-Key"] = API_KEY
    request = urllib.request.Request(f"{URL}/track", json.dumps(event).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"HTTP {error.code}: {error.read().decode()}") from error
    except OSError as error:
        raise RuntimeError(f"no answer from {URL}: {error}") from error


def main():
    """The first answer's ids go with the messages that follow: that makes them one conversation."""
    session_id = user_id = None
    for prompt in ("Where is my parcel?", "Can I send it back?", "How long does the refund take?"):
        answer = track("chat_message", {"prompt": prompt, "channel": "python"}, session_id, user_id)
        session_id, user_id = answer["session_id"], answer["user_id"]
        print(f"{answer['event_id']}  {prompt}")
    print(f"session {session_id} of user {user_id}")


if __name__ == "__main__":
    try:
        main()
    except RuntimeError as error:
        sys.exit(str(error))
