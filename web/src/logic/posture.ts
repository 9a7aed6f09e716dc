/* What the numbers of a device can say: of releases in the field that have nothing to be counted there is
   no number, which is not 0. Used by pages/portfolio and pages/device. */
export interface Counted {
  in_field: number;
  without_sbom: number;
  without_components: number; /* are among releases_without_data, too */
  releases_without_data: number;
  unsettled: number;
}

/* Is there a release in the field of which something is known? */
export function isCounted(row: Counted): boolean {
  return row.in_field > row.without_sbom + Math.max(row.releases_without_data, row.without_components);
}

/* Releases in the field that the numbers say nothing, or not the last word, of. */
export function releasesNotKnown(row: Counted): number {
  return Math.min(row.in_field, row.without_sbom + Math.max(row.releases_without_data, row.without_components) + row.unsettled);
}
