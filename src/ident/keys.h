/*
 * Keys by which components are found, joined and matched with statements.
 *
 * A key is a text that begins with a letter for its kind, so that all kinds share one table. Each
 * function appends to `out`, whose failure is sticky. Nobody else makes such keys.
 */
#ifndef TU_IDENT_KEYS_H
#define TU_IDENT_KEYS_H

#include <stdbool.h>

#include <tutela/arena.h>
#include <tutela/buf.h>
#include <tutela/cpe.h>
#include <tutela/purl.h>

/* The canonical purl without version, qualifiers and subpath: the package as such, in lower case
 * where the type's names ignore case. No letter. The purl went through tu_package_settle(). */
void tu_key_package(const struct tu_purl *purl, struct tu_buf *out);
/* "p<package>" */
void tu_key_purl(const struct tu_purl *purl, struct tu_buf *out);
/* The same of a text, which is read as far as it is clear. False when it is not a purl, and when
 * out of memory: `out` has then failed.
 * `arena` is reset. */
bool tu_key_purl_text(struct tu_arena *arena, struct tu_str purl, struct tu_buf *out);
/* "c:<part>:<vendor>:<product>". False, and nothing is appended, when one of them is open. */
bool tu_key_cpe(const struct tu_cpe *cpe, struct tu_buf *out);
/* "c:<vendor>:<product>": an application and its operating system of one name are alike, and open
 * names are their own key. */
void tu_key_cpe_product(const struct tu_cpe *cpe, struct tu_buf *out);
/* "n<group>\n<name>" */
void tu_key_name(struct tu_str group, struct tu_str name, struct tu_buf *out);
/* "h<algorithm> <value>": "SHA-256" and "sha256" are one algorithm, digits are of one case. */
void tu_key_hash(struct tu_str algorithm, struct tu_str value, struct tu_buf *out);
/* "r<ref>" */
void tu_key_ref(struct tu_str ref, struct tu_buf *out);

#endif
