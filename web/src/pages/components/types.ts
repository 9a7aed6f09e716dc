/* A component in a release, as /v1/components has it. Used by pages/components. */
export interface FoundRow {
  component: string;
  version: string | null;
  purl: string | null;
  package: string;
  found_by: string;
  verdict: "meant" | "undecided";
  why: string | null;
  data: boolean;
  device: string;
  release: string;
  release_name: string;
  state: "draft" | "released" | "withdrawn";
  released: string | null;
  uses: number;
}
