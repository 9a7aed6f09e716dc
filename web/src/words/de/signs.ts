/* Deutsch: words/en/signs.ts. */
import type en from "../en/signs";

const words: { [Key in keyof typeof en]: string } = {
  "risk.uncontrolled": "Nicht beherrscht",
  "risk.controlled": "Beherrscht",
  "risk.none": "Nicht entschieden",
  "risk.proposed": "vorgeschlagen",
  "state.notAssessed": "Nicht bewertet",
  "state.investigating": "In Untersuchung",
  "state.reopened": "Wieder offen",
  "state.proposed": "Zu unterschreiben",
  "state.carried": "Übernommen",
  "state.decided": "Entschieden",
  "state.supplier": "Wort des Lieferanten",
  "harm.none": "Keiner",
  "harm.negligible": "Vernachlässigbar",
  "harm.minor": "Gering",
  "harm.serious": "Ernst",
  "harm.critical": "Kritisch",
  "harm.catastrophic": "Katastrophal",
  "harm.unknown": "Nicht bekannt",
  "verdict.undecided": "Unentschieden",
  "noData": "keine Daten",
};
export default words;
