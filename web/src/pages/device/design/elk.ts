/*
 * The automatic layout: ELK in a worker of its own, which is a file of this host and loaded when it is
 * first asked for. What is asked and what the answer means: logic/design/layout.ts.
 */
import workerFile from "elkjs/lib/elk-worker.min.js?url";
import type { Drawn } from "../../../logic/design/geometry";
import { fromElk, toElk, type ElkNode } from "../../../logic/design/layout";
import type { Places } from "../../../logic/design/model";

interface Said { id: number; data?: ElkNode; error?: unknown }

let worker: Worker | null = null;
let last = 0;
const waiting = new Map<number, { give: (root: ElkNode) => void; fail: (why: unknown) => void }>();

function start(): Worker {
  if (worker) return worker;
  worker = new Worker(workerFile);
  worker.onmessage = (event: MessageEvent<Said>) => {
    const one = waiting.get(event.data.id);
    waiting.delete(event.data.id);
    if (event.data.error || !event.data.data) one?.fail(event.data.error);
    else one?.give(event.data.data);
  };
  worker.onerror = (event) => {
    for (const one of waiting.values()) one.fail(event.message);
    waiting.clear();
    worker = null;
  };
  worker.postMessage({ cmd: "register", algorithms: ["layered"], id: ++last });
  return worker;
}

export async function layOut(seen: Drawn): Promise<Places> {
  if (!seen.elements.length && !seen.zones.length) return {};
  const root = await new Promise<ElkNode>((give, fail) => {
    const id = ++last;
    waiting.set(id, { give, fail });
    start().postMessage({ cmd: "layout", graph: toElk(seen), layoutOptions: {}, options: {}, id });
  });
  return fromElk(root);
}
