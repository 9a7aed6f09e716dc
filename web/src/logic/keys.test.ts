import { describe, expect, it } from "vitest";
import { Keys, nameOf, type Binding, type KeyPress } from "./keys";

function press(key: string, more: Partial<KeyPress> = {}): KeyPress {
  return { key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, target: null, timeStamp: 0, ...more };
}

function heard(...keys: string[]): { keys: Keys; said: string[] } {
  const all = new Keys();
  const said: string[] = [];
  const bindings: Binding[] = keys.map((key) => ({ keys: [key], label: key, run: () => void said.push(key) }));
  all.register({ name: "page", bindings });
  return { keys: all, said };
}

describe("names of keys", () => {
  it.each([
    [press("j"), "J"],
    [press("J", { shiftKey: true }), "Shift+J"],
    [press("?", { shiftKey: true }), "?"],
    [press("k", { ctrlKey: true }), "Ctrl+K"],
    [press("Enter", { metaKey: true }), "Ctrl+Enter"],
    [press(" "), "Space"],
    [press("ArrowDown", { shiftKey: true }), "Shift+ArrowDown"],
  ])("%#", (event, name) => expect(nameOf(event)).toBe(name));
});

describe("keys", () => {
  it("run what is bound, and nothing else", () => {
    const { keys, said } = heard("J", "K");
    expect([keys.press(press("j")), keys.press(press("x"))]).toEqual([true, false]);
    expect(said).toEqual(["J"]);
  });

  it("leave the browser its own: Ctrl+J is not J", () => {
    const { keys } = heard("J");
    expect(keys.press(press("j", { ctrlKey: true }))).toBe(false);
  });

  it("know sequences, in time only", () => {
    const { keys, said } = heard("G P", "P");
    keys.press(press("g", { timeStamp: 1000 }));
    keys.press(press("p", { timeStamp: 2000 }));
    keys.press(press("g", { timeStamp: 5000 }));
    keys.press(press("p", { timeStamp: 9000 }));
    expect(said).toEqual(["G P", "P"]);
  });

  it("end a sequence at any other key", () => {
    const { keys, said } = heard("G P", "X", "P");
    for (const key of ["g", "x", "p"]) keys.press(press(key));
    expect(said).toEqual(["X", "P"]);
  });

  it("can be without single letters", () => {
    const { keys, said } = heard("J", "Shift+J", "Space", "G P", "Ctrl+K", "ArrowDown");
    keys.singles = false;
    keys.press(press("j"));
    keys.press(press("J", { shiftKey: true }));
    keys.press(press(" "));
    expect(keys.press(press("g"))).toBe(false);
    keys.press(press("k", { ctrlKey: true }));
    keys.press(press("ArrowDown"));
    expect(said).toEqual(["Ctrl+K", "ArrowDown"]);
  });

  it("ask the newest set first, the next when it does not care", () => {
    const { keys, said } = heard("Escape");
    const away = keys.register({ name: "dialog", bindings: [{ keys: ["Escape"], label: "", run: () => void said.push("dialog") }] });
    keys.register({ name: "idle", bindings: [{ keys: ["Escape"], label: "", run: () => false }] });
    keys.press(press("Escape"));
    away();
    keys.press(press("Escape"));
    expect(said).toEqual(["dialog", "Escape"]);
  });

  it("are silent behind a modal dialog, but for its own", () => {
    let modal = false;
    const keys = new Keys(() => modal);
    const said: string[] = [];
    keys.register({ name: "page", bindings: [{ keys: ["Escape", "D"], label: "", run: () => void said.push("page") }] });
    modal = true;
    expect([keys.press(press("Escape")), keys.press(press("d"))]).toEqual([false, false]);
    keys.register({ name: "dialog", modal: true, bindings: [{ keys: ["D"], label: "", run: () => void said.push("dialog") }] });
    keys.press(press("d"));
    expect(said).toEqual(["dialog"]);
  });

  it("do nothing while letters are composed", () => {
    const { keys, said } = heard("J");
    keys.press(press("j", { isComposing: true }));
    expect(said).toEqual([]);
  });
});
