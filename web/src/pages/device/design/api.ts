/* What /v1 answers of a device's design, and asking for it. Used by the design tab only. */
import type * as Api from "../../../api/types";
import { askWhole, send, type Answer } from "../../../api/client";
import type { Checked } from "../../../logic/design/check";
import { modelOf, sentOf, type Design, type Model, type Places } from "../../../logic/design/model";
import { pathOf } from "../../../logic/router";

export type Said = Api.Design;

export function designPath(device: string): string {
  return pathOf("v1", "devices", device, "design");
}

export function designOf(said: Said): Design {
  return { model: modelOf(said.model), positions: said.positions as Readonly<Record<string, Places>> };
}

export function readDesign(device: string, signal?: AbortSignal): Promise<Answer<Said>> {
  return askWhole<Said>(designPath(device), {}, signal);
}

export function saveDesign(device: string, design: Design, etag: string | null, reason: string): Promise<Answer<Said>> {
  return send<Said>(designPath(device), { method: "PUT", etag: etag ?? "*", body: { model: sentOf(design.model), positions: design.positions, ...(reason ? { reason } : {}) } });
}

/* Not saved; nothing is written. */
export async function checkModel(device: string, model: Model, signal: AbortSignal): Promise<Checked> {
  return (await send<Checked>(`${designPath(device)}/check`, { body: { model: sentOf(model) }, signal })).body;
}

export function decide(device: string, key: string, etag: string | null, said: Record<string, string | null>): Promise<Answer<unknown>> {
  return send(`${designPath(device)}/threats/${encodeURIComponent(key)}/disposition`, { method: "PUT", etag: etag ?? "*", body: said });
}

export function undecide(device: string, key: string, etag: string | null): Promise<Answer<unknown>> {
  return send(`${designPath(device)}/threats/${encodeURIComponent(key)}/disposition`, { method: "DELETE", etag: etag ?? "*" });
}
