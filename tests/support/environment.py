"""What surrounds a program of Tutela in a test: nothing of the user's own, but what sanitizers are told. Used by kit.py and client.py."""
import os


def environment(folder, **more):
    """`folder`: where its home is."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder / "home"), "TERM": "dumb",
            **{key: value for key, value in os.environ.items() if key.endswith("SAN_OPTIONS")}, **more}
