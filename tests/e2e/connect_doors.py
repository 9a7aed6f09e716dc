#!/usr/bin/env python3
"""What others speak already goes through the same dispatcher as /v1: what answers, who may, how each door says no.

usage: connect_doors.py [PROGRAM]
"""
import pathlib
import sys

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402


def dtrack(kit, service):
    nobody = service.client()
    about = nobody.get("/api/version")
    kit.check("dtrack: a client asks what answers before it has a key",
              (about.status, about.json["application"]) == (200, "Tutela"), about)
    got = nobody.call("GET", "/api/v1/nothing", strict=False)
    kit.check("dtrack: no is said with title and detail, without types of ours",
              (got.status, sorted(got.json)) == (404, ["detail", "status", "title"]), got)
    got = nobody.call("DELETE", "/api/version", strict=False)
    kit.check("dtrack: another method", (got.status, got.headers.get("Allow")) == (405, "GET, HEAD, OPTIONS"), got)


def ours(kit, service):
    got = service.client().call("GET", "/v1/nothing", strict=False)
    kit.check("ours: no is said with a stable type", (got.status, got.problem) == (404, "not-found"), got)
    got = service.client().call("GET", "/elsewhere", strict=False)
    kit.check("a path of no door", (got.status, got.problem) == (404, "not-found"), got)


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = pathlib.Path(kit.path("data"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    with client.Service(kit, data) as service:
        dtrack(kit, service)
        ours(kit, service)
        kit.check("each door has its document", all(each.document["paths"] for each in service.documents))
    return kit.done()


sys.exit(main())
