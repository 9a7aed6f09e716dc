/* Deutsch: words/en/components.ts. */
import type en from "../en/components";

const words: { [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : { one: string; other: string } } = {
  "components.title": "Komponenten",
  "components.lead": "Wo ist sie? In allen Versionen, auch denen, die nicht mehr verkauft werden.",
  "components.ask": "Name, Package-URL oder Vergleich: openssl < 3.0.14",
  "components.find": "Suchen",
  "components.how": "Fragen Sie nach einem Namen, einem Paket oder einer Package-URL ohne Version; „*“ steht für beliebige Zeichen. Vergleichen Sie Versionen mit < <= > >= =.",
  "components.order": "Versionen werden in der Ordnung ihres eigenen Schemas verglichen. Was sich nicht vergleichen lässt, ist unentschieden, wird gezählt und steht am Ende.",
  "components.counts": { one: "{n} Stelle", other: "{n} Stellen" },
  "components.countUndecided": "{n} unentschieden",
  "components.none": "Keine Version nennt eine solche Komponente.",
  "components.noneWhy": "Eine Version ohne SBOM wird nicht durchsucht, und eine Komponente kann anders heißen: Was fehlt, steht unten.",
  "components.component": "Komponente",
  "components.version": "Version",
  "components.device": "Gerät",
  "components.release": "Version des Geräts",
  "components.state": "Zustand",
  "components.released": "Freigegeben am",
  "components.verdict": "Gefunden",
  "components.meant": "gemeint",
  "components.undecided": "Unentschieden",
  "components.noData": "Über diese Komponente ist nichts bekannt: Keine Daten heißt nicht „keine Schwachstelle“.",
  "components.foundBy": "Gefunden über",
  "components.by.name": "ihren Namen",
  "components.by.package": "ihr Paket",
  "components.by.known as": "einen Namen, unter dem sie bekannt ist",
  "components.uses": "Male in der Version",
  "components.findings": "Ihre Befunde in dieser Version",
};
export default words;
