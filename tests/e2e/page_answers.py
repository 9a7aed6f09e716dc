#!/usr/bin/env python3
"""The page as the service answers it: its addresses, its files, its strict policy; no browser is needed. Prints TAP.

usage: page_answers.py [PROGRAM]
"""
import re
import sys

import kit as e2e

sys.path.insert(0, str(e2e.ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

PARTS = ("default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'", "base-uri 'none'",
         "form-action 'self'", "frame-ancestors 'none'")
PAGES = ("/", "/findings?filter=x", "/devices/one/safety", "/admin/users", "/sign-in", "/releases/a%2Db/tree")


def main():
    kit = e2e.Kit()
    data = kit.path("data")
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    with client.Service(kit, data) as service:
        nobody = service.client()
        first = nobody.call("GET", "/", strict=False)
        policy = first.headers["Content-Security-Policy"].split("; ")
        kit.check("the policy is strict, with no exception", set(PARTS) <= set(policy) and not re.search(r"unsafe|data:|blob:|https?:|\*", "".join(policy)), policy)
        kit.check("the page is asked for again", "no-cache" in first.headers["Cache-Control"] and first.headers["ETag"], first.headers)
        for path in PAGES:
            answer = nobody.call("GET", path, strict=False)
            kit.check(f"{path} is the page", answer.status == 200 and answer.body == first.body, answer.status)
        for path in ("/nothing", "/assets/nothing.js", "/devices.x"):
            kit.check(f"{path} is nothing", nobody.call("GET", path, strict=False).status == 404)
        script = re.search(r'src="(/assets/[^"]+\.js)"', first.text)[1]
        kit.check("a script is kept for a year", "immutable" in nobody.call("GET", script, strict=False).headers["Cache-Control"], script)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
