/*
 * The questions that the profiles ask: one predicate an element. `component` is NULL for those
 * about the document.
 *
 * A word that states nothing (sbom/nothing.h) is no answer, whatever format it came from.
 */
#ifndef TU_SBOM_ANSWERS_H
#define TU_SBOM_ANSWERS_H

#include "sbom/quality/check.h"

#define TU_ANSWER(name) \
	enum tu_check_answer tu_answer__##name( \
		struct tu_check_facts *facts, const struct tu_component *component)

/* The document. */
TU_ANSWER(author);
TU_ANSWER(author_address); /* an e-mail address or URL */
TU_ANSWER(time); /* RFC 3339 with its offset */
TU_ANSWER(tool);
TU_ANSWER(phase);
TU_ANSWER(uri);
TU_ANSWER(new_format); /* CycloneDX from 1.6, SPDX from 3.0.1 */
TU_ANSWER(no_vulnerabilities);

/* A component. */
TU_ANSWER(supplier);
TU_ANSWER(contact); /* an e-mail address or URL of who made it */
TU_ANSWER(name);
TU_ANSWER(version);
TU_ANSWER(identifier); /* that can be read, so that it can be looked up */
TU_ANSWER(link);
TU_ANSWER(dependencies_known); /* listed, known to be none, or said to be incomplete */
TU_ANSWER(completeness); /* how complete the list of its dependencies is */
TU_ANSWER(hash);
TU_ANSWER(secure_hash); /* neither MD5 nor SHA-1 and the like alone */
TU_ANSWER(sha512); /* of the component or of its distribution */
TU_ANSWER(licence);
TU_ANSWER(original_licence); /* of those who made it: declared */
TU_ANSWER(source_uri);
TU_ANSWER(deployable_uri);
TU_ANSWER(file_name);
TU_ANSWER(executable);
TU_ANSWER(archive);
TU_ANSWER(structured);

/* Support (answers_support.c). */
TU_ANSWER(support); /* a level of the closed list, or a justification */
TU_ANSWER(support_end); /* a date, or a justification */

#endif
