import { expect, it } from "vitest";
import { UNDO_MS, UndoStack } from "./undo";

it("undoes the newest, once, for ten seconds", () => {
  let now = 0;
  const done: string[] = [];
  const undo = new UndoStack(() => now);
  undo.offer("first", () => done.push("first"));
  undo.offer("second", () => done.push("second"));
  expect(undo.take()).toBe("second");
  expect(undo.take()).toBeNull();
  undo.offer("third", () => done.push("third"));
  now += UNDO_MS - 1;
  undo.hold();
  now += UNDO_MS - 1;
  expect(undo.current?.label).toBe("third");
  now += 1;
  expect(undo.take()).toBeNull();
  expect(done).toEqual(["second"]);
});
