/* What /v1 answers of a device's design, and asking for it. Used by the design tab only. */
import type * as Api from "../../../api/types";
import { ask, askWhole, pathWith, send, type Answer } from "../../../api/client";
import type { Checked } from "../../../logic/design/check";
import type { Baseline, Diff } from "../../../logic/design/changes";
import type { Paths } from "../../../logic/design/paths";
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

/* Of what is saved. `to`: of one element, with the fewest flows to close. */
export function readPaths(device: string, to = "", signal?: AbortSignal): Promise<Paths> {
  return ask<Paths>(`${designPath(device)}/paths`, { to }, signal);
}

export function readFindings(device: string, query: { element: string; limit: number; cursor?: string | null }, signal?: AbortSignal): Promise<Api.DesignFindingPage> {
  return ask<Api.DesignFindingPage>(`${designPath(device)}/findings`, query, signal);
}

export function readBaselines(device: string, signal?: AbortSignal): Promise<Api.DesignBaselinePage> {
  return ask<Api.DesignBaselinePage>(`${designPath(device)}/baselines`, { limit: 200 }, signal);
}

export function compare(device: string, from: string, to: string, signal?: AbortSignal): Promise<Diff> {
  return ask<Diff>(`${designPath(device)}/diff`, { from, to }, signal);
}

export function signBaseline(device: string, etag: string | null, said: { name: string; zone: string; reason?: string }): Promise<Answer<Baseline>> {
  return send<Baseline>(`${designPath(device)}/baselines`, { etag: etag ?? "*", body: said });
}

/* A view as a picture of the service, with a way lit. */
export function viewFile(device: string, view: string, flows: readonly string[] = []): string {
  return pathWith(`${designPath(device)}/views/${encodeURIComponent(view)}`, { path: flows.join(",") });
}
