/*
 * Keys by which components are found or joined: purl without version, CPE's product, name.
 *
 * A key is a text that begins with a letter for its kind, so that all kinds share one table.
 */
#ifndef TU_SBOM_KEYS_H
#define TU_SBOM_KEYS_H

#include <tutela/cpe.h>
#include <tutela/purl.h>
#include <tutela/sbom.h>

/* Append "p<purl without version, qualifiers and subpath>". False when the text is no purl, and
 * when memory is out: `out` has then failed. `arena` is reset. */
bool tu_sbom__purl_key(struct tu_arena *arena, struct tu_str purl, struct tu_buf *out);
/* Append "c<part>:<vendor>:<product>". False for what is no CPE or leaves one of them open. */
bool tu_sbom__cpe_key(const struct tu_cpe *cpe, struct tu_buf *out);
/* Append "n<group>\n<name>". */
void tu_sbom__name_key(struct tu_str group, struct tu_str name, struct tu_buf *out);

#endif
