/* The codes below, and one of each length to 412, were read by zbarimg as what they say. */
import { describe, expect, it } from "vitest";
import { qr, qrPath } from "./qr";

const hex = (rows: boolean[][]): string[] => rows.map((row) => BigInt(`0b${row.map(Number).join("")}`).toString(16));

describe("a QR code", () => {
  it("has the side of the smallest version that holds the text", () => {
    expect([1, 14, 15, 122, 123, 213, 214, 412].map((length) => qr("a".repeat(length))?.length)).toEqual([21, 21, 25, 45, 49, 57, 61, 77]);
    expect(qr("a".repeat(413))).toBeNull();
  });
  it("is the one that a reader read", () => {
    expect(hex(qr("Tutela") ?? [])).toMatchInlineSnapshot(`
      [
        "1fcb7f",
        "105941",
        "17455d",
        "174d5d",
        "175b5d",
        "104a41",
        "1fd57f",
        "800",
        "154512",
        "586a1",
        "7daef",
        "1f0fb2",
        "1ee6eb",
        "1460",
        "1fc117",
        "104c43",
        "175153",
        "174eb2",
        "175efd",
        "1047a2",
        "1fdee3",
      ]
    `);
    expect(hex(qr("otpauth://totp/Tutela:psirt-lead?secret=JBSWY3DPEHPK3PXP&issuer=Tutela") ?? [])).toMatchInlineSnapshot(`
      [
        "1fdf73ab7f",
        "10494e1941",
        "17440cb35d",
        "1751552c5d",
        "175d3c695d",
        "105f3a4541",
        "1fd555557f",
        "19838400",
        "1172f1c2f9",
        "1c87c62b56",
        "1e76ae7744",
        "aa03ff44e",
        "54e88c06f",
        "15b8d5ea33",
        "e4ff8abdc",
        "a251de755",
        "1fca26c057",
        "1d22532a92",
        "1a5351a740",
        "10a84cf355",
        "1e5d6b81c2",
        "1424d82fb3",
        "64ea5e784",
        "1db0608655",
        "737321fd",
        "162a468dd8",
        "f4e2b72c",
        "3bdfbb7a7",
        "1d7459e3fb",
        "12e4bf1b",
        "1fdcb93554",
        "1048ed6517",
        "1751c641fd",
        "174453b3e1",
        "17489da4ec",
        "10434cc186",
        "1fdffbd253",
      ]
    `);
  });
  it("is drawn with a margin of four, each run of dark modules once", () => {
    expect(qrPath([[true, true, false], [false, false, true], [false, false, false]])).toEqual({ side: 11, path: "M4 4h2v1h-2zM6 5h1v1h-1z" });
  });
});
