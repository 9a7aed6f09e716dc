/* Deutsch: words/en/trend.ts. */
import type en from "../en/trend";

const words: { [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : { one: string; other: string } } = {
  "trend.title": "Zwölf Wochen",
  "trend.table": "Als Tabelle",
  "trend.uncontrolled": "Unbeherrscht",
  "trend.not_assessed_30": "Über 30 Tage nicht bewertet",
  "trend.from": "von {n} am {day}",
  "trend.said": "{what}: {from} am {day}, {now} am {then}",
  "trend.gap": "keine Daten: der Dienst hat an dem Tag nicht jedes Gerät angesehen, oder nichts war bekannt",
  "trend.utc": "Jeder Tag so, wie es war, als der Dienst zuletzt hinsah; Tage in UTC. Befunde freigegebener Releases.",
  "trend.day": "Tag",
  "trend.notKnown": "Unbekannte Releases",
  "trend.ofReleases": "{n} von {all}",
  "trend.knowledge": "Neuester Eintrag",
  "trend.why.none": "es gab kein Gerät",
  "trend.why.unseen": "der Dienst hat nicht jedes Gerät angesehen",
  "trend.why.unknown": "von keinem Release war etwas bekannt",
};
export default words;
