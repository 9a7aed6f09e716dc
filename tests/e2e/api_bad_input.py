#!/usr/bin/env python3
"""Every operation of the document gets every kind of bad input: values that are missing, null, of another type, too long, empty,
negative, huge or unknown, in the path, the query, the headers and the body. Each is refused as the document says, with the place; none
is an error of the service, and none changes anything.

usage: api_bad_input.py [PROGRAM] [OPERATION]...
"""
import pathlib
import random
import sys

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
import generated  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
SEED = 13


def fault_of(wrong, answer):
    """What is wrong with an answer, or None."""
    if answer.status >= 500:
        return f"{answer.status}: {answer.body[:300]!r}"
    if answer.status == 403 and answer.problem in ("forbidden", "needs-person", "needs-proof"):
        return None  # said before anything is read
    if wrong.status and answer.status not in wrong.status:
        return f"{answer.status} in the place of {wrong.status}: {answer.body[:300]!r}"
    if answer.status == 422 and wrong.place is not None and wrong.place not in [row.get("pointer") for row in answer.json.get("errors", [])]:
        return f"the pointer {wrong.place!r} is missing: {answer.body[:300]!r}"
    if answer.status == 422 and wrong.parameter and wrong.parameter not in [row.get("parameter") for row in answer.json.get("errors", [])]:
        return f"the parameter {wrong.parameter!r} is missing: {answer.body[:300]!r}"
    return None


def ask_all(crowd, maker, operation):
    """The faults of all bad requests of one operation, and how many requests there were."""
    faults, count = [], 0
    for wrong in maker.wrongs(operation):
        count += 1
        try:
            fault = fault_of(wrong, crowd.send(operation, wrong.request))
        except client.Undocumented as undocumented:
            fault = str(undocumented)
        if fault:
            faults.append(f"{operation.method} {generated.target_of(operation, wrong.request)[:200]} {wrong.name}: {fault}")
    return faults, count


def same_after(kit, data, crowd, maker, operation):
    """The same once more, when the service has done what others asked for."""
    generated.quiet(kit, data)
    before = generated.head(kit, data) - crowd.made
    ask_all(crowd, maker, operation)
    return generated.head(kit, data) - crowd.made == before


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = pathlib.Path(kit.path("data"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    kit.answers("the example", kit.run("push", EXAMPLE, "--to", data), 0)
    total = 0
    with client.Service(kit, data) as service:
        generated.quiet(kit, data)
        crowd = generated.Crowd(service, kit, data)
        maker = generated.Maker(service.document, random.Random(SEED), generated.World(data))
        for operation in maker.operations:
            if sys.argv[2:] and operation.id not in sys.argv[2:]:
                continue
            crowd.headers_for(operation)  # so that the ledger has it already
            before = generated.head(kit, data) - crowd.made  # a key that is made meanwhile is a record
            faults, count = ask_all(crowd, maker, operation)
            kit.check(f"{operation.id}: {count} bad requests", not faults and count, *faults[:20])
            if operation.method == "GET":
                kit.check(f"{operation.id} changes nothing", generated.head(kit, data) - crowd.made == before or same_after(kit, data, crowd, maker, operation))
            total += count
        alive = service.client().get("/healthz")
        kit.check("the service answers", alive.status == 200, alive)
        kit.check(f"{total} bad requests in all", total > 8 * len(maker.operations) or sys.argv[2:], total)
        kit.check("it stops", service.stop() == 0)
        kit.check("no trouble in its log", not [line for line in service.lines() if line.get("status", 0) >= 500],
                  [line for line in service.lines() if line.get("status", 0) >= 500][:5])
    kit.answers("the ledger is whole", kit.run("ledger", "verify", data), 0)
    return kit.done()


sys.exit(main())
