import { describe, expect, it } from "vitest";
import { Draft, type DraftState, type Kept, type Store } from "./draft";

function memory(): Store & { map: Map<string, string> } {
  const map = new Map<string, string>();
  return { map, getItem: (key) => map.get(key) ?? null, setItem: (key, value) => void map.set(key, value), removeItem: (key) => void map.delete(key) };
}
class Server {
  kept: Kept = { subject: "finding:f", content: null, version: 0, changed: null, others: [] };
  down = false;
  async open(): Promise<Kept> {
    if (this.down) throw new Error("down");
    return { ...this.kept };
  }
  async keep(content: string, version: number): Promise<Kept> {
    if (this.down) throw new Error("down");
    if (version !== this.kept.version) throw Object.assign(new Error("other"), { status: 409 });
    this.kept = { ...this.kept, content, version: version + 1 };
    return { ...this.kept };
  }
  async drop(): Promise<void> {
    this.kept = { subject: "finding:f", content: null, version: 0, changed: null, others: [] };
  }
}
function make(server: Server, store: Store | null): { draft: Draft; states: DraftState[] } {
  const states: DraftState[] = [];
  const service = { open: () => server.open(), keep: (c: string, v: number) => server.keep(c, v), drop: () => server.drop() };
  return { states, draft: new Draft("k", service, store, (state) => states.push(state), 1e6) };
}

describe("a draft", () => {
  it("is kept on the service and forgotten here", async () => {
    const server = new Server();
    const store = memory();
    const { draft, states } = make(server, store);
    await draft.load();
    draft.change("typed");
    expect(store.map.size).toBe(1);
    await draft.flush();
    expect(server.kept.content).toBe("typed");
    expect(store.map.size).toBe(0);
    expect(states.at(-1)).toBe("kept");
  });
  it("stays here while the service is away, and is taken from here afterwards", async () => {
    const server = new Server();
    const store = memory();
    const first = make(server, store);
    await first.draft.load();
    server.down = true;
    first.draft.change("typed");
    await first.draft.flush();
    expect(first.states.at(-1)).toBe("local");
    server.down = false;
    const second = make(server, store);
    expect(await second.draft.load()).toBe("typed");
    await second.draft.flush();
    expect(server.kept.content).toBe("typed");
  });
  it("says that it is nowhere without storage and network", async () => {
    const server = new Server();
    const { draft, states } = make(server, null);
    server.down = true;
    await draft.load();
    draft.change("typed");
    await draft.flush();
    expect(states.at(-1)).toBe("lost");
  });
  it("does not overwrite another window, until it is told to", async () => {
    const server = new Server();
    const a = make(server, null);
    const b = make(server, null);
    await a.draft.load();
    await b.draft.load();
    a.draft.change("a");
    await a.draft.flush();
    b.draft.change("b");
    await b.draft.flush();
    expect(b.states.at(-1)).toBe("other");
    expect(server.kept.content).toBe("a");
    await b.draft.insist();
    expect(server.kept.content).toBe("b");
  });
  it("does not drop what is here when another window was first, and says that both are there", async () => {
    const server = new Server();
    const store = memory();
    const first = make(server, store);
    server.down = true;
    await first.draft.load();
    first.draft.change("typed without network");
    server.down = false;
    const other = make(server, null);
    await other.draft.load();
    other.draft.change("other");
    await other.draft.flush();
    const again = make(server, store);
    expect(await again.draft.load()).toBe("typed without network");
    expect(again.states.at(-1)).toBe("other");
    await again.draft.flush();
    expect(server.kept.content).toBe("other");
    expect(store.map.size).toBe(1);
    again.draft.take(await server.open());
    expect(again.states.at(-1)).toBe("kept");
    expect(store.map.size).toBe(0);
  });
  it("goes on from the version that it has here while the service is away", async () => {
    const server = new Server();
    const store = memory();
    const first = make(server, store);
    await first.draft.load();
    first.draft.change("kept");
    await first.draft.flush();
    first.draft.change("more");
    server.down = true;
    const away = make(server, store);
    expect(await away.draft.load()).toBe("more");
    away.draft.change("more and more");
    server.down = false;
    await away.draft.flush();
    expect(server.kept.content).toBe("more and more");
  });
  it("is over after signing", async () => {
    const server = new Server();
    const store = memory();
    const { draft } = make(server, store);
    await draft.load();
    draft.change("typed");
    await draft.end();
    draft.change("late");
    await draft.flush();
    expect(server.kept.content).toBe(null);
    expect(store.map.size).toBe(0);
  });
});
