/*
 * What /v1/search found, as rows of the palette with the page that each leads to. Used by
 * pages/frame/Palette.
 */
import { asSearch } from "./filter";
import { pathOf } from "./router";
import { writeAddress } from "./list-address";

export interface Hit {
  title: string;
  detail: string;
  to: string;
}

interface Found {
  type: string;
  id: string;
  title: string;
  detail: string;
}

function filtered(words: string): string {
  return `/findings${writeAddress({ filter: words, sort: "", columns: "", at: null, preview: null })}`;
}

function pageOf(found: Found): string | null {
  switch (found.type) {
    case "device": return pathOf("devices", found.id);
    case "release": return pathOf("releases", found.id);
    case "case": return pathOf("cases", found.id);
    case "component": return `/components?${new URLSearchParams({ q: found.title })}`;
    case "vulnerability": return filtered(asSearch(found.title));
    default: return null;
  }
}

export function hits(said: unknown): Hit[] {
  const list = (said as { hits?: Found[] } | null)?.hits ?? [];
  return list.flatMap((found) => {
    const to = pageOf(found);
    return to === null ? [] : [{ title: found.title || found.id, detail: found.detail, to }];
  });
}
