/*
 * The only place that asks the service. `ask` reads, `send` writes, `sendFile` tells how far it is; all give the body of a good
 * answer and throw a Problem otherwise. Used by every page.
 *
 * Two refusals are not a page's matter and are repaired here, once, by what App registers: nobody is
 * signed in any more (the session's end in the middle of a form), and a fresh proof of who one is
 * (signing). The question is then asked again; who closes the dialog gets the refusal.
 */

/* What a problem of /v1 says (RFC 9457), or that no answer came: status 0. */
export interface Fault {
  at: string; /* JSON pointer, or the name of a parameter */
  detail: string;
}

export class Problem extends Error {
  readonly status: number;
  readonly type: string; /* "needs-proof": the last word of the type */
  readonly detail: string;
  readonly errors: readonly Fault[];
  readonly body: unknown;

  constructor(status: number, type: string, detail: string, errors: readonly Fault[] = [], body: unknown = null) {
    super(detail);
    this.status = status;
    this.type = type;
    this.detail = detail;
    this.errors = errors;
    this.body = body;
  }
}

export type Query = Record<string, string | number | boolean | null | undefined>;

export interface Sent {
  method?: "POST" | "PUT" | "PATCH" | "DELETE";
  query?: Query;
  /* sent as JSON; `raw` is sent as it is, with its media type */
  body?: unknown;
  raw?: { bytes: BodyInit; type: string };
  etag?: string | null; /* If-Match */
  accept?: string; /* another media type than JSON */
  once?: string; /* Idempotency-Key: the same for every attempt at one thing */
  signal?: AbortSignal;
}

export interface Answer<T> {
  status: number;
  body: T;
  etag: string | null;
  location: string | null;
  date: number; /* the service's time, ms */
}

type Repair = () => Promise<boolean>;
const repairs: { session: Repair | null; proof: Repair | null } = { session: null, proof: null };
let csrf = "";
let ahead = 0; /* the service's clock less the browser's, ms */

/* App says how a lost session and a missing proof are repaired: true, ask again. */
export function repairBy(kind: keyof typeof repairs, repair: Repair | null): void {
  repairs[kind] = repair;
}

export function useToken(token: string): void {
  csrf = token;
}

/* Now, by the service's clock: a wrong clock in the browser changes nothing. */
export function serviceNow(): number {
  return Date.now() + ahead;
}

export function pathWith(path: string, query: Query = {}): string {
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== null && value !== undefined && value !== "") said.set(name, String(value));
  const text = said.toString();
  return text ? `${path}?${text}` : path;
}

/* A new Idempotency-Key. Keep it while the same thing is tried again. */
export function newOnce(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* Read. Parameters without a value are left out. */
export async function ask<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return (await request<T>("GET", pathWith(path, query), { signal })).body;
}

/* Read with the ETag, where it is changed afterwards. */
export function askWhole<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<Answer<T>> {
  return request<T>("GET", pathWith(path, query), { signal });
}

/* Read a document that is no JSON: a table as CSV, device.yaml. */
export async function askFile(path: string, accept: string, query: Query = {}, signal?: AbortSignal): Promise<{ file: Blob; etag: string | null }> {
  return fileOf(pathWith(path, query), { accept, ...(signal ? { signal } : {}) });
}

async function fileOf(path: string, sent: Sent, again = true): Promise<{ file: Blob; etag: string | null }> {
  const answer = await reach("GET", path, sent);
  if (answer.ok) return { file: await answer.blob(), etag: answer.headers.get("ETag") };
  const problem = problemOf(answer, await read(answer));
  const repair = repairOf(problem);
  if (again && repair && (await repair())) return fileOf(path, sent, false);
  throw problem;
}

function repairOf(problem: Problem): Repair | null {
  if (problem.type === "unauthenticated" || problem.type === "csrf") return repairs.session;
  return problem.type === "needs-proof" || problem.type === "needs-provider" ? repairs.proof : null;
}

/* Write. */
export function send<T = void>(path: string, sent: Sent = {}): Promise<Answer<T>> {
  return request<T>(sent.method ?? "POST", pathWith(path, sent.query), sent);
}

async function request<T>(method: string, path: string, sent: Sent, again = true): Promise<Answer<T>> {
  const answer = await reach(method, path, sent);
  const body = await read(answer);
  if (answer.ok) return { status: answer.status, body: body as T, etag: answer.headers.get("ETag"), location: answer.headers.get("Location"), date: serviceNow() };
  const problem = problemOf(answer, body);
  const repair = repairOf(problem);
  if (again && repair && (await repair())) return request<T>(method, path, sent, false);
  throw problem;
}

async function reach(method: string, path: string, sent: Sent): Promise<Response> {
  const headers = new Headers({ Accept: sent.accept ?? "application/json" });
  let body: BodyInit | null = null;
  if (method !== "GET") headers.set("X-CSRF-Token", csrf);
  if (sent.etag) headers.set("If-Match", sent.etag);
  if (sent.once) headers.set("Idempotency-Key", sent.once);
  if (sent.raw) {
    headers.set("Content-Type", sent.raw.type);
    body = sent.raw.bytes;
  } else if (sent.body !== undefined) {
    headers.set("Content-Type", "application/json");
    body = JSON.stringify(sent.body);
  }
  try {
    const answer = await fetch(path, { method, headers, body, signal: sent.signal ?? null, credentials: "same-origin", redirect: "error" });
    const date = Date.parse(answer.headers.get("Date") ?? "");
    if (!Number.isNaN(date)) ahead = Math.abs(date - Date.now()) > 2000 ? date - Date.now() : 0;
    return answer;
  } catch (error) {
    if (sent.signal?.aborted) throw error;
    throw new Problem(0, "no-answer", "");
  }
}

async function read(answer: Response): Promise<unknown> {
  const type = answer.headers.get("Content-Type") ?? "";
  if (answer.status === 204 || answer.status === 304) return undefined;
  if (!/[/+]json\b/.test(type)) return answer.text();
  try {
    return await answer.json();
  } catch {
    throw new Problem(0, "no-answer", "");
  }
}

function problemOf(answer: Response, body: unknown): Problem {
  const said = (typeof body === "object" && body !== null ? body : {}) as { type?: string; title?: string; detail?: string; errors?: { pointer?: string; parameter?: string; detail?: string }[] };
  const errors = (said.errors ?? []).map((one) => ({ at: one.pointer ?? one.parameter ?? "", detail: one.detail ?? "" }));
  return new Problem(answer.status, (said.type ?? "").replace(/^.*[:/#]/, ""), said.detail ?? said.title ?? `${answer.status}`, errors, body);
}

export interface SentFile {
  file: Blob;
  query?: Query;
  etag?: string | null;
  progress: (part: number) => void; /* 0 … 1: what has been sent */
  signal: AbortSignal;
}

/* Put a file and hear how far it is; with fetch() nobody is told. Repairs are those of the rest. */
export async function sendFile<T>(path: string, sent: SentFile, again = true): Promise<Answer<T>> {
  const answer = await put(pathWith(path, sent.query), sent);
  const body = await read(answer);
  if (answer.ok) return { status: answer.status, body: body as T, etag: answer.headers.get("ETag"), location: null, date: serviceNow() };
  const problem = problemOf(answer, body);
  const repair = repairOf(problem);
  if (again && repair && (await repair())) return sendFile<T>(path, sent, false);
  throw problem;
}

function put(path: string, sent: SentFile): Promise<Response> {
  return new Promise((give, fail) => {
    const ask = new XMLHttpRequest();
    ask.open("PUT", path);
    ask.setRequestHeader("Accept", "application/json");
    ask.setRequestHeader("Content-Type", "application/octet-stream");
    ask.setRequestHeader("X-CSRF-Token", csrf);
    if (sent.etag) ask.setRequestHeader("If-Match", sent.etag);
    ask.upload.onprogress = (event) => sent.progress(event.lengthComputable && event.total ? event.loaded / event.total : 0);
    ask.upload.onload = () => sent.progress(1);
    ask.onload = () => give(new Response(ask.status === 204 ? null : ask.responseText, { status: ask.status, headers: { "Content-Type": ask.getResponseHeader("Content-Type") ?? "", ETag: ask.getResponseHeader("ETag") ?? "" } }));
    ask.onerror = ask.onabort = () => fail(new Problem(0, "no-answer", ""));
    sent.signal.addEventListener("abort", () => ask.abort());
    ask.send(sent.file);
  });
}
