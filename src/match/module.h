/*
 * Modules of rpm distributions: several streams of one package in one release ("nodejs:18",
 * "nodejs:20"), each with fixes of its own. Versions of different streams are not comparable.
 */
#ifndef TU_MATCH_MODULE_H
#define TU_MATCH_MODULE_H

#include "kb/kb.h"
#include "match/identity.h"

/* "nodejs:18", as the purl or a property of the component states it, or empty. */
struct tu_str tu_match__module_stream(
	const struct tu_component *component, const struct tu_purl *purl);

/* Is the entry about builds of another stream than the package's, or of one that is not known to
 * be the same? Records do not state streams: those of one version line are taken to be one. */
bool tu_match__other_stream(const struct tu_kb *kb, const struct kb_body *body,
	const struct identity *id, const struct id_package *package);

#endif
