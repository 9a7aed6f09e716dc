/*
 * SPDX 3.0.1 JSON-LD: what the files of its writer share.
 */
#ifndef TU_SBOM_WRITE_SPDX3_H
#define TU_SBOM_WRITE_SPDX3_H

#include "sbom/write/spdx_licences.h"
#include "sbom/write/write.h"

#include "base/intern.h"
#include "base/json_writer.h"

#define TU_SPDX3_CREATION "_:creationinfo"

struct tu_spdx3_writing {
	struct tu_sbom_writing *w;
	struct tu_json_writer to;
	struct tu_buf made; /* what ids of other elements than components begin with */
	/* Elements that several things name, each once. */
	struct tu_intern *agents;
	struct tu_intern *expressions; /* of licences */
	struct tu_intern *vulnerabilities;
	struct tu_spdx_licences licences;
	struct tu_sbom_edges edges;
	size_t relationships; /* written so far */
};

/* The id as a value: of a component (TU_NO_COMPONENT: the document), of another element. */
void tu_sbom__spdx3_add_id(struct tu_spdx3_writing *s, uint32_t index);
void tu_sbom__spdx3_add_made(struct tu_spdx3_writing *s, const char *kind, size_t number);
/* Is the component's reference its id here? Not where the document has the same one. */
bool tu_sbom__spdx3_has_own_id(struct tu_spdx3_writing *s, const struct tu_component *c);
/* "spdxId": …, "type": …, "creationInfo": …, of an element with a made id. */
void tu_sbom__spdx3_open(
	struct tu_spdx3_writing *s, const char *type, const char *kind, size_t number);
/* The number of a text that is an element of its own. */
size_t tu_sbom__spdx3_number(
	struct tu_spdx3_writing *s, struct tu_intern *intern, struct tu_str text);
/* An external identifier as an item. */
void tu_sbom__spdx3_identifier(
	struct tu_spdx3_writing *s, const char *type, struct tu_str identifier);

/* The id of an agent as a value; `at` is the component that names it, or NULL. */
void tu_sbom__spdx3_add_agent(
	struct tu_spdx3_writing *s, const struct tu_party *party, const struct tu_component *at);
void tu_sbom__spdx3_package(struct tu_spdx3_writing *s, uint32_t index);
/* The agents that were named. */
void tu_sbom__spdx3_agents(struct tu_spdx3_writing *s);

/* Licences, relationships, vulnerabilities and what is said on them. */
void tu_sbom__spdx3_links(struct tu_spdx3_writing *s);

#endif
