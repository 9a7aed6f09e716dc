/* A link to a page that may not be there yet: another one then. Used where pages lead to each other. */
import { placeOf } from "../logic/router";
import { pages } from "./pages";

export function reach(to: string, otherwise: string): string {
  const place = placeOf(to.replace(/[?#].*$/s, ""));
  return place && pages[place.page] ? to : otherwise;
}
