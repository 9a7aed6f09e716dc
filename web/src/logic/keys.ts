/*
 * Which key does what. A page registers a set of bindings while it is shown; the newest set is asked
 * first. Used by main (one listener on the document), parts/Grid, the pages, and the overlay of "?".
 *
 * Single letters do nothing while somebody types, and can be switched off (WCAG 2.1.4); keys with
 * Ctrl, arrows, Enter and Escape go on. A sequence is two letters, the second within a second and a
 * half: "G P".
 */

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  target: unknown;
  timeStamp: number;
  isComposing?: boolean;
}

export interface Binding {
  /* "J", "Shift+J", "Ctrl+K", "G P", "?", "/", "ArrowDown", "Escape", "Space" */
  keys: readonly string[];
  /* what the overlay says; "" is not listed */
  label: string;
  /* false: not handled, the next set is asked */
  run: (press: KeyPress) => boolean | void;
  /* also while typing: only keys that type nothing */
  typing?: boolean;
}

export interface KeySet {
  name: string;
  /* also heard while a modal dialog is open; all others are silent behind it */
  modal?: boolean;
  bindings: readonly Binding[];
}

const SEQUENCE_MS = 1500;

/* The name of a key: letters as capitals, Shift said only where the key alone does not say it. */
export function nameOf(press: KeyPress): string {
  const key = press.key === " " ? "Space" : press.key;
  const letter = /^\p{L}$/u.test(key);
  const parts: string[] = [];
  if (press.ctrlKey || press.metaKey) parts.push("Ctrl");
  if (press.altKey) parts.push("Alt");
  if (press.shiftKey && (letter || key.length > 1)) parts.push("Shift");
  parts.push(letter ? key.toUpperCase() : key);
  return parts.join("+");
}

/* A key that writes something, or would be taken for writing: what can be switched off. */
export function isSingle(name: string): boolean {
  return name.length === 1 || name === "Space" || /^Shift\+.$/u.test(name) || name.includes(" ");
}

export function isTyping(target: unknown): boolean {
  if (typeof Element === "undefined" || !(target instanceof Element)) return false;
  const field = target.closest("input, textarea, select, [contenteditable]:not([contenteditable=false])");
  if (!(field instanceof HTMLInputElement)) return field !== null;
  return !["checkbox", "radio", "button", "submit", "reset", "range", "file", "color"].includes(field.type);
}

function isBehind(): boolean {
  return typeof document !== "undefined" && document.querySelector("dialog:modal") !== null;
}

export class Keys {
  private readonly behind: () => boolean;

  private sets: KeySet[] = [];
  private first = "";
  private since = 0;
  singles = true;

  constructor(behind: () => boolean = isBehind) {
    this.behind = behind;
  }

  private heard(): readonly KeySet[] {
    return this.behind() ? this.sets.filter((set) => set.modal) : this.sets;
  }

  /* Gives the function that takes the set away again. */
  register(set: KeySet): () => void {
    this.sets = [set, ...this.sets];
    return () => {
      this.sets = this.sets.filter((other) => other !== set);
    };
  }

  /* What there is now, the newest first; for the overlay. */
  list(): readonly KeySet[] {
    return this.sets;
  }

  /* True: it was handled, and the browser shall do nothing with it. */
  press(press: KeyPress): boolean {
    if (press.isComposing || press.key === "Shift" || press.key === "Control" || press.key === "Alt" || press.key === "Meta") return false;
    const name = nameOf(press);
    const before = press.timeStamp - this.since <= SEQUENCE_MS ? this.first : "";
    this.first = "";
    if (before && this.find(`${before} ${name}`, press)) return true;
    if (this.find(name, press)) return true;
    if (this.begins(name) && this.allowed(`${name} ?`, press, false)) {
      this.first = name;
      this.since = press.timeStamp;
      return true;
    }
    return false;
  }

  private allowed(name: string, press: KeyPress, typing: boolean): boolean {
    if (!isSingle(name)) return typing || !isTyping(press.target);
    return this.singles && !isTyping(press.target);
  }

  private find(name: string, press: KeyPress): boolean {
    for (const set of this.heard())
      for (const binding of set.bindings)
        if (binding.keys.includes(name) && this.allowed(name, press, binding.typing ?? false) && binding.run(press) !== false) return true;
    return false;
  }

  private begins(name: string): boolean {
    return this.heard().some((set) => set.bindings.some((binding) => binding.keys.some((keys) => keys.startsWith(`${name} `))));
  }
}

/* The keys of the page. main gives it each press; parts and pages register what they hear. */
export const keys = new Keys();
