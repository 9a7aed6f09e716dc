"""Prints results as TAP: tap = Tap(); tap.line(name, fine, note); tap.skip(name, why); return tap.done(). Any thread."""
import threading


class Tap:
    def __init__(self):
        self.count = self.failed = 0
        self.turn = threading.Lock()

    def line(self, name, fine, note=""):
        """One result; the end of the note explains a failure."""
        with self.turn:
            self.count += 1
            self.failed += not fine
            print(f"{'' if fine else 'not '}ok {self.count} - {name}", flush=True)
            if not fine:
                print("".join(f"# {line}\n" for line in str(note).splitlines()[-30:]), end="", flush=True)

    def skip(self, name, why):
        with self.turn:
            self.count += 1
            print(f"ok {self.count} - {name} # SKIP {why}", flush=True)

    def done(self):
        """The plan; the exit code."""
        print(f"1..{self.count}")
        return 1 if self.failed else 0
