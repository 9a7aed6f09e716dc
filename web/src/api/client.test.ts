import { afterEach, expect, it, vi } from "vitest";
import { askFile, Problem, repairBy } from "./client";

afterEach(() => {
  repairBy("session", null);
  vi.unstubAllGlobals();
});

const ended = (): Response => new Response('{"type":"urn:tutela:problem:unauthenticated","detail":"sign in"}', { status: 401, headers: { "Content-Type": "application/problem+json" } });

it("asks for a file again once the session is there again", async () => {
  const answers = [ended(), new Response("a,b\n")];
  const asked = vi.fn(() => Promise.resolve(answers.shift() ?? ended()));
  vi.stubGlobal("fetch", asked);
  repairBy("session", () => Promise.resolve(true));
  expect(await (await askFile("/v1/cases", "text/csv", { owner: "" })).file.text()).toBe("a,b\n");
  expect(asked).toHaveBeenCalledTimes(2);
  expect(asked).toHaveBeenCalledWith("/v1/cases", expect.anything());
});
it("gives the refusal to who does not sign in, and never a file of it", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(ended()));
  repairBy("session", () => Promise.resolve(false));
  await expect(askFile("/v1/cases", "text/csv")).rejects.toBeInstanceOf(Problem);
});
