/* The smallest device.yaml (docs/formats/device.md) of what a form asks. Used by pages/portfolio/AddDevice. */
export interface FirstDevice {
  family: string;
  maker: string;
  namespace: string;
  contact: string;
}

/* A text of YAML in double quotes: JSON's are YAML's, too. */
function quoted(text: string): string {
  return JSON.stringify(text.trim());
}

export function firstDevice(said: FirstDevice): string {
  return [
    "schema: tutela-device/1",
    "",
    "manufacturer:",
    `  name: ${quoted(said.maker)}`,
    `  namespace: ${quoted(said.namespace)}`,
    `  contact: ${quoted(said.contact)}`,
    `family: ${quoted(said.family)}`,
    "",
  ].join("\n");
}
