/*
 * Identifiers as tools write them into SBOMs: used as far as they are clear.
 *
 * tu_purl_parse() and tu_cpe_parse() refuse what their standards refuse. A component whose purl
 * has no namespace or a qualifier twice still says what it is; dropping it would hide its
 * vulnerabilities. For components only: a statement that clears something is read strictly.
 */
#ifndef TU_IDENT_LENIENT_H
#define TU_IDENT_LENIENT_H

#include <tutela/cpe.h>
#include <tutela/purl.h>

/* White space around an identifier says nothing: without it, without a byte order mark and without
 * characters that print nothing. Borrows. */
struct tu_str tu_identifier_trim(struct tu_str text);

/* TU_OK: type and name are clear, and whatever else could be read; `fault->status` is then TU_OK
 * where the purl is valid, else `fault` says what is not. TU_E_SYNTAX or TU_E_LIMIT, with `fault`:
 * type or name is not clear. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_purl_read(struct tu_arena *arena, struct tu_str text,
	struct tu_purl *out_purl, struct tu_error *fault);

/* The same of a CPE name: vendor and product are clear. Of one with too many attributes the version
 * is used only where it is clear which of them it is. */
TU_NODISCARD enum tu_status tu_cpe_read(
	struct tu_arena *arena, struct tu_str text, struct tu_cpe *out_cpe, struct tu_error *fault);

#endif
