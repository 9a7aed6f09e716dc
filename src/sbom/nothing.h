/*
 * Texts that stand where a fact is asked for and state none: NOASSERTION, "unknown", "n/a", white
 * space.
 *
 * SPDX has words of its own for it (2.3, clause 7: NOASSERTION, NONE); the tools that convert to
 * CycloneDX, and people, write these and others. For whether something is stated; what a document
 * says is kept as it is written.
 */
#ifndef TU_SBOM_NOTHING_H
#define TU_SBOM_NOTHING_H

#include <stdbool.h>

#include <tutela/sbom.h>
#include <tutela/str.h>

/* Is it white space, a word of the table (case, spaces, punctuation and brackets aside: "N/A",
 * "(none)", "Not_Available"), nothing but punctuation, or a placeholder that nobody filled in
 * ("${version}")? Texts in any script but ASCII are statements. Not for names: a component may be
 * called "todo". */
bool tu_sbom__says_nothing(struct tu_str text);

/* The same of a component's name: white space or NOASSERTION. */
bool tu_sbom__names_nothing(struct tu_str name);

/* The same of an SPDX expression: no licence is named in it ("NONE", "(NOASSERTION)", "LicenseRef-
 * unknown OR NOASSERTION"). */
bool tu_sbom__licenses_nothing(struct tu_str expression);

/* Has it a licence: an id, expression or name that says something, a text or a URL? SPDX's NONE
 * says that there is none. */
bool tu_sbom__states_licence(const struct tu_component *component);

/* Is it one of these words, case, spaces, punctuation and brackets aside? `words` are in lower case
 * without any. */
bool tu_sbom__is_word(struct tu_str text, const char *const *words, size_t count);

#endif
